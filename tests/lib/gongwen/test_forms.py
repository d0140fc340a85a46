"""Which form has which fields, and a whole document of each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from support.gongwen import document, page_text
from support.sheets import letter, make, minutes, order, page_sizes, sample
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.model import DocumentInfo, read_document
from yichuan.lib.ofd.package import Package


def refused(obj: dict[str, Any]) -> GongwenError:
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(obj)
    return caught.value


@pytest.mark.parametrize(("name", "pages"), [("upward", 4), ("letter", 2), ("order", 2), ("minutes", 2)])
def test_whole_documents_of_each_form_are_set_and_become_ofd(name: str, pages: int):
    result = make(sample(name))
    assert result.pages == len(page_sizes(result.pdf)) == pages
    info = DocumentInfo(title="公文", author="江门市人民政府", created=datetime(2008, 6, 20, tzinfo=UTC))
    ofd = pdf_to_ofd(result.pdf, info=info)
    assert len(read_document(Package.open(ofd)).pages) == pages


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (document(serial="第3号"), "$.serial"),
        (document(present="张三"), "$.present"),
        (letter(printer="江门市人民政府办公室"), "$.printer"),
        (letter(signers=["张三"]), "$.signers"),
        (letter(issuer_mark="江门市财政局\n江门市审计局"), "$.issuer_mark"),
        (letter(issuer_mark="江门市财政局文件"), "$.issuer_mark"),
        (order(doc_no="江府〔2008〕3号"), "$.doc_no"),
        (order(recipients="各单位"), "$.recipients"),
        (order(seal_diameter_mm=42), "$.seal_diameter_mm"),
        (minutes(seal_diameter_mm=42), "$.seal_diameter_mm"),
        (minutes(signatures=[{"post": "市长", "name": "张三"}]), "$.signatures"),
        (document(signatures=[{"post": "市长", "name": "张三"}], seal_diameter_mm=42), "$.seal_diameter_mm"),
        (order(copy_no="000001", secrecy="机密★1年", urgency="特急"), "$.copy_no"),
    ],
)
def test_a_field_that_the_form_does_not_have_is_refused(obj: dict[str, Any], path: str):
    error = refused(obj)
    assert (error.code, error.path) == ("not_of_form", path)


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (letter(title=None), "$.title"),
        (order(signatures=None), "$.signatures"),
        (document(signature_stamp_mm=[40, 20]), "$.signatures"),
    ],
)
def test_a_field_that_the_form_needs_is_named(obj: dict[str, Any], path: str):
    error = refused(obj)
    assert (error.code, error.path) == ("missing", path)


@pytest.mark.parametrize("obj", [order(issuer_mark="江门市人民政府文件"), minutes(issuer_mark="江门市人民政府文件")])
def test_the_mark_names_the_form(obj: dict[str, Any]):
    error = refused(obj)
    assert (error.code, error.path) == ("bad_form", "$.issuer_mark")


def test_minutes_have_one_number():
    assert refused(minutes(doc_no="江府办〔2008〕3号")).path == "$.serial"
    assert "江府办〔2008〕3号" in page_text(make(minutes(doc_no="江府办〔2008〕3号", serial=None)).pdf, 0)


@pytest.mark.parametrize("obj", [letter(), order(), minutes(), order(signature_stamp_mm=[30, 20], title="关于")])
def test_every_form_reads_back_equal(obj: dict[str, Any]):
    doc = Gongwen.from_json(obj)
    assert Gongwen.from_json(doc.to_json()) == doc
    assert doc.form == obj["form"]


def test_an_order_without_title_goes_by_its_mark_and_number():
    assert Gongwen.from_json(order()).one_line_title == "江门市人民政府令第3号"
