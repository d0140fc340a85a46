"""What the tests keep of a document that was typeset before is what the converter would make of it anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from support.world import small_gongwen
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd import convert
from yichuan.lib.ofd.convert import pdf_to_ofd as anew
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.web.fonts import fonts

INFOS = [
    DocumentInfo(title="甲", author="江门市人民政府办公室", created=datetime(2008, 6, 2, tzinfo=UTC), doc_id="0" * 32),
    DocumentInfo(title="乙 & 丙", created=datetime(2026, 11, 23, tzinfo=UTC), doc_id="f" * 32, keywords=("水质",)),
    DocumentInfo(title="没有编号"),
]


def test_every_document_gets_the_bytes_of_its_own_conversion_and_is_converted_once(
    typeset_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = typeset(Gongwen.from_json(small_gongwen("江府办〔2008〕999号")), fonts()).pdf
    expected = [anew(pdf, info=info) for info in INFOS]
    assert len(set(expected)) == len(INFOS)
    written: list[DocumentInfo] = []
    write = convert.write_document
    monkeypatch.setattr(convert, "write_document", lambda info, *rest: written.append(info) or write(info, *rest))
    assert [convert.pdf_to_ofd(pdf, info=info) for info in INFOS] == expected
    assert written == [INFOS[0], INFOS[2]]
