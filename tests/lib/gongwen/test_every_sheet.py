"""What holds for every document of every form, however long: the grid, no overlap, seals in company, pages, 版记."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.gongwen import document, font_set, page_text, printed_lines
from support.sheets import Ink, characters, letter, minutes, order, page_sizes
from yichuan.lib.gongwen.grid import HEIGHT_MM, LEFT_MM, TOP_MM, WIDTH_MM
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import Typeset, typeset

TEXT = "正文要求落实责任分工情况报送"  # characters of the texts below, and of nothing else on the sheet
NOTE = "壹贰叁肆伍陆"  # likewise
ISSUERS = ["江门市信息产业局", "江门市财政局", "江门市人力资源和社会保障局", "江门市保密局", "江门市档案局"]
NUMBER_TOP_MM = TOP_MM + HEIGHT_MM + 2

texts = st.integers(1, 150).map(lambda length: (TEXT * 20)[:length])
paragraphs = st.builds(lambda text: {"type": "paragraph", "text": text}, texts)
headings = st.builds(
    lambda level, text: {"type": "heading", "level": level, "text": text[:40]}, st.integers(1, 4), texts
)
# A text of a single line can be on the first page or beside the seal on the second, not on both.
opening = {"type": "paragraph", "text": TEXT * 4}
bodies = st.lists(st.one_of(paragraphs, paragraphs, headings), max_size=14).map(lambda blocks: [opening, *blocks])
tables = st.builds(
    lambda rows: {"type": "table", "columns": [1, 2], "header_rows": 1, "rows": [["甲", "乙"]] * (rows + 1)},
    st.integers(1, 40),
)
sections = st.builds(
    lambda body, landscape: {"title": "名单", "landscape": landscape, "body": body},
    st.lists(st.one_of(paragraphs, tables), min_size=1, max_size=4),
    st.booleans(),
)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    make = draw(st.sampled_from([document, letter, order, minutes]))
    more: dict[str, Any] = {"body": draw(bodies), "annexes": draw(st.lists(sections, max_size=2))}
    more["urgency"] = draw(st.sampled_from([None, "特急"]))
    more["note"] = draw(st.sampled_from([None, NOTE]))
    more["attachments"] = ["名单"] * len(more["annexes"]) or None
    more["copy_recipients"] = draw(st.sampled_from([None, "市委办公室", "，".join(ISSUERS * 4)]))
    if make is not letter:
        more["printer"] = draw(
            st.sampled_from([None, "江门市人民政府办公室", "江门市启用" + "电子公文" * 8 + "办公室"])
        )
    if make in (document, letter):
        more["issuers"] = ISSUERS[: draw(st.integers(1, 5))]
        more["seal_diameter_mm"] = draw(st.sampled_from([30, 42, 45, 50, 60]))
    if make is order:
        more["signatures"] = [{"post": "局长", "name": "张三"}] * draw(st.integers(1, 3))
    if make is document:
        more["issuer_mark"] = "\n".join(more["issuers"]) if draw(st.booleans()) else "江门市人民政府办公室文件"
        more["signers"] = ["张三", "李小四", "王五"][: draw(st.integers(0, 3))] or None
    return make(**more)


# Seals that fill more than a page: the row that begins the next one once rose above its text block.
broken = document(issuers=ISSUERS, seal_diameter_mm=60, body=[opening] + [{"type": "paragraph", "text": "正文"}] * 17)


@settings(max_examples=40, deadline=None)
@example(broken)
@given(contents())
def test_any_document_of_any_form_is_set_rightly(obj: dict[str, Any]):
    result = typeset(Gongwen.from_json(obj), font_set())
    ink = characters(result.pdf)
    assert page_sizes(result.pdf) == [(210.0, 297.0)] * result.pages
    lines_lie_on_rows(result.pdf, is_letter=obj.get("form") == "letter", turned=turned_pages(ink))
    nothing_overlaps_or_leaves_the_page(ink, is_letter=obj.get("form") == "letter")
    seals_are_in_company(obj, result)
    the_first_page_shows_text(result.pdf)
    the_imprint_block_is_last(obj, result)


def turned_pages(ink: list[Ink]) -> set[int]:
    """Pages whose text runs upwards."""
    rising: dict[int, int] = defaultdict(int)
    for one, other in pairwise(ink):
        if one.page == other.page:
            rising[one.page] += 1 if abs(other.top - one.top) > abs(other.left - one.left) else -1
    return {page for page, balance in rising.items() if balance > 0}


def lines_lie_on_rows(pdf: bytes, *, is_letter: bool, turned: set[int]) -> None:
    shifted = set()
    for line in printed_lines(pdf):
        if line.page in turned or not set(line.text) <= set(TEXT):
            continue
        if is_letter and line.page == 0:
            shifted.add(round(line.row % 1, 2))
        else:
            assert line.row % 1 == 0, line
    assert len(shifted) <= 1


def nothing_overlaps_or_leaves_the_page(ink: list[Ink], *, is_letter: bool) -> None:
    places: dict[tuple[int, int, int], list[Ink]] = defaultdict(list)
    for one in ink:
        assert one.left >= LEFT_MM - 0.5 and one.right <= LEFT_MM + WIDTH_MM + 0.5, one
        lowest = 275 if is_letter and one.page == 0 else TOP_MM + HEIGHT_MM + 1
        assert one.bottom <= lowest or one.top > NUMBER_TOP_MM, one
        places[one.page, int(one.left // 4), int(one.top // 4)].append(one)
    for (page, column, row), here in places.items():
        near = [other for x in (0, 1) for y in (-1, 0, 1) for other in places.get((page, column + x, row + y), ())]
        for one in here:
            for other in near:
                if one is not other:
                    across = min(one.right, other.right) - max(one.left, other.left)
                    down = min(one.bottom, other.bottom) - max(one.top, other.top)
                    assert across < 0.8 or down < 0.8, (one, other)


def seals_are_in_company(obj: dict[str, Any], result: Typeset) -> None:
    seals = result.seal_positions
    owners = [person["name"] for person in obj["signatures"]] if "signatures" in obj else obj["issuers"]
    assert [seal.issuer for seal in seals] == ([] if obj.get("form") == "minutes" else owners)
    for index, seal in enumerate(seals):
        assert seal.centre_x_mm - seal.width_mm / 2 >= LEFT_MM - 0.01
        assert seal.centre_x_mm + seal.width_mm / 2 <= LEFT_MM + WIDTH_MM + 0.01
        assert seal.centre_y_mm - seal.height_mm / 2 >= TOP_MM
        assert seal.centre_y_mm + seal.height_mm / 2 <= TOP_MM + HEIGHT_MM + (9 if seal.page_index == 0 else 0.1)
        if index == 0:
            assert set(page_text(result.pdf, seal.page_index)) & {*TEXT, "附"}
        if seal.kind == "seal":
            assert seal.issuer in page_text(result.pdf, seal.page_index)
    for ink in characters(result.pdf):
        if ink.text in NOTE:
            for seal in seals:
                below = ink.top > seal.centre_y_mm + seal.height_mm / 2 - 0.5
                assert ink.page != seal.page_index or below or ink.right < seal.centre_x_mm - seal.width_mm / 2 + 0.5
    for one, other in combinations(seals, 2):
        if one.page_index == other.page_index:
            apart = max(abs(one.centre_x_mm - other.centre_x_mm), abs(one.centre_y_mm - other.centre_y_mm))
            assert apart > (one.height_mm if one.kind == "signature" else one.width_mm) - 0.01


def the_first_page_shows_text(pdf: bytes) -> None:
    assert any(len(line.text) > 0 and set(line.text) <= set(TEXT) for line in printed_lines(pdf) if line.page == 0)


def the_imprint_block_is_last(obj: dict[str, Any], result: Typeset) -> None:
    words = "2008年5月23日印发" if "printer" in obj else "抄送："
    if obj.get("print_date") and "printer" in obj:
        words = "2008年5月26日印发"
    if "printer" in obj or "copy_recipients" in obj:
        assert result.pages % 2 == 0
        assert words in page_text(result.pdf, result.pages - 1)
