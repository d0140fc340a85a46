"""PDF to OFD: the text is the same text, in the same place, and what cannot be carried is refused by name."""

import io
from datetime import UTC, datetime
from time import process_time

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from support.ofd import DRAWN, NOTICE, content, ofd_characters, pdf_characters, typeset_pdf
from support.pdfs import page_with
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import OfdError, Package

INFO = DocumentInfo(title="通知", author="市府办公室", created=datetime(2026, 5, 2, tzinfo=UTC))


def converted(source: str) -> bytes:
    return pdf_to_ofd(typeset_pdf(source), info=INFO)


def refusal(pdf: bytes) -> OfdError:
    with pytest.raises(OfdError) as caught:
        pdf_to_ofd(pdf, info=INFO)
    return caught.value


def path_objects(stream: bytes, resources: str = "") -> list[dict[str, str]]:
    data = pdf_to_ofd(page_with(stream, resources), info=INFO)
    return [
        {**element.attrib, "data": element.findtext("{*}AbbreviatedData")}
        for element in content(data).iter("{*}PathObject")
    ]


@pytest.mark.parametrize("source", [NOTICE, DRAWN], ids=["notice", "drawn"])
def test_the_text_is_the_same_text_in_the_same_place(source: str) -> None:
    pdf = typeset_pdf(source)
    wanted, found = pdf_characters(pdf), ofd_characters(pdf_to_ofd(pdf, info=INFO))
    assert "".join(char for char, _, _ in found) == "".join(char for char, _, _ in wanted)
    off = max(max(abs(a - c), abs(b - d)) for (_, a, b), (_, c, d) in zip(wanted, found, strict=True))
    assert off < 0.05, f"a character stands {off:.3f} mm from its place"


def test_a_long_line_does_not_drift() -> None:
    pdf = typeset_pdf(
        '#set page(width: 2000mm, height: 50mm)\n#set text(font: "FandolSong", size: 10.37pt)\n' + "国" * 450
    )
    wanted, found = pdf_characters(pdf), ofd_characters(pdf_to_ofd(pdf, info=INFO))
    assert abs(wanted[-1][1] - found[-1][1]) < 0.05


def test_the_same_input_gives_the_same_bytes() -> None:
    assert converted(NOTICE) == converted(NOTICE)


def test_fonts_are_embedded_with_a_map_for_their_text() -> None:
    package = Package.open(converted(NOTICE))
    fonts = [name for name in package.names() if name.endswith((".ttf", ".otf"))]
    assert len(fonts) >= 3
    maps = [TTFont(io.BytesIO(package.read(name))).getBestCmap() for name in fonts]
    used = {ord(char) for char, _, _ in ofd_characters(converted(NOTICE))}
    assert used <= set().union(*maps)


def test_a_ligature_keeps_its_letters_and_names_its_glyph() -> None:
    data = converted('#set text(font: "Libertinus Serif")\noffice')
    (ligature,) = [each for each in content(data).iter("{*}TextObject") if each.find("{*}CGTransform") is not None]
    transform = ligature.find("{*}CGTransform")
    assert ligature.findtext("{*}TextCode") in ("ffi", "ff", "fi")
    assert int(transform.get("CodeCount")) == len(ligature.findtext("{*}TextCode"))
    assert transform.get("GlyphCount") == "1"
    assert "".join(char for char, _, _ in ofd_characters(data)) == "office"


def test_no_character_is_private() -> None:
    data = converted('#set text(font: "Libertinus Serif")\noffice affluent #smallcaps[Small Caps] 1234 #sym.arrow')
    assert not [char for char, _, _ in ofd_characters(data) if 0xE000 <= ord(char) <= 0xF8FF]


def test_compact_outlines_are_wrapped_as_opentype() -> None:
    package = Package.open(converted("$ x^2 + sqrt(y) $"))
    (name,) = [name for name in package.names() if name.endswith(".otf")]
    font = TTFont(io.BytesIO(package.read(name)))
    assert font.sfntVersion == "OTTO"
    assert font.getGlyphSet()[font.getBestCmap()[0x1D465]].width > 0


def test_lines_keep_width_caps_dashes_and_colour() -> None:
    (line,) = path_objects(b"q 2 w 1 J 2 j [3 1] 2 d 0.9 0 0.07 RG 10 10 m 110 10 l S Q")
    assert float(line["LineWidth"]) == pytest.approx(2 * 25.4 / 72, abs=1e-3)
    assert (line["Cap"], line["Join"]) == ("Round", "Bevel")
    assert [float(v) for v in line["DashPattern"].split()] == pytest.approx([3 * 25.4 / 72, 25.4 / 72], abs=1e-3)


def test_a_line_drawn_by_a_squeezed_pen_keeps_its_pen() -> None:
    (line,) = path_objects(b"q 4 0 0 1 0 0 cm 1 w 5 5 10 20 re S Q")
    assert line["CTM"].split()[:4] == ["1.411111", "0", "0", "-0.352778"]
    assert line["LineWidth"] == "1"


def test_even_odd_and_curves_are_kept() -> None:
    (shape,) = path_objects(b"0 0 m 10 0 20 10 20 20 c 0 20 l 5 5 10 10 re f*")
    assert shape["Rule"] == "Even-Odd"
    assert [letter for letter in shape["data"] if letter.isalpha()] == list("MBLMLLLC")


def test_cmyk_is_carried_as_cmyk() -> None:
    data = pdf_to_ofd(page_with(b"0 1 1 0 k 0 0 10 10 re f"), info=INFO)
    colour = content(data).find(".//{*}FillColor")
    assert (colour.get("Value"), colour.get("ColorSpace")) == ("0 255 255 0", "2")


def test_a_clip_narrows_what_follows_until_it_is_restored() -> None:
    data = pdf_to_ofd(page_with(b"q 10 10 m 60 10 l 30 60 l h W n 0 0 100 100 re f Q 0 0 100 100 re f"), info=INFO)
    clipped, free = content(data).iter("{*}PathObject")
    assert len(clipped.findall("{*}Clips/{*}Clip")) == 1
    assert free.find("{*}Clips") is None


def test_a_clip_that_takes_nothing_away_is_left_out() -> None:
    data = pdf_to_ofd(page_with(b"q 0 0 200 100 re W n 10 10 20 20 re f Q"), info=INFO)
    assert content(data).find(".//{*}Clips") is None


def test_an_image_is_stored_once_and_a_jpeg_byte_for_byte() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "#336699").save(out, "JPEG")
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(200, 100))
    picture = pdf.make_stream(out.getvalue())
    for key, value in {
        "/Type": "/XObject",
        "/Subtype": "/Image",
        "/ColorSpace": "/DeviceRGB",
        "/Filter": "/DCTDecode",
    }.items():
        picture[key] = pikepdf.Name(value)
    picture.Width, picture.Height, picture.BitsPerComponent = 8, 6, 8
    for page in pdf.pages:
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.Contents = pdf.make_stream(b"q 80 0 0 60 10 20 cm /Im0 Do Q")
    saved = io.BytesIO()
    pdf.save(saved)
    package = Package.open(pdf_to_ofd(saved.getvalue(), info=INFO))
    (name,) = [name for name in package.names() if "image_" in name]
    assert package.read(name) == out.getvalue()
    box = package.xml("Doc_0/Pages/Page_1/Content.xml").find(".//{*}ImageObject").get("Boundary")
    assert [float(v) for v in box.split()] == pytest.approx([3.5278, 7.0556, 28.2222, 21.1667], abs=1e-3)


@pytest.mark.parametrize(
    ("stream", "resources", "code", "named"),
    [
        (b"/G0 gs 0 0 9 9 re f", "/ExtGState<</G0<</SMask<</S/Alpha>>>>>>", "unsupported_mask", "mask"),
        (b"/G0 gs", "/ExtGState<</G0<</TR 1>>>>", "unsupported_transfer", "transfer"),
        (b"/C0 cs 0 0 9 9 re f", "/ColorSpace<</C0[/Lamp]>>", "unsupported_colour", "Lamp"),
        (b"/S0 sh", "/Shading<</S0<</ShadingType 9/ColorSpace/DeviceRGB>>>>", "unsupported_shading", "kind 9"),
        (b"1 2 3 frob", "", "unsupported_operator", "frob"),
        (b"BT 8 Tr ET", "", "pdf_invalid", "mode 8"),
        (b"/Missing Do", "/XObject<<>>", "pdf_invalid", "Missing"),
    ],
)
def test_what_ofd_cannot_carry_is_refused_by_name(stream: bytes, resources: str, code: str, named: str) -> None:
    error = refusal(page_with(stream, resources))
    assert error.code == code
    assert error.message.startswith("Page 1: ")
    assert named in error.message


def test_a_font_that_is_not_embedded_is_refused_by_name() -> None:
    font = "/Font<</F0<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    error = refusal(page_with(b"BT /F0 12 Tf (x) Tj ET", font))
    assert error.code == "font_not_embedded"
    assert "Helvetica" in error.message


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_something_that_is_no_pdf_is_refused(pdf: bytes) -> None:
    assert refusal(pdf).code == "pdf_invalid"


def test_an_encrypted_pdf_is_refused() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(b"")))
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert refusal(out.getvalue()).code == "pdf_encrypted"


def test_ten_pages_are_quick() -> None:
    pdf = typeset_pdf(NOTICE + "#pagebreak()\n" + "各单位要加强组织领导，明确责任分工，确保各项工作落到实处。" * 220)
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) >= 9
    pdf_to_ofd(pdf, info=INFO)
    started = process_time()
    pdf_to_ofd(pdf, info=INFO)
    # 0.1 s alone on the machine; the bound leaves room for its neighbours.
    assert process_time() - started < 1.5
