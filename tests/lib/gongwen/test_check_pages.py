"""The form checker on laid-out pages: our own come out clean, each departure is named with page and place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support.gongwen import SENTENCE, document, font_set, founding_document, paragraph
from yichuan.lib.gongwen.checker import Finding, check_pages
from yichuan.lib.gongwen.checker.findings import catalogue
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.reading.pages import read_sheets
from yichuan.lib.gongwen.sheets import Glyph, Sheet, sheets_of_ofd, sheets_of_pdf
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo

LONG = [paragraph(SENTENCE * 6) for _ in range(6)]
TABLE = {"type": "table", "columns": [1, 1, 1], "rows": [["甲", "乙", "丙"]] * 40}
ANNEX = {"title": "报名表", "body": LONG}
FORMS: dict[str, dict[str, Any]] = {
    "long": document(body=LONG),
    "short": document(),
    "upward": document(title="关于某问题的请示", signers=["张三", "李四", "王五"], recipients="省政府", body=LONG),
    "marks": document(copy_no="000001", secrecy="机密★1年", urgency="特急"),
    "joint": document(issuer_mark="江门市公安局\n江门市司法局", issuers=["江门市公安局", "江门市司法局"], body=LONG),
    "letter": document(form="letter", issuer_mark="江门市人民政府办公室", printer=None, print_date=None),
    "order": document(
        form="order",
        issuer_mark="江门市人民政府令",
        serial="第3号",
        signatures=[{"post": "市长", "name": "张三"}],
        title=None,
        doc_no=None,
        recipients=None,
    ),
    "minutes": document(
        form="minutes", issuer_mark="江门市人民政府会议纪要", serial="第5期", title=None, doc_no=None, recipients=None
    ),
    "no seal": document(seal_diameter_mm=None),
    "annex": document(attachments=["报名表"], annexes=[ANNEX]),
    "table": document(body=[paragraph(), TABLE]),
}


def sealed(sheets: tuple[Sheet, ...], result: Any) -> list[Sheet]:
    """The pages with the seals where the typesetter wants them."""
    found = list(sheets)
    for spot in result.seal_positions:
        left, top = spot.centre_x_mm - spot.width_mm / 2, spot.centre_y_mm - spot.height_mm / 2
        page = found[spot.page_index]
        found[spot.page_index] = replace(page, seals=(*page.seals, (left, top, spot.width_mm, spot.height_mm)))
    return found


@cache
def pages(name: str) -> tuple[Sheet, ...]:
    result = typeset(Gongwen.from_json(FORMS[name]), font_set())
    return tuple(sealed(sheets_of_pdf(result.pdf), result))


def found(sheets: Any) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.place.page) for finding in check_pages(sheets)]


@pytest.mark.parametrize("name", FORMS)
def test_our_own_documents_of_every_form_are_clean(name: str):
    assert check_pages(pages(name)) == []


def test_the_founding_document_is_clean_as_pdf_and_as_ofd():
    result = typeset(founding_document(), font_set())
    ofd = pdf_to_ofd(result.pdf, info=DocumentInfo())
    for sheets in (sheets_of_pdf(result.pdf), sheets_of_ofd(ofd)):
        assert check_pages(sealed(sheets, result)) == []


def test_pdf_and_ofd_give_the_same_sheets():
    result = typeset(Gongwen.from_json(FORMS["long"]), font_set())
    one = sheets_of_pdf(result.pdf)
    other = sheets_of_ofd(pdf_to_ofd(result.pdf, info=DocumentInfo()))
    assert [[row.text for row in sheet.rows] for sheet in one] == [[row.text for row in sheet.rows] for sheet in other]
    for left, right in zip(one, other, strict=True):
        assert [row.box for row in left.rows] == [pytest.approx(row.box, abs=0.3) for row in right.rows]
        assert [rule.rgb for rule in left.rules] == [rule.rgb for rule in right.rules]


Change = Callable[[Glyph], Glyph | None]


def on(
    page: int, change: Change, *, where: Callable[[Glyph], bool] = lambda _: True, name: str = "long"
) -> list[Sheet]:
    """The pages of a document with some glyphs of one page changed, or of all pages for -1; None takes them away."""
    sheets = []
    for index, sheet in enumerate(pages(name)):
        if page in (-1, index):
            new = [change(glyph) if where(glyph) else glyph for glyph in sheet.glyphs]
            sheet = replace(sheet, glyphs=tuple(glyph for glyph in new if glyph is not None))
        sheets.append(sheet)
    return sheets


def sheet(index: int, name: str = "long", **changes: Any) -> list[Sheet]:
    sheets = list(pages(name))
    sheets[index] = replace(sheets[index], **changes)
    return sheets


def sized(points: float) -> Callable[[Glyph], bool]:
    return lambda glyph: abs(glyph.size_pt - points) < 0.5


def moved(x: float = 0.0, y: float = 0.0) -> Change:
    return lambda glyph: replace(glyph, x=glyph.x + x, y=glyph.y + y)


def mark(glyph: Glyph) -> bool:
    return glyph.size_pt > 26


def foot(glyph: Glyph) -> bool:
    return glyph.y > 266


def squeezed(sheets: list[Sheet], *, x: float = 1.0, y: float = 1.0) -> list[Sheet]:
    def place(glyph: Glyph) -> Glyph:
        if abs(glyph.size_pt - 16) > 0.5:
            return glyph
        return replace(glyph, x=28 + (glyph.x - 28) * x, y=37 + (glyph.y - 37) * y)

    return [replace(each, glyphs=tuple(place(glyph) for glyph in each.glyphs)) for each in sheets]


def first() -> Sheet:
    return pages("long")[0]


def last() -> Sheet:
    return pages("long")[-1]


def ending() -> int:
    return len(pages("long")) - 1


def signed() -> int:
    """The page with the seal."""
    return next(index for index, each in enumerate(pages("long")) if each.seals)


def seal() -> tuple[float, float, float, float]:
    return pages("long")[signed()].seals[0]


CASES: list[tuple[str, Callable[[], list[Sheet]], int | Callable[[], int] | None]] = [
    ("page_none", lambda: [replace(each, glyphs=()) for each in pages("long")], None),
    ("page_size", lambda: sheet(1, width=216.0, height=279.0), 1),
    ("page_left", lambda: on(-1, moved(x=-4)), None),
    ("page_top", lambda: on(-1, moved(y=3), where=lambda glyph: not foot(glyph)), None),
    ("page_outside", lambda: on(1, moved(x=6), where=lambda glyph: not foot(glyph)), 1),
    ("page_text_size", lambda: on(-1, lambda g: replace(g, size_pt=14), where=sized(16)), None),
    ("page_text_face", lambda: on(-1, lambda g: replace(g, font="SimSun"), where=sized(16)), None),
    ("page_rows", lambda: squeezed(list(pages("long")), y=0.85), None),
    ("page_columns", lambda: squeezed(list(pages("long")), x=0.9), None),
    ("page_mark_missing", lambda: on(0, lambda _: None, where=mark), 0),
    ("page_mark_colour", lambda: on(0, lambda g: replace(g, rgb=(0, 0, 0)), where=mark), 0),
    ("page_mark_place", lambda: on(0, moved(y=-9), where=mark), 0),
    ("page_mark_centre", lambda: on(0, moved(x=9), where=mark), 0),
    ("page_rule_missing", lambda: sheet(0, rules=tuple(r for r in first().rules if r.width < 100)), 0),
    ("page_rule_width", lambda: sheet(0, rules=tuple(replace(r, right=r.left + 120) for r in first().rules)), 0),
    ("page_rule_place", lambda: sheet(0, rules=tuple(replace(r, y=r.y + 6) for r in first().rules)), 0),
    ("page_title_missing", lambda: on(0, lambda _: None, where=sized(22)), 0),
    ("page_title_size", lambda: on(0, lambda g: replace(g, size_pt=18.6), where=sized(22)), 0),
    ("page_title_face", lambda: on(0, lambda g: replace(g, font="SimHei"), where=sized(22)), 0),
    ("page_title_centre", lambda: on(0, moved(x=8), where=sized(22)), 0),
    ("page_body_missing", lambda: on(0, lambda _: None, where=lambda g: g.y > 160), 0),
    ("page_number_missing", lambda: on(1, lambda _: None, where=foot), 1),
    ("page_number_form", lambda: sheet(1, rules=()), 1),
    ("page_number_order", lambda: on(1, lambda g: replace(g, text="7"), where=foot), 1),
    ("page_number_side", lambda: on(1, moved(x=60), where=foot), 1),
    ("page_number_height", lambda: on(1, moved(y=8), where=foot), 1),
    ("page_number_size", lambda: on(1, lambda g: replace(g, size_pt=10), where=foot), 1),
    ("page_imprint_last", lambda: [*pages("long"), first()], ending),
    ("page_imprint_odd", lambda: [*pages("long")[:2], last()], 2),
    ("page_imprint_place", lambda: sheet(-1, rules=tuple(replace(r, y=r.y + 6) for r in last().rules)), None),
    ("page_imprint_rules", lambda: sheet(-1, rules=tuple(r for r in last().rules if r.width < 20)), None),
    ("page_imprint_size", lambda: on(ending(), lambda g: replace(g, size_pt=16)), None),
    ("page_seal_blank", lambda: sheet(signed(), glyphs=()), signed),
    ("page_seal_off", lambda: sheet(signed(), seals=((30.0, seal()[1], 45.0, 45.0),)), signed),
    ("page_seal_high", lambda: sheet(signed(), seals=((seal()[0], seal()[1] + 12, 45.0, 45.0),)), signed),
    ("page_seals_touch", lambda: sheet(signed(), seals=(seal(), (seal()[0] - 20, *seal()[1:]))), signed),
]


@pytest.mark.parametrize(("code", "make", "page"), CASES, ids=[case[0] for case in CASES])
def test_each_departure_is_named(code: str, make: Callable[[], list[Sheet]], page: int | Callable[[], int] | None):
    places = [place for name, place in found(make()) if name == code]
    assert places
    assert page is None or (page() if callable(page) else page) in places


def test_every_entry_of_the_catalogue_that_concerns_pages_is_tested():
    assert {code for code, *_ in CASES} == {code for code in catalogue() if code.startswith("page_")}


def test_what_is_read_off_the_pages_is_checked_as_content():
    changed = document(title="关于做好工作的通知。")
    (finding,) = check_pages(sheets_of_pdf(typeset(Gongwen.from_json(changed), font_set()).pdf))
    assert (finding.code, finding.place.path) == ("title_mark", "$.title")


def test_pages_are_read_back_into_the_parts():
    obj = document(body=LONG, attachments=["报名表"], annexes=[ANNEX], note="联系人：张三，电话：3321179")
    read = read_sheets(sheets_of_pdf(typeset(Gongwen.from_json(obj), font_set()).pdf)).content
    assert read.pop("title").replace("\n", "") == obj.pop("title")
    assert read == obj


def test_a_page_on_its_side_needs_no_number_where_one_is_looked_for():
    turned = sheet(1, width=297.0, height=210.0, glyphs=tuple(g for g in pages("long")[1].glyphs if g.y < 200))
    assert ("page_number_missing", 1) not in found(turned)


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.samples
def test_a_foreign_document_of_eight_pages_is_measured(samples: Path):
    findings = check_pages(sheets_of_ofd((samples / "ofd" / "foxit-8p.ofd").read_bytes()))
    assert codes(findings) == {"page_title_size", "page_text_size", "page_rows"}
    assert [finding.message_zh for finding in findings if finding.code == "page_rows"] == [
        "按行距 11.6 毫米，每面排 20 行。"
    ]


@pytest.mark.samples
def test_a_foreign_document_with_pages_on_their_side_is_measured_and_read(samples: Path):
    sheets = sheets_of_ofd((samples / "ofd" / "wps-11p.ofd").read_bytes())
    assert codes(check_pages(sheets)) == {
        "page_top",
        "page_outside",
        "page_number_height",
        "page_imprint_odd",
        "page_imprint_place",
    }
    reading = read_sheets(sheets)
    assert reading.content["doc_no"] == "闽政办〔2021〕55号"
    assert reading.content["attachments"] == ["农村建房安全管理责任清单", "农村建房监管要点"]
    assert [note.place for note in reading.notes if note.code == "landscape"] == [f"第{n}面" for n in range(6, 11)]


@pytest.mark.samples
def test_whole_seals_of_a_foreign_document_are_found_and_parts_of_seam_seals_are_not(samples: Path):
    sheets = sheets_of_ofd((samples / "ofd" / "peer-5p-v4-ride.ofd").read_bytes())
    assert [each.seals for each in sheets] == [(), (), (), (), ((120.0, 200.0, 40.0, 40.0),)]
