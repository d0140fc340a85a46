"""PDF to OFD: the sheet that is seen, with its annotations and layers, is the sheet that is carried."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from support.ofd import content
from support.pdfs import assert_same_look, converted, page_with, refused, saved, spoken
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package

DRAWN = b"1 0 0 rg 20 10 60 20 re f 0 0 1 rg 100 60 m 190 60 l 145 95 l f"


def annotated(*annotations: str, drawn: bytes = b"0 .6 0 rg 0 0 40 20 re f", base: bytes = DRAWN) -> bytes:
    """A page with annotations, whose /AP is the appearance A where they say `/N`."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    pdf.pages[0].Contents = pdf.make_stream(base)
    look = pdf.make_stream(
        drawn, spoken("<</Type/XObject/Subtype/Form/BBox[0 0 40 20]/Resources<</ExtGState<</M<</BM/Multiply>>>>>>>>")
    )
    listed = []
    for text in annotations:
        annotation = spoken(f"<</Type/Annot{text.replace('/N', '')}>>")
        if "/N" in text:
            annotation.AP = Dictionary(N=look)
        listed.append(pdf.make_indirect(annotation))
    pdf.pages[0].Annots = Array(listed)
    return saved(pdf)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
def test_a_turned_page_stays_turned(turn: int) -> None:
    assert_same_look(page_with(DRAWN, Rotate=turn))


@pytest.mark.parametrize("turn", [0, 90])
def test_what_is_cropped_stays_cropped(turn: int) -> None:
    pdf = page_with(DRAWN, CropBox=Array([30, -20, 160, 80]), Rotate=turn)
    page = read_document(Package.open(assert_same_look(pdf))).pages[0]
    sides = (130 * 25.4 / 72, 80 * 25.4 / 72)
    assert (page.width_mm, page.height_mm) == pytest.approx(sides if turn == 0 else sides[::-1], abs=0.01)


def test_a_page_in_larger_units_is_larger() -> None:
    page = read_document(Package.open(converted(page_with(DRAWN, UserUnit=2)))).pages[0]
    assert page.width_mm == pytest.approx(400 * 25.4 / 72, abs=0.01)


def test_pages_take_their_box_and_turn_from_the_tree_above() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(DRAWN)))
    del pdf.pages[0].obj["/MediaBox"]
    pdf.Root.Pages.MediaBox, pdf.Root.Pages.Rotate = Array([0, 0, 200, 100]), 90
    assert_same_look(saved(pdf))


def test_stamps_become_part_of_the_page() -> None:
    assert_same_look(annotated("/Subtype/Stamp/Rect[100 10 180 50]/F 4/N", "/Subtype/Stamp/Rect[10 60 30 70]/F 4/N"))


def test_a_highlight_goes_under_black_text() -> None:
    marker = "/Subtype/Highlight/Rect[20 30 100 70]/F 4/N"
    pdf = annotated(marker, drawn=b"/M gs 1 1 0 rg 0 0 40 20 re f", base=b"0 g 10 45 180 10 re f")
    ofd = assert_same_look(pdf)
    assert [each.get("Value") for each in content(ofd).iter("{*}FillColor")] == ["255 255 0", "0 0 0"]


def test_a_hidden_annotation_and_a_link_draw_nothing() -> None:
    hidden = "/Subtype/Stamp/Rect[100 10 180 50]/F 2/N"
    ofd = assert_same_look(annotated(hidden, "/Subtype/Link/Rect[0 0 50 50]", "/Subtype/Popup/Rect[0 0 50 50]"))
    assert len(list(content(ofd).iter("{*}PathObject"))) == 2


def test_a_field_shows_its_present_state() -> None:
    pdf = pikepdf.open(io.BytesIO(annotated("/Subtype/Stamp/Rect[100 10 140 30]/F 4/AS/On/N")))
    widget = pdf.pages[0].Annots[0]
    widget.Subtype, widget.FT, widget.T = Name.Widget, Name.Btn, "b"
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
    off = pdf.make_stream(b"", spoken("<</Type/XObject/Subtype/Form/BBox[0 0 40 20]>>"))
    widget.AP = Dictionary(N=Dictionary(On=widget.AP.N, Off=off))
    assert len(list(content(converted(saved(pdf))).iter("{*}PathObject"))) == 3
    widget.AS = Name.Off
    assert len(list(content(converted(saved(pdf))).iter("{*}PathObject"))) == 2


def test_an_annotation_whose_look_is_left_to_the_reader_is_refused() -> None:
    error = refused(annotated("/Subtype/Square/Rect[10 10 50 50]/F 4"))
    assert (error.code, "Square" in error.message) == ("unsupported_annotation", True)


def layered(settings: str, membership: str = "") -> bytes:
    """A red square on layer /L and a blue one on none; the layer's switch is in `settings`."""
    pdf = pikepdf.open(
        io.BytesIO(page_with(b"/OC /L BDC q 1 0 0 rg 20 20 60 60 re f Q EMC 0 0 1 rg 100 20 60 60 re f /F Do"))
    )
    layer = pdf.make_indirect(spoken("<</Type/OCG/Name(x)>>"))
    pdf.Root.OCProperties = spoken(f"<</OCGs[]/D<<{settings}>>>>")
    pdf.Root.OCProperties.OCGs = Array([layer])
    for key in ("/OFF", "/ON"):
        if key in pdf.Root.OCProperties.D:
            pdf.Root.OCProperties.D[key] = Array([layer])
    shown = layer
    if membership:
        shown = spoken(f"<</Type/OCMD{membership}>>")
        shown.OCGs = Array([layer])
        if "/VE" in shown:
            shown.VE = Array([Name.Not, layer])
    form = pdf.make_stream(b"0 1 0 rg 170 20 20 60 re f", spoken("<</Type/XObject/Subtype/Form/BBox[0 0 200 100]>>"))
    form.OC = layer
    pdf.pages[0].Resources = Dictionary(Properties=Dictionary(L=shown), XObject=Dictionary(F=form))
    return saved(pdf)


@pytest.mark.parametrize(
    ("settings", "membership", "shown"),
    [
        ("", "", ["255 0 0", "0 0 255", "0 255 0"]),
        ("/OFF[]", "", ["0 0 255"]),
        ("/BaseState/OFF", "", ["0 0 255"]),
        ("/BaseState/OFF/ON[]", "", ["255 0 0", "0 0 255", "0 255 0"]),
        ("/OFF[]", "/P/AnyOff", ["255 0 0", "0 0 255"]),
        ("/OFF[]", "/P/AllOn", ["0 0 255"]),
        ("/OFF[]", "/VE[]", ["255 0 0", "0 0 255"]),
    ],
)
def test_layers_that_are_switched_off_are_left_out(settings: str, membership: str, shown: list[str]) -> None:
    ofd = assert_same_look(layered(settings, membership))
    assert [each.get("Value") for each in content(ofd).iter("{*}FillColor")] == shown


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(DRAWN)))
    for level in (3, 6):
        lock = pikepdf.Encryption(owner="secret", user="", R=level, metadata=level > 3, aes=level > 3)
        assert_same_look(saved(pdf, encryption=lock))
    assert refused(saved(pdf, encryption=pikepdf.Encryption(owner="secret", user="u"))).code == "pdf_encrypted"


def test_a_signature_of_the_pdf_is_said_to_be_left_behind() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(DRAWN)))
    field = pdf.make_indirect(spoken("<</FT/Sig/T(a)/V<</Type/Sig/Filter/Adobe.PPKLite>>>>"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    notes = []
    converted(saved(pdf), notes=notes)
    assert [note.code for note in notes] == ["signature_not_carried"]


def test_a_page_without_content_is_an_empty_page() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    assert not list(content(converted(saved(pdf))).iter("{*}PathObject"))


@pytest.mark.parametrize("box", [[0, 0, 0, 100], [0, 0, 900_000, 100]])
def test_a_page_of_no_sane_size_is_refused(box: list[int]) -> None:
    assert refused(page_with(DRAWN, MediaBox=Array(box))).code == "pdf_invalid"
