"""A draft begun from a word processor's file or plain text."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.drafts import as_docx, as_text, changed
from support.gongwen import document
from support.world import World
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content


def _import(world: World, name: str, data: bytes) -> Any:
    clerk = world.browser(world.sending_clerk)
    return clerk.post("/documents/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_a_word_file_becomes_a_draft_that_can_be_typeset(world: World) -> None:
    table = {"type": "table", "columns": [50.0, 50.0], "rows": [[{"text": "甲", "colspan": 2}], ["乙", "丙"]]}
    obj = document(body=[{"type": "paragraph", "text": "请认真组织实施。"}, table])
    page = _import(world, "稿子.docx", as_docx(obj)).content.decode()
    fields, original = read_content(Document.objects.get())
    assert (fields["kind"], fields["number"], fields["title"]) == ("通知", obj["doc_no"], obj["title"])
    assert fields["body"] == "请认真组织实施。\n【表格 1】"
    assert original["body"][1] == table
    assert "已按 GB/T 9704 排好版" in page


def test_what_was_left_out_stands_beside_the_draft(world: World) -> None:
    text = as_text(document()).replace("2008年5月23日", "二〇〇八年五月二十三日")
    page = _import(world, "稿子.txt", text.encode("gb18030")).content.decode()
    assert "导入时没有带入或改过的 1 处" in page
    assert "「二〇〇八年五月二十三日」" in page


def test_what_the_file_lacks_comes_from_the_unit(world: World) -> None:
    page = _import(world, "稿子.txt", "关于某事的函\n　　请支持。\n".encode()).content.decode()
    assert "成文日期：稿子里没有，填了今天，请核对。" in page
    assert "没有找到" not in page, "nothing is left to fill in"
    fields, _ = read_content(Document.objects.get())
    assert (fields["kind"], fields["issuer"]) == ("函", world.sender.name)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("稿子.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "请先另存为 .docx"),
        ("稿子.docx", b"text", "内容却是"),
        ("稿子.docx", b"PK\x03\x04 broken", "没有导入"),
        ("稿子.txt", "　\n".encode(), "里面没有文字"),
        ("稿子.docx", changed(as_docx(document()), word__document_dot_xml=b"<!DOCTYPE a><a/>"), "可能有害"),
        (
            "稿子.docx",
            as_docx(document(copy_no="000001", secrecy="机密★1年")),
            "密级文件以及内部资料不在交换系统中交换",
        ),
    ],
)
def test_what_cannot_be_imported_is_said_and_nothing_is_kept(world: World, name: str, data: bytes, said: str) -> None:
    answer = _import(world, name, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert page.index(said) < page.index('id="draft"'), "below the form nobody would see it"
    assert 'class="on open"' in page, "发文 is where one is"
    assert not Document.objects.exists()


def test_an_empty_choice_is_said(world: World) -> None:
    answer = world.browser(world.sending_clerk).post("/documents/import/")
    assert "请先选择要导入的文件" in answer.content.decode()


def test_a_number_that_was_used_is_refused(world: World) -> None:
    data = as_docx(document())
    _import(world, "稿子.docx", data)
    answer = _import(world, "稿子.docx", data)
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()
    assert Document.objects.count() == 1
