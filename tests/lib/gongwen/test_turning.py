"""Pages moved when the PDF is finished: still PDF/A, still the same bytes, and nothing touched that need not be."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest

from support.gongwen import document, font_set, paragraph
from support.sheets import letter, make
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.turning import finish_pages
from yichuan.lib.gongwen.typeset import typeset

LANDSCAPE = {"title": "一览表", "landscape": True, "body": [paragraph()]}


@pytest.mark.parametrize("obj", [letter(), document(annexes=[LANDSCAPE]), letter(annexes=[LANDSCAPE])])
def test_moved_pages_are_still_pdf_a_and_the_same_bytes(obj: dict[str, Any]):
    doc = Gongwen.from_json(obj)
    pdf = typeset(doc, font_set()).pdf
    assert typeset(doc, font_set()).pdf == pdf
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert "/Rotate" not in [name for page in opened.pages for name in page.obj]
        assert opened.Root.OutputIntents
        assert opened.trailer.ID


def test_a_document_without_such_pages_is_left_as_it_is():
    pdf = make(document()).pdf
    assert finish_pages(pdf, landscape=(), first_page_shift=0.0) is pdf
