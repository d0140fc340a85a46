"""Pages that nobody would lay out so: asked without a fall, refused by name beyond the bounds."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.ofd import FONT, ofd, text_object
from yichuan.lib.gongwen.checker import check_pages
from yichuan.lib.gongwen.reading import ReadingError
from yichuan.lib.gongwen.reading.pages import read_sheets
from yichuan.lib.gongwen.sheets import Glyph, Rule, Sheet, sheets_of_ofd, sheets_of_pdf


def test_a_pdf_that_is_none_is_refused_by_name():
    with pytest.raises(ReadingError) as caught:
        sheets_of_pdf(b"%PDF-1.7 nothing")
    assert caught.value.code == "pdf_unreadable"


def test_a_pdf_of_too_many_pages_is_refused_by_name():
    pdf = pypdfium2.PdfDocument.new()
    for _ in range(1_001):
        pdf.new_page(595, 842)
    out = io.BytesIO()
    pdf.save(out)
    pdf.close()
    with pytest.raises(ReadingError) as caught:
        sheets_of_pdf(out.getvalue())
    assert caught.value.code == "too_large"


PLACES = st.one_of(st.floats(-500, 500), st.sampled_from([28.0, 39.3, 105.0, 184.0, 270.0]))
GLYPHS = st.builds(
    Glyph,
    text=st.sampled_from(["甲", "1", "—", "。", "年", "号", "印", "fi", " "]),
    x=PLACES,
    y=PLACES,
    size_pt=st.sampled_from([0.0, 1.0, 14.0, 16.0, 22.0, 40.0, 900.0]),
    font=st.sampled_from(["", "SimSun", "仿宋"]),
    rgb=st.sampled_from([(0, 0, 0), (230, 0, 18)]),
)
RULES = st.builds(Rule, left=PLACES, right=PLACES, y=PLACES, thickness=st.just(0.3), rgb=st.just((230, 0, 18)))
SHEETS = st.builds(
    Sheet,
    width=st.sampled_from([210.0, 297.0, 1.0]),
    height=st.sampled_from([210.0, 297.0, 1.0]),
    glyphs=st.lists(GLYPHS, max_size=30).map(tuple),
    rules=st.lists(RULES, max_size=4).map(tuple),
    seals=st.lists(st.tuples(PLACES, PLACES, st.just(45.0), st.just(45.0)), max_size=3).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(SHEETS, max_size=4))
def test_any_pages_may_be_asked(sheets: list[Sheet]):
    check_pages(sheets)
    read_sheets(sheets)


def test_places_beyond_any_paper_are_left_out():
    objects = text_object("<ofd:TextCode X='9999999' Y='0'>甲</ofd:TextCode>") + text_object(
        "<ofd:TextCode X='0' Y='10'>乙</ofd:TextCode>"
    )
    (only,) = sheets_of_ofd(ofd(objects, resources=FONT))
    assert [glyph.text for glyph in only.glyphs] == ["乙"]
