"""Seam seals (骑缝章) and facing-page seals (对开章): where each strip lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.seams import Edge, FacingSeal, Printing, SeamSeal, Strip, seam_strips

A4 = (210.0, 297.0)
LANDSCAPE = (297.0, 210.0)
SEAL = (42.0, 42.0)
OVAL = (45.0, 30.0)

EDGES = st.sampled_from(Edge)
SEALS = st.tuples(st.integers(20, 60), st.integers(20, 60)).map(lambda size: (float(size[0]), float(size[1])))
PAGES = st.lists(st.tuples(st.floats(100, 900), st.floats(100, 900)), min_size=2, max_size=40)


def um(value: float) -> int:
    """Micrometres, as they are written."""
    return round(value * 1000)


def shown(strip: Strip, edge: Edge) -> tuple[int, int]:
    """From where to where the strip shows the seal, across the edge."""
    assert strip.clip is not None
    x, y, width, height = strip.clip
    return (um(x), um(x + width)) if edge.upright else (um(y), um(y + height))


def assert_flush(strip: Strip, edge: Edge, size: tuple[float, float]) -> None:
    """The strip ends at the page's edge and nothing of it lies off the page."""
    assert strip.clip is not None
    (x, y, _, _), (cx, cy, cw, ch) = strip.boundary, strip.clip
    left, top, right, bottom = (um(value) for value in (x + cx, y + cy, x + cx + cw, y + cy + ch))
    assert {Edge.LEFT: left == 0, Edge.TOP: top == 0}.get(edge, True)
    assert {Edge.RIGHT: right == um(size[0]), Edge.BOTTOM: bottom == um(size[1])}.get(edge, True)
    assert left >= 0
    assert top >= 0
    assert right <= um(size[0])
    assert bottom <= um(size[1])


def assert_whole(strips: list[Strip], edge: Edge, seal: tuple[float, float]) -> None:
    """Side by side the strips are the whole seal: no gap, no overlap, and none of them is turned or scaled."""
    parts = sorted(shown(strip, edge) for strip in strips)
    assert parts[0][0] == 0
    assert parts[-1][1] == um(seal[0] if edge.upright else seal[1])
    assert [end for _, end in parts[:-1]] == [begin for begin, _ in parts[1:]]
    assert {strip.boundary[2:] for strip in strips} == {seal}
    across = 1 if edge.upright else 0
    assert len({strip.boundary[across] for strip in strips}) == 1
    assert {(strip.clip[across], strip.clip[across + 2]) for strip in strips if strip.clip} == {(0, seal[across])}


def test_the_right_edge_of_five_pages_as_the_standard_practice_has_it():
    strips = seam_strips(SeamSeal(centre_mm=100), [A4] * 5, SEAL)
    assert [strip.boundary[0] for strip in strips] == pytest.approx([201.6, 193.2, 184.8, 176.4, 168.0])
    assert [strip.clip and strip.clip[0] for strip in strips] == pytest.approx([0, 8.4, 16.8, 25.2, 33.6])
    assert {strip.boundary[1] for strip in strips} == {79.0}


def test_the_left_edge_shows_the_last_part_of_the_seal_on_the_first_page():
    strips = seam_strips(SeamSeal(Edge.LEFT), [A4] * 5, SEAL)
    assert [strip.boundary[0] for strip in strips] == pytest.approx([-33.6, -25.2, -16.8, -8.4, 0])
    assert [strip.clip and strip.clip[0] for strip in strips] == pytest.approx([33.6, 25.2, 16.8, 8.4, 0])
    assert {strip.boundary[1] for strip in strips} == {297 / 2 - 21}


def test_top_and_bottom_edges_go_across():
    top = seam_strips(SeamSeal(Edge.TOP, centre_mm=60), [A4] * 2, OVAL)
    assert [strip.boundary for strip in top] == [(37.5, -15, 45, 30), (37.5, 0, 45, 30)]
    assert [strip.clip for strip in top] == [(0, 15, 45, 15), (0, 0, 45, 15)]
    bottom = seam_strips(SeamSeal(Edge.BOTTOM, centre_mm=60), [A4] * 2, OVAL)
    assert [strip.boundary for strip in bottom] == [(37.5, 282, 45, 30), (37.5, 267, 45, 30)]


@given(EDGES, PAGES, SEALS)
def test_the_strips_of_any_pages_put_together_are_the_seal(edge, pages, seal):
    strips = seam_strips(SeamSeal(edge), pages, seal)
    assert [strip.page_index for strip in strips] == list(range(len(pages)))
    assert_whole(strips, edge, seal)
    for strip in strips:
        assert_flush(strip, edge, pages[strip.page_index])


@given(EDGES, st.integers(2, 120), st.integers(2, 30))
def test_every_group_bears_one_whole_seal_and_no_page_stands_alone(edge, count, group):
    strips = seam_strips(SeamSeal(edge, group=group), [A4] * count, SEAL)
    assert sorted(strip.page_index for strip in strips) == list(range(count))
    rest = count % group
    sizes = [group] * (count // group) + ([rest] if rest else [])
    if rest == 1 and len(sizes) > 1:
        sizes[-2:] = [group + 1]
    start = 0
    for size in sizes:
        assert_whole(strips[start : start + size], edge, SEAL)
        start += size
    assert start == count


def test_pages_of_other_sizes_and_landscape_pages_take_their_strip_at_their_own_edge():
    strips = seam_strips(SeamSeal(centre_mm=80), [A4, LANDSCAPE, (420.0, 297.0)], SEAL)
    assert [strip.boundary[0] for strip in strips] == [196, 269, 378]
    assert {strip.boundary[1] for strip in strips} == {59}


def test_without_a_place_the_seal_is_in_the_middle_of_the_shortest_page_so_that_the_strips_match():
    strips = seam_strips(SeamSeal(), [A4, LANDSCAPE], SEAL)
    assert {strip.boundary[1] for strip in strips} == {105 - 21}


def test_chosen_pages_alone_take_part():
    strips = seam_strips(SeamSeal(pages=(1, 2, 4)), [A4] * 6, SEAL)
    assert [strip.page_index for strip in strips] == [1, 2, 4]
    assert_whole(strips, Edge.RIGHT, SEAL)


def test_of_two_sided_prints_the_fronts_may_bear_the_seal_alone():
    strips = seam_strips(SeamSeal(printing=Printing.FRONTS), [A4] * 5, SEAL)
    assert [strip.page_index for strip in strips] == [0, 2, 4]
    assert_whole(strips, Edge.RIGHT, SEAL)


@given(EDGES, st.integers(4, 60), st.one_of(st.none(), st.integers(2, 9)))
def test_two_sided_prints_bear_a_whole_seal_on_each_side_of_the_same_edge_of_the_paper(edge, count, group):
    seam = SeamSeal(edge, group=group, printing=Printing.BOTH_SIDES)
    strips = seam_strips(seam, [A4] * count, SEAL)
    fronts = [strip for strip in strips if strip.page_index % 2 == 0]
    backs = [strip for strip in strips if strip.page_index % 2]
    turned = edge.opposite if edge.upright else edge
    assert {strip.page_index for strip in strips} == set(range(count))
    for strip in fronts:
        assert_flush(strip, edge, A4)
    for strip in backs:
        assert_flush(strip, turned, A4)
    if group is None:
        assert_whole(fronts, edge, SEAL)
        assert_whole(backs, turned, SEAL)


def test_from_behind_the_last_sheet_lies_on_top():
    strips = seam_strips(SeamSeal(printing=Printing.BOTH_SIDES), [A4] * 4, SEAL)
    back = {strip.page_index: strip for strip in strips if strip.page_index % 2}
    # The stack turned over: the lower sheet (page 2) shows to the left of the upper one (page 4).
    assert back[1].clip == (0, 0, 21, 42)
    assert back[3].clip == (21, 0, 21, 42)
    assert (back[1].boundary[0], back[3].boundary[0]) == (0, -21)


def test_a_single_back_side_stays_clean():
    strips = seam_strips(SeamSeal(printing=Printing.BOTH_SIDES), [A4] * 3, SEAL)
    assert [strip.page_index for strip in strips] == [0, 2]


def test_facing_pages_each_bear_their_part():
    strips = seam_strips(FacingSeal(centre_mm=200), [A4] * 3, SEAL)
    assert [strip.page_index for strip in strips] == [0, 1, 1, 2]
    assert strips[0].boundary == (189, 179, 42, 42)
    assert strips[0].clip == (0, 0, 21, 42)
    assert strips[1].boundary == (-21, 179, 42, 42)
    assert strips[1].clip == (21, 0, 21, 42)


@given(EDGES, PAGES, SEALS, st.floats(0.05, 0.95))
def test_any_share_of_a_facing_seal_leaves_the_rest_to_the_next_page(edge, pages, seal, share):
    strips = seam_strips(FacingSeal(edge, share=share), pages, seal)
    assert len(strips) == 2 * (len(pages) - 1)
    for first, second in zip(strips[::2], strips[1::2], strict=True):
        assert second.page_index == first.page_index + 1
        assert_whole([first, second], edge, seal)
        assert_flush(first, edge, pages[first.page_index])
        assert_flush(second, edge.opposite, pages[second.page_index])
        begin, end = shown(first, edge)
        assert end - begin == pytest.approx(um(share * seal[0 if edge.upright else 1]), abs=1)


def test_an_opening_may_be_chosen():
    strips = seam_strips(FacingSeal(pages=(1,)), [A4] * 5, SEAL)
    assert [strip.page_index for strip in strips] == [1, 2]


@pytest.mark.parametrize(
    ("seam", "count", "code"),
    [
        (SeamSeal(), 1, "seam_pages"),
        (SeamSeal(printing=Printing.FRONTS), 2, "seam_pages"),
        (SeamSeal(pages=(0, 5)), 5, "seam_pages"),
        (SeamSeal(pages=(2, 1)), 5, "seam_pages"),
        (SeamSeal(pages=(1, 1)), 5, "seam_pages"),
        (SeamSeal(pages=(-1, 1)), 5, "seam_pages"),
        (SeamSeal(pages=(1,)), 5, "seam_pages"),
        (SeamSeal(group=1), 5, "seam_group"),
        (SeamSeal(), 85, "seam_group"),
        (SeamSeal(centre_mm=20.9), 5, "seam_place"),
        (SeamSeal(centre_mm=276.1), 5, "seam_place"),
        (SeamSeal(centre_mm=float("nan")), 5, "seam_place"),
        (FacingSeal(), 1, "seam_pages"),
        (FacingSeal(pages=(4,)), 5, "seam_pages"),
        (FacingSeal(pages=()), 5, "seam_pages"),
        (FacingSeal(share=0), 5, "seam_share"),
        (FacingSeal(share=1e-6), 5, "seam_share"),
        (FacingSeal(share=1.0), 5, "seam_share"),
        (FacingSeal(share=float("nan")), 5, "seam_share"),
    ],
)
def test_a_seam_that_cannot_be_made_is_refused_by_name(seam, count, code):
    with pytest.raises(OfdError) as error:
        seam_strips(seam, [A4] * count, SEAL)
    assert error.value.code == code


def test_a_strip_wider_than_its_page_is_refused():
    with pytest.raises(OfdError) as error:
        seam_strips(SeamSeal(), [(15.0, 100.0), A4], SEAL)
    assert error.value.code == "seam_place"
