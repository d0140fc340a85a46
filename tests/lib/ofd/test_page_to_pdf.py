"""Scenes as PDF pages: shapes, pens, groups, clips; what the file says of itself."""

from datetime import UTC, datetime

import pytest
from PIL import Image, ImageChops, ImageDraw

from support.ofd import ofd, square, tiny_entries
from support.paper import (
    BLACK,
    BLUE,
    BLUE_RGB,
    GREEN,
    GREEN_RGB,
    POINT,
    RED,
    RED_RGB,
    SIDE,
    WHITE_RGB,
    box,
    colours,
    drawn,
    filled,
    ink,
    inked,
    near,
    opened,
    paper,
    papers,
    scene,
    text,
)
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.geometry import IDENTITY
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.paper import Paper, ofd_to_pdf
from yichuan.lib.ofd.scene.model import Clip, Group, Link, Missing, Pen, Scene, Shape, Solid


def test_a_page_is_as_large_as_the_ofd_page_and_starts_at_its_corner():
    pdf = papers(Scene((10.0, 20.0, 210.0, 297.0), (Shape(box(10, 20, 60, 70), RED, None),)))
    with opened(pdf) as found:
        assert [float(value) for value in found.pages[0].MediaBox] == [0, 0, 595.276, 841.89]
    assert colours(pdf, (1, 1), (140, 140), (143, 143)) == [RED_RGB, RED_RGB, WHITE_RGB]


def test_rectangles_fall_on_their_pixels():
    pdf = paper(filled(10, 20, 30, 60), filled(50, 50, 80, 90, BLUE))
    expected = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(expected)
    pen.rectangle((40, 80, 119, 239), fill="#ff0000")
    pen.rectangle((200, 200, 319, 359), fill="#0000ff")
    assert ImageChops.difference(drawn(pdf), expected).getbbox() is None


def test_a_path_goes_on_after_it_is_closed_and_before_it_begins():
    closed = (*box(20, 20, 40, 40), ("L", (20.0, 80.0)), ("L", (60.0, 80.0)))
    unbegun = (("L", (0.0, 10.0)), ("L", (10.0, 0.0)), ("Z", ()))
    pdf = paper(Shape(closed, RED, None), Shape(unbegun, BLUE, None))
    assert colours(pdf, (30, 30), (30, 70), (58, 60), (2, 2)) == [RED_RGB, RED_RGB, WHITE_RGB, BLUE_RGB]


def test_quadratic_and_cubic_curves_bend_as_they_should():
    quadratic = (("M", (0.0, 100.0)), ("Q", (50.0, 0.0, 100.0, 100.0)), ("Z", ()))  # its top is at 50
    cubic = (("M", (0.0, 0.0)), ("C", (0.0, 40.0, 100.0, 40.0, 100.0, 0.0)), ("Z", ()))  # its foot is at 30
    pdf = paper(Shape(quadratic, RED, None), Shape(cubic, BLUE, None))
    assert colours(pdf, (50, 51), (50, 48), (50, 29), (50, 32)) == [RED_RGB, WHITE_RGB, BLUE_RGB, WHITE_RGB]
    assert colours(pdf, (25, 64), (25, 61)) == [RED_RGB, WHITE_RGB]


@pytest.mark.parametrize("flags", [(0.0, 1.0), (0.0, 0.0), (1.0, 1.0), (1.0, 0.0)])
def test_arcs_take_the_way_their_flags_tell(flags: tuple[float, float]):
    """From 30 to 70 on a circle of 25: small or large, over (clockwise) or under the line between."""
    large, clockwise = flags
    path = (("M", (30.0, 50.0)), ("A", (25.0, 25.0, 0.0, *flags, 70.0, 50.0)), ("Z", ()))
    left, top, right, bottom = inked(paper(Shape(path, BLACK, None)))
    away, side = (40, 25) if large else (10, 20)
    assert (left, right) == pytest.approx((50 - side, 50 + side), abs=0.4)
    assert (top, bottom) == pytest.approx((50 - away, 50) if clockwise else (50, 50 + away), abs=0.4)


def test_a_turned_ellipse_that_is_too_small_grows_to_reach():
    path = (("M", (40.0, 50.0)), ("A", (4.0, 2.0, 90.0, 0.0, 1.0, 60.0, 50.0)), ("Z", ()))
    assert inked(paper(Shape(path, BLACK, None))) == pytest.approx((40, 30, 60, 50), abs=0.4)


def test_the_rule_decides_what_is_inside():
    path = (*box(10, 10, 90, 90), *box(30, 30, 70, 70))
    full, hollow = paper(Shape(path, RED, None)), paper(Shape(path, RED, None, "evenodd"))
    assert (colours(full, (50, 50)), colours(hollow, (50, 50))) == ([RED_RGB], [WHITE_RGB])


def test_pens_have_width_caps_joins_and_dashes():
    def line(**options: object) -> tuple[float, float, float, float]:
        return inked(paper(Shape((("M", (30.0, 50.0)), ("L", (70.0, 50.0))), None, Pen(BLACK, 10, **options))))  # type: ignore[arg-type]

    assert line() == (30, 45, 70, 55)
    assert line(cap="square") == (25, 45, 75, 55)
    assert line(cap="round") == pytest.approx((25, 45, 75, 55), abs=0.3)
    dashed = paper(
        Shape((("M", (0.0, 50.0)), ("L", (100.0, 50.0))), None, Pen(BLACK, 10, dashes=(20.0, 10.0), offset=-10.0))
    )
    black, white = (0, 0, 0), WHITE_RGB
    assert colours(dashed, (5, 50), (15, 50), (25, 50), (35, 50), (45, 50)) == [white, black, black, white, black]


def test_corners_are_joined_as_asked():
    corner = (("M", (20.0, 80.0)), ("L", (50.0, 40.0)), ("L", (80.0, 80.0)))

    def top(**options: object) -> float:
        return inked(paper(Shape(corner, None, Pen(BLACK, 10, **options))))[1]  # type: ignore[arg-type]

    assert top(join="miter", miter=4.0) == pytest.approx(40 - 5 / 0.6, abs=0.6)
    assert top(join="miter", miter=1.2) == pytest.approx(top(join="bevel"), abs=0.3)
    assert top(join="bevel") > top(join="round") > top(join="miter", miter=4.0)


def test_fill_and_line_have_opacities_of_their_own():
    shape = Shape(box(20, 20, 80, 80), Solid((255, 0, 0), 0.5), Pen(Solid((0, 0, 255), 0.25), 20))
    fill, line, both, paper_white = colours(paper(shape), (50, 50), (15, 50), (25, 50), (5, 50))
    assert near(fill, (255, 128, 128))
    assert near(line, (191, 191, 255))
    assert near(both, (191, 96, 159))
    assert paper_white == WHITE_RGB


def test_a_group_is_made_transparent_as_one():
    marks = (filled(20, 20, 60, 60), filled(40, 40, 80, 80, BLUE))
    one, over, other = colours(paper(Group(marks, alpha=0.5)), (30, 30), (50, 50), (70, 70))
    assert near(one, (255, 128, 128))
    assert near(over, (128, 128, 255))
    assert near(other, (128, 128, 255))


def test_a_single_mark_takes_the_opacity_of_its_group():
    pdf = paper(Group((filled(20, 20, 60, 60),), alpha=0.5))
    assert near(colours(pdf, (30, 30))[0], (255, 128, 128))
    with opened(pdf) as found:
        assert "/XObject" not in found.pages[0].Resources


def test_a_seal_is_multiplied_over_what_lies_under_it():
    seal = Group((filled(30, 30, 70, 70, Solid((255, 40, 40))),), blend="multiply")
    pdf = paper(filled(10, 45, 90, 55, BLACK), filled(10, 10, 50, 40, GREEN), seal)
    over_black, over_green, over_paper = colours(pdf, (50, 50), (40, 35), (60, 65))
    assert over_black == (0, 0, 0)
    assert near(over_green, (0, 40, 0))
    assert near(over_paper, (255, 40, 40))


def test_groups_move_what_is_in_them():
    inner = Group((filled(0, 0, 10, 10, BLACK),), (2.0, 0.0, 0.0, 1.0, 5.0, 0.0))
    turned = paper(Group((inner,), (0.0, 1.0, -1.0, 0.0, 50.0, 50.0)))
    assert inked(turned) == pytest.approx((40, 55, 50, 75), abs=0.3)
    assert ink(paper(Group((filled(0, 0, 10, 10, BLACK),), (1.0, 0.0, 0.0, 0.0, 0.0, 50.0)))) == 0


def _clip(*areas: Shape) -> Clip:
    return Clip(tuple((IDENTITY, area) for area in areas))


def test_clips_narrow_one_after_the_other_in_the_space_outside():
    clips = (_clip(filled(0, 0, 50, 100)), _clip(filled(0, 0, 100, 50)))
    pdf = paper(Group((filled(0, 0, 1, 1, BLACK),), (80.0, 0.0, 0.0, 80.0, 10.0, 10.0), clips))
    assert inked(pdf) == pytest.approx((10, 10, 50, 50), abs=0.3)


def test_areas_of_one_clip_add_up_also_where_they_overlap():
    backwards = Shape((("M", (40.0, 40.0)), ("L", (40.0, 80.0)), ("L", (60.0, 80.0)), ("L", (60.0, 40.0))), None, None)
    for second, inside, outside in (
        (filled(60, 60, 90, 90), (80, 80), (55, 55)),
        (filled(40, 40, 90, 90), (80, 80), (55, 15)),
        (backwards, (58, 70), (55, 15)),
    ):
        pdf = paper(Group((filled(0, 0, 100, 100),), clips=(_clip(filled(10, 10, 50, 50), second),)))
        first, both, other, beyond = colours(pdf, (20, 20), (45, 45), inside, outside)
        assert all(near(colour, RED_RGB) for colour in (first, both, other))
        assert beyond == WHITE_RGB


def test_masks_and_clips_work_together():
    overlapping = _clip(filled(10, 10, 60, 60), filled(40, 40, 90, 90))
    other = _clip(filled(30, 0, 70, 100), filled(50, 0, 80, 100))
    pdf = paper(Group((filled(0, 0, 100, 100),), clips=(overlapping, _clip(filled(0, 0, 100, 80)), other)))
    inside, left_of, below = colours(pdf, (45, 45), (20, 20), (70, 85))
    assert near(inside, RED_RGB)
    assert (left_of, below) == (WHITE_RGB, WHITE_RGB)


def test_a_hollow_clip_and_a_clip_by_text():
    ring = Shape((*box(10, 10, 90, 90), *box(30, 30, 70, 70)), None, None, "evenodd")
    assert colours(paper(Group((filled(0, 0, 100, 100),), clips=(_clip(ring),))), (20, 20), (50, 50)) == [
        RED_RGB,
        WHITE_RGB,
    ]
    letters = Clip(((IDENTITY, text("一", 10, 90, 80)), ((1.0, 0.0, 0.0, 1.0, 0.0, -40.0), text("一", 10, 90, 80))))
    pdf = paper(Group((filled(0, 0, 100, 100, BLACK),), clips=(letters,)))
    alone = paper(text("一", 10, 90, 80), text("一", 10, 50, 80))
    assert inked(pdf) == pytest.approx(inked(alone), abs=0.3)
    assert ink(pdf) == pytest.approx(ink(alone), abs=0.004)


def test_a_clip_without_an_area_shows_nothing():
    unknown = text("一", 10, 90, 80)
    for clip in (Clip(()), _clip(Shape((), None, None)), Clip(((IDENTITY, type(unknown)(unknown.face, 8, (), None)),))):
        assert ink(paper(Group((filled(0, 0, 100, 100, BLACK),), clips=(clip,)))) == 0


def test_what_cannot_be_shown_stands_as_a_dashed_box():
    pdf = papers(Scene((0, 0, SIDE, SIDE), (Missing((2 * POINT, 2 * POINT, 90 * POINT, 60 * POINT), "x"),)))
    assert near(colours(pdf, (3, 2))[0], (192, 0, 0), 90)
    assert inked(pdf) == pytest.approx((2, 2, 90, 60), abs=0.8)


def test_links_lead_to_pages_and_addresses():
    here = (0.0, 0.0, 10 * POINT, 10 * POINT)
    links = (Link(here, page_index=1), Link(here, address="https://example.cn/"), Link(here, page_index=7))
    with opened(papers(scene(links=links), scene())) as found:
        inner, outer = found.pages[0].Annots
        assert inner.Dest[0].objgen == found.pages[1].obj.objgen
        assert str(outer.A.URI) == "https://example.cn/"
        assert [float(value) for value in inner.Rect] == pytest.approx([0, 90, 10, 100], abs=0.01)


OUTLINE = """<ofd:Outlines><ofd:OutlineElem Title="一、总则
"><ofd:Actions><ofd:Action Event="CLICK"><ofd:Goto><ofd:Dest Type="XYZ" PageID="1" Left="25.4" Top="50.8"/></ofd:Goto>
</ofd:Action></ofd:Actions><ofd:OutlineElem Title="（一）"/></ofd:OutlineElem></ofd:Outlines>"""


def test_the_outline_becomes_bookmarks():
    entries = tiny_entries(square(0, 0))
    entries["Doc_0/Document.xml"] = entries["Doc_0/Document.xml"].replace(
        b"</ofd:Document>", OUTLINE.encode() + b"</ofd:Document>"
    )
    with opened(ofd_to_pdf(Package.open(write_package(entries)))) as found, found.open_outline() as outline:
        (first,) = outline.root
        assert (first.title, [under.title for under in first.children]) == ("一、总则", ["（一）"])
        page, kind, left, top, _ = first.destination
        assert (page.objgen, kind) == (found.pages[0].obj.objgen, "/XYZ")
        assert (float(left), float(top)) == pytest.approx((72, 841.89 - 144), abs=0.01)


def test_the_file_says_what_the_document_says_of_itself():
    made = Paper(lambda code, message: None)
    made.add(scene(), 0)
    when = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)
    with opened(made.finish(DocumentInfo(title="通知", author="市府办公室", created=when))) as found:
        assert (str(found.docinfo.Title), str(found.docinfo.Author)) == ("通知", "市府办公室")
        assert str(found.docinfo.CreationDate) == "D:20260502093000+00'00'"


def test_pages_come_in_the_order_asked_for():
    data = ofd(square(0, 0))
    with opened(ofd_to_pdf(Package.open(data), pages=[0, 0])) as found:
        assert len(found.pages) == 2
    with pytest.raises(OfdError) as caught:
        ofd_to_pdf(Package.open(data), pages=[1])
    assert caught.value.code == "page_missing"


def test_the_same_document_is_the_same_bytes():
    data = ofd(square(10, 10) + square(60, 60, attributes="Alpha='100'"))
    assert ofd_to_pdf(Package.open(data)) == ofd_to_pdf(Package.open(data))


def test_a_page_beyond_what_pdf_allows_is_refused():
    with pytest.raises(OfdError) as caught:
        papers(Scene((0, 0, 6000, 100), ()))
    assert caught.value.code == "page_too_large"


def test_marks_that_come_again_are_written_once():
    many = tuple(filled(x, y, x + 0.5, y + 0.5) for x in range(10) for y in range(10))
    places = [Group(many, (1.0, 0.0, 0.0, 1.0, x, 0.0)) for x in (0.0, 20.0, 40.0, 60.0)]
    pdf = papers(scene(*places), scene(*places))
    with opened(pdf) as found:
        forms = {form.objgen for page in found.pages for form in page.Resources.XObject.values()}
        assert len(forms) == 1
    picture = drawn(pdf)
    assert ImageChops.difference(picture, drawn(pdf, 1)).getbbox() is None
    assert colours(pdf, (9.25, 9.25), (69.25, 9.25)) == [RED_RGB, RED_RGB]


def test_colours_are_those_of_the_scene():
    pdf = paper(filled(0, 0, 50, 100, Solid((12, 34, 56))), filled(50, 0, 100, 100, Solid((200, 100, 1))))
    assert colours(pdf, (20, 20), (70, 20)) == [(12, 34, 56), (200, 100, 1)]
    assert colours(paper(filled(0, 0, 9, 9, GREEN)), (4, 4))[0] == GREEN_RGB
