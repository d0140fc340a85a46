"""PDF to OFD: transparency is carried where OFD can show the same, and refused where it cannot."""

import pikepdf
import pytest
from pikepdf import Dictionary

from support.ofd import content
from support.pdfs import assert_same_look, page_of, page_with, refused, spoken
from yichuan.lib.ofd.package import Package

STATES = "<</Half<</ca .5/CA .5>>/Multiply<</BM/Multiply>>/Screen<</BM/Screen>>/Both<</BM/Multiply/ca .5>>>>"
GROUP = "/Group<</S/Transparency>>"
ISOLATED = "/Group<</S/Transparency/I true>>"
ONE = b"1 0 0 rg 20 20 100 50 re f"
APART = b"1 0 0 rg 20 20 60 50 re f 0 0 1 rg 90 30 60 50 re f"
CROSSING = b"1 0 0 rg 20 20 100 50 re f 0 0 1 rg 60 30 100 60 re f"
GROUND = b"0 .6 0 rg 0 40 200 20 re f "


def grouped(stream: bytes, drawn: bytes, group: str = GROUP, inner: str = "") -> bytes:
    """A page that draws a form /F with this content, group entry and resources."""

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        settings = f"<</Type/XObject/Subtype/Form/BBox[0 0 200 100]{group}/Resources<</ExtGState{STATES}{inner}>>>>"
        return {"XObject": Dictionary(F=pdf.make_stream(drawn, spoken(settings))), "ExtGState": spoken(STATES)}

    return page_of(stream, resources)


@pytest.mark.parametrize("drawn", [ONE, APART, CROSSING], ids=["one", "apart", "crossing"])
def test_objects_shine_through_one_by_one(drawn: bytes) -> None:
    assert_same_look(page_with(GROUND + b"/Half gs " + drawn, f"/ExtGState{STATES}"))


@pytest.mark.parametrize("drawn", [ONE, APART], ids=["one", "apart"])
def test_the_opacity_of_a_group_goes_to_marks_that_do_not_cross(drawn: bytes) -> None:
    ofd = assert_same_look(grouped(GROUND + b"/Half gs /F Do", drawn))
    assert content(ofd).find(".//{*}CompositeObject") is None
    assert [each.get("Alpha") for each in content(ofd).iter("{*}FillColor")][1:] == ["128"] * drawn.count(b" f")


def test_the_opacity_of_a_group_whose_marks_cross_is_that_of_a_composite() -> None:
    ofd = assert_same_look(grouped(GROUND + b"/Half gs /F Do", CROSSING))
    assert content(ofd).find(".//{*}CompositeObject").get("Alpha") == "128"
    units = Package.open(ofd).xml("Doc_0/DocumentRes.xml").findall(".//{*}CompositeGraphicUnit")
    assert len(units) == 1


def test_a_group_in_a_group_is_dimmed_by_both() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        head = "<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Group<</S/Transparency>>"
        inner = pdf.make_stream(APART, spoken(f"{head}/Resources<<>>>>"))
        outer = pdf.make_stream(b"/Half gs /I Do 0 g 0 0 10 10 re f", spoken(head + ">>"))
        outer.Resources = Dictionary(XObject=Dictionary(I=inner), ExtGState=spoken(STATES))
        return {"XObject": Dictionary(F=outer), "ExtGState": spoken(STATES)}

    assert_same_look(page_of(GROUND + b"/Half gs /F Do", resources))


def test_an_opaque_group_is_what_it_holds() -> None:
    ofd = assert_same_look(grouped(GROUND + b"/F Do", CROSSING, ISOLATED))
    assert len(list(content(ofd).iter("{*}PathObject"))) == 3


def test_a_form_is_moved_and_cut_by_its_box() -> None:
    pdf = grouped(b"q .5 .2 0 1 30 10 cm /F Do Q", b"0 0 300 300 re f", "/Matrix[.5 0 .1 .5 10 0]")
    assert_same_look(pdf)


def test_blending_over_bare_paper_is_painting() -> None:
    assert_same_look(page_with(b"/Screen gs " + ONE, f"/ExtGState{STATES}"))


def test_a_highlight_over_black_goes_under_it() -> None:
    stream = b"0 g 10 30 180 10 re f 10 50 180 10 re f /Both gs 1 1 0 rg 20 20 100 60 re f"
    ofd = assert_same_look(page_with(stream, f"/ExtGState{STATES}"))
    colours = [each.get("Value") for each in content(ofd).iter("{*}FillColor")]
    assert colours == ["255 255 0", "0 0 0", "0 0 0"]


def test_blending_over_other_colours_is_refused() -> None:
    error = refused(page_with(GROUND + b"/Multiply gs " + ONE, f"/ExtGState{STATES}"))
    assert (error.code, "Multiply" in error.message) == ("unsupported_blend", True)
    assert (
        refused(page_with(b"0 g 0 0 99 99 re f /Screen gs " + ONE, f"/ExtGState{STATES}")).code == "unsupported_blend"
    )


def test_what_lies_below_an_isolated_group_is_not_blended_with() -> None:
    drawn = b"/Multiply gs " + ONE
    assert_same_look(grouped(GROUND + b"/F Do", drawn, ISOLATED))
    assert refused(grouped(GROUND + b"/F Do", drawn)).code == "unsupported_blend"
    assert refused(grouped(GROUND + b"/Half gs /F Do", drawn)).code == "unsupported_blend"


def test_a_knockout_group_is_refused() -> None:
    assert refused(grouped(b"/F Do", CROSSING, "/Group<</S/Transparency/K true>>")).code == "unsupported_group"


def test_a_soft_mask_is_refused() -> None:
    states = "<</M<</SMask<</S/Luminosity>>>>/N<</SMask/None>>>>"
    assert refused(page_with(b"/M gs " + ONE, f"/ExtGState{states}")).code == "unsupported_mask"
    assert_same_look(page_with(b"/N gs " + ONE, f"/ExtGState{states}"))
