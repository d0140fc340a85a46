"""Files made to harm their reader are refused by name, within bounds of time and memory."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from support.drafts import as_docx, changed, with_body
from support.gongwen import document
from yichuan.lib.gongwen.checker import check_content
from yichuan.lib.gongwen.reading import ReadingError, ReadingLimits, read_docx, read_txt

DOCX = as_docx(document())
SMALL = ReadingLimits(
    file_bytes=100_000, unpacked_bytes=2_000_000, xml_bytes=1_000_000, paragraphs=50, characters=2_000, cells=60
)


def refusal(data: bytes, limits: ReadingLimits = SMALL) -> str:
    began = time.monotonic()
    with pytest.raises(ReadingError) as caught:
        read_docx(data, limits)
    assert time.monotonic() - began < 5
    return caught.value.code


def zipped(**entries: bytes) -> bytes:
    return changed(DOCX, **entries)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_zip"),
        (b"plain text", "not_a_zip"),
        (DOCX[: len(DOCX) // 2], "not_a_zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_or_encrypted"),
        (changed(DOCX, word__document_dot_xml=None), "not_docx"),
        (zipped(word__document_dot_xml=b"<a/>"), "not_docx"),
        (zipped(word__document_dot_xml=b"<a>"), "xml_invalid"),
        (zipped(word__document_dot_xml=b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'), "xml_dtd"),
        (zipped(word__document_dot_xml=b"<a>" * 230 + b"</a>" * 230), "xml_too_deep"),
        (zipped(word__styles_dot_xml=b"<a>" + b" " * 1_500_000 + b"</a>"), "xml_too_large"),
        (zipped(word__media__bomb_dot_png=bytes(5_000_000)), "entry_too_large"),
        (bytes(200_000), "package_too_large"),
    ],
)
def test_a_broken_or_harmful_package_is_refused_by_name(data: bytes, code: str):
    assert refusal(data) == code


@pytest.mark.parametrize(
    "xml",
    [
        "<w:p><w:r><w:t>甲</w:t></w:r></w:p>" * 60,
        f"<w:p><w:r><w:t>{'甲' * 3_000}</w:t></w:r></w:p>",
        f"<w:tbl>{'<w:tr><w:tc/><w:tc/></w:tr>' * 40}</w:tbl>",
        f"<w:tbl><w:tr>{'<w:tc/>' * 70}</w:tr></w:tbl>",
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr></w:tc></w:tr></w:tbl>',
        f"<w:tbl>{'<w:tr/>' * 2_001}</w:tbl>",
    ],
)
def test_more_than_the_limits_is_refused(xml: str):
    assert refusal(with_body(xml)) == "too_large"


def test_tables_in_tables_end():
    nested = "<w:p/>"
    for _ in range(40):
        nested = f"<w:tbl><w:tr><w:tc>{nested}</w:tc></w:tr></w:tbl>"
    assert read_docx(with_body(nested)).content == {"body": []}


def test_a_relationship_without_a_type_is_passed_over():
    data = as_docx(document())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read("word/_rels/document.xml.rels")
    untyped = links.replace(b"</Relationships>", b'<Relationship Id="rId99" Target="styles.xml"/></Relationships>')
    assert untyped != links
    reading = read_docx(changed(data, word___rels__document_dot_xml_dot_rels=untyped))
    assert reading.content["title"] == read_docx(data).content["title"]


def test_styles_that_are_based_on_each_other_end():
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>甲乙。</w:t></w:r></w:p>'
    data = changed(with_body(body), word__styles_dot_xml=styles.encode())
    assert read_docx(data).content["body"] == [{"type": "paragraph", "text": "甲乙。"}]


def test_a_merge_without_a_beginning_keeps_its_text():
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = [
        cell.format("<w:vMerge/>", "甲") + cell.format("", "乙"),
        cell.format('<w:gridSpan w:val="2"/><w:vMerge/>', "丙"),
        cell.format("", "丁"),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    (read,) = read_docx(with_body(table)).content["body"]
    assert "".join(str(cell) for row in read["rows"] for cell in row).count("甲") == 1
    assert all(letter in str(read["rows"]) for letter in "甲乙丙丁")


def test_a_size_that_lies_is_not_unpacked():
    data = bytearray(DOCX)
    central = data.index(b"PK\x01\x02", data.index(b"word/document.xml") + 1)
    with zipfile.ZipFile(io.BytesIO(DOCX)) as archive:
        size = archive.getinfo(archive.namelist()[1]).file_size
    at = data.index(size.to_bytes(4, "little"), central)
    data[at : at + 4] = (size - 1).to_bytes(4, "little")
    assert refusal(bytes(data)) in ("entry_damaged", "not_a_zip")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (" \r\n　\n".encode(), "empty"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", "not_text"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "not_text"),
        (b"abc\xff\xff", "encoding"),
        (b"\xff\xfe\x00", "encoding"),
        (("甲" * 3_000).encode(), "too_large"),
        (("甲\n" * 60).encode(), "too_large"),
        (bytes(200_000), "too_large"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, code: str):
    with pytest.raises(ReadingError) as caught:
        read_txt(data, SMALL)
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_text_is_read_in_every_usual_encoding(encoding: str, ends: str):
    text = "关于某事的通知\n各单位：\n　　请于2008年办理，张昇收。\n"
    content = read_txt(text.replace("\n", ends).encode(encoding)).content
    assert content["title"] == "关于某事的通知"
    assert content["body"] == [{"type": "paragraph", "text": "请于2008年办理，张昇收。"}]


def test_paragraphs_broken_at_a_width_are_joined_and_it_is_said():
    text = (
        "关于某事的通知\n各单位：\n"
        "　　为进一步做好全市电子公文交换工作，现就有关事项\n通知如下，请各单位认真贯彻执行，并将情况报送我办公\n室。\n"
        "　　一、时间\n　　自六月一日起。\n　　二、地点\n　　市政府。\n"
    )
    reading = read_txt(text.encode())
    assert reading.content["body"][0]["text"] == (
        "为进一步做好全市电子公文交换工作，现就有关事项通知如下，请各单位认真贯彻执行，并将情况报送我办公室。"
    )
    assert "lines_joined" in [note.code for note in reading.notes]


@pytest.mark.parametrize(
    "line",
    [
        "附件" + " " * 300_000 + "甲",
        "市府" + " " * 300_000 + "印发",
        "市府 2008年5月" * 30_000,
        "签发人" * 100_000,
        "（" * 200_000 + "1）" + "）" * 190_000,
        "江府办〔" * 90_000,
        "一、" * 190_000,
        "1." * 190_000,
        "关于" * 30_000 + "通知" * 100_000,
        '"' * 399_000,
        "1-" * 190_000,
    ],
    ids=lambda line: line[:4],
)
def test_no_line_takes_long(line: str):
    began = time.monotonic()
    check_content(read_txt(f"关于某事的通知\n{line}\n{line[:100]}\n".encode()).content)
    assert time.monotonic() - began < 10


def test_many_short_lines_do_not_take_long():
    began = time.monotonic()
    for line in ("附件", "一、甲", "2008年5月23日", "市府办公室", "附件：1.甲", "抄送：甲"):
        read_txt((f"{line}\n" * 19_000).encode())
    assert time.monotonic() - began < 20
