"""A list as an XLSX workbook: read back by another library."""

import io

import openpyxl

from yichuan.lib.xlsx import workbook


def test_another_library_reads_what_was_written() -> None:
    rows = [("序号", "标题"), (1, "关于<水质> & “监测”的通知"), (2, "=1+1"), (3, " 前后有空格 "), (4, "换\n行")]
    book = openpyxl.load_workbook(io.BytesIO(workbook("目录<1>", rows)))
    sheet = book.active
    assert sheet is not None and sheet.title == "目录<1>"
    assert list(sheet.iter_rows(values_only=True)) == rows
    assert sheet["B3"].data_type != "f", "nothing is a formula"


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook("x", [("a\x00b\x1bc",)])))
    assert book.active is not None and book.active["A1"].value == "abc"
