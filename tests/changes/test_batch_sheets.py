"""Sheets as units send them: what is right is read, what is not is said cell by cell (U6)."""

import io
import resource
import time
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from support.batches import STAFF_HEAD, person, saved, staff_xlsx, xlsx
from yichuan.changes.models import Import
from yichuan.changes.sheet_forms import FORMS, STAFF
from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import Row
from yichuan.common.sheets.table import read_table
from yichuan.common.sheets.writing import csv_bytes, table_xlsx, template_csv, template_xlsx


def rows_of(data: bytes) -> list[Row]:
    return read_table(data, STAFF).rows


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_table(data, STAFF)
    assert set(caught.value.errors) == {"file"}
    return caught.value.message


def only_fault(data: bytes) -> str:
    (fault,) = rows_of(data)[0].faults
    return fault.said()


def csv_of(*rows: list[str], encoding: str = "utf-8", sign: str = ",") -> bytes:
    return "\r\n".join(sign.join(row) for row in (STAFF_HEAD, *rows)).encode(encoding)


def with_cell(column: str, value: Any, number_format: str = "General") -> bytes:
    book = load_workbook(io.BytesIO(staff_xlsx()))
    cell = book.worksheets[0].cell(2, STAFF_HEAD.index(column) + 1)
    cell.value, cell.number_format = value, number_format
    return saved(book)


def test_a_right_row_has_no_fault() -> None:
    (row,) = rows_of(staff_xlsx())
    assert row.faults == []
    assert (row.number, row.values["name"], row.values["trained_on"]) == (2, "张三", "2008-06-25")


@pytest.mark.parametrize("kind", FORMS)
def test_the_template_can_be_taken_as_it_is_and_its_example_is_skipped(kind: Import.Kind) -> None:
    form = FORMS[kind]
    for data in (template_xlsx(form, ["说明"]), template_csv(form)):
        with pytest.raises(Invalid, match="表头下面没有内容"):
            read_table(data, form)


def test_a_row_below_the_templates_example_is_read() -> None:
    book = load_workbook(io.BytesIO(template_xlsx(STAFF, ["说明"])))
    for place, text in enumerate(person(), start=1):
        book["报名表"].cell(3, place).value = text
    (row,) = rows_of(saved(book))
    assert (row.values["name"], row.faults) == ("张三", [])


def test_the_template_holds_text_columns_and_lists_to_choose_from() -> None:
    book = load_workbook(io.BytesIO(template_xlsx(STAFF, ["说明"])))
    sheet = book["报名表"]
    assert sheet.column_dimensions["F"].number_format == "@"
    assert [check.formula1 for check in sheet.data_validations.dataValidation] == ['"是,否"']
    assert "填写说明" in book.sheetnames


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("手机", 13800138000, "13800138000"),
        ("手机", 13800138000.0, "13800138000"),
        ("手机", "13800138000.0", "13800138000"),
        ("手机", " 13800138000　", "13800138000"),
        ("培训日期", 39624, "2008-06-25"),
        ("培训日期", 39624.0, "2008-06-25"),
        ("培训日期", date(2008, 6, 25), "2008-06-25"),
        (
            "培训日期",
            datetime(2008, 6, 25, 9),  # noqa: DTZ001 - as a spreadsheet holds it
            "2008-06-25",
        ),
        ("培训日期", "2008年6月25日", "2008-06-25"),
        ("培训日期", "2008/6/25", "2008-06-25"),
        ("培训日期", "2008.06.25", "2008-06-25"),
        ("在编", True, "是"),
    ],
)
def test_a_value_is_read_as_whoever_typed_it_meant_it(column: str, value: Any, read: str) -> None:
    (row,) = rows_of(with_cell(column, value))
    key = next(each.key for each in STAFF.columns if each.label == column)
    assert (row.values[key], row.faults) == (read, [])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("手机", "=A1", "「手机」是公式，不是值：复制后用「选择性粘贴—数值」换成文字"),
        ("手机", "#N/A", "「手机」是错误值"),
        ("姓名", None, "「姓名」没有填：补填"),
        ("姓名", "张\u200b三", "「姓名」里面有看不见的字符"),
        ("姓名", "张" * 41, "「姓名」太长：不超过 40 个字"),
        ("在编", "在", "「在编」「在」不在可选的里面：只能填是、否"),
        ("培训日期", "去年", "「培训日期」「去年」不是日期：写成 2008-06-25"),
        ("培训日期", "2008-02-30", "「培训日期」「2008-02-30」不是日期"),
    ],
)
def test_a_faulty_cell_is_named_with_what_to_do(column: str, value: Any, said: str) -> None:
    assert only_fault(with_cell(column, value)).startswith(said)


def test_a_picture_that_wps_keeps_inside_a_cell_is_not_called_a_formula() -> None:
    assert "浮动图片" in only_fault(with_cell("职务", '=_xlfn.DISPIMG("ID_1",1)'))


def test_a_merged_cell_is_a_fault_of_every_row_it_covers() -> None:
    book = load_workbook(io.BytesIO(staff_xlsx(person(), person(姓名="李四", 手机="13800138001"), person(姓名="王五"))))
    book.worksheets[0].merge_cells("A2:A3")
    first, second, third = rows_of(saved(book))
    assert [fault.said() for fault in first.faults] == ["「单位名称」是合并单元格：取消合并，每一行都填写"]
    assert [fault.what for fault in second.faults] == ["是合并单元格"]
    assert third.faults == []


def test_a_merged_title_above_the_heading_is_no_fault() -> None:
    book = load_workbook(io.BytesIO(xlsx(["各单位有关人员报名表"], [STAFF_HEAD, person()])))
    book.worksheets[0].merge_cells("A1:J1")
    assert rows_of(saved(book))[0].faults == []


def test_blank_rows_are_passed_over_and_numbers_stay_those_of_the_sheet() -> None:
    blank = [""] * len(STAFF_HEAD)
    rows = rows_of(staff_xlsx(person(), blank, [None] * 3, person(姓名="李四", 手机="13800138001")))
    assert [(row.number, row.values["name"]) for row in rows] == [(2, "张三"), (5, "李四")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_that_offices_use(encoding: str, sign: str) -> None:
    (row,) = rows_of(csv_of(person(), encoding=encoding, sign=sign))
    assert (row.values["unit"], row.faults) == ("市环保局", [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (csv_of(person(), encoding="utf-16"), "UTF-16"),
        (csv_of(person(), encoding="utf-16-le"), "UTF-16"),
        (csv_of(person(), encoding="utf-32"), "UTF-32"),
        (csv_of(person(姓名="Jos\xe9\xff"), encoding="utf-8").replace(b"\xc3\xbf", b"\xff"), "既不是 UTF-8"),
        (b"", "文件是空的"),
        (b"%PDF-1.7", "这不是表格文件"),
        (b"\x89PNG\r\n\x1a\n", "这不是表格文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"PK\x03\x04" + b"\0" * 100, "打不开"),
        (staff_xlsx()[:-200], "打不开"),
        (xlsx(["甲", "乙"], [["1", "2"]]), "没有找到表头"),
        (xlsx([h for h in STAFF_HEAD if h != "姓名"], [person()]), "表头缺少：姓名"),
        (xlsx([*STAFF_HEAD, "身份证"], [person()]), "不认识的列：身份证"),
        (xlsx([*STAFF_HEAD, "姓名"], [person()]), "「姓名」出现了两次"),
        (csv_of(), "表头下面没有内容"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_file_of_which_nothing_can_be_taken_is_refused_in_plain_words(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_an_encrypted_zip_and_a_zip_that_is_no_workbook_are_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "打不开" in refusal(written.getvalue())


def _of_many_rows(number: int) -> bytes:
    """A workbook whose rows are written straight into the sheet: the writer would take minutes."""
    written = io.BytesIO()
    text = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = (
        f'<row r="{row}">' + text.format("A", row, f"第{row * 7919}局") + text.format("C", row, f"张{row}") + "</row>"
        for row in range(2, number + 2)
    )
    with zipfile.ZipFile(io.BytesIO(staff_xlsx())) as good, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as many:
        for name in good.namelist():
            data = good.read(name)
            if name.endswith("sheet1.xml"):
                data = data[: data.index(b'<row r="2"')] + "".join(rows).encode() + b"</sheetData></worksheet>"
            many.writestr(name, data)
    return written.getvalue()


def test_a_hundred_thousand_rows_are_refused_quickly_in_little_memory() -> None:
    data = _of_many_rows(100_000)
    begun, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "超过 20,000 行" in refusal(data)
    assert time.process_time() - begun < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 200 * 1024  # KiB


def test_a_sheet_that_unpacks_to_far_more_than_its_size_is_not_opened() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(staff_xlsx())) as good, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data + b" " * 60_000_000 if name.endswith("sheet1.xml") else data)
    begun = time.process_time()
    assert "ratio_too_high" in refusal(written.getvalue())
    assert time.process_time() - begun < 5


def test_entities_are_not_expanded() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(staff_xlsx())) as good, zipfile.ZipFile(written, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            mark = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
            bad.writestr(name, mark + data if name.endswith("sheet1.xml") else data)
    assert "DOCTYPE" in refusal(written.getvalue())


def test_a_hidden_sheet_is_not_read_and_that_is_said() -> None:
    book = load_workbook(io.BytesIO(staff_xlsx()))
    hidden = book.create_sheet("报名表")
    hidden.append(STAFF_HEAD)
    hidden.append(person(姓名="隐身人"))
    hidden.sheet_state = "hidden"
    table = read_table(saved(book), STAFF)
    assert [row.values["name"] for row in table.rows] == ["张三"]
    assert table.notes == ["隐藏的工作表没有读：报名表。"]


def test_of_several_sheets_the_forms_own_is_read() -> None:
    book = load_workbook(io.BytesIO(staff_xlsx(person(姓名="别人"))))
    own = book.create_sheet("报名表")
    own.append(STAFF_HEAD)
    own.append(person())
    table = read_table(saved(book), STAFF)
    assert [row.values["name"] for row in table.rows] == ["张三"]
    assert "没有读：表" in table.notes[0]


def test_what_leaves_is_never_a_formula() -> None:
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "张三"]
    book = load_workbook(io.BytesIO(table_xlsx("结果", dangerous, [dangerous])))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells] == ["s"] * 10
    assert [cell.value for cell in cells] == dangerous * 2
    assert [cell.quotePrefix for cell in cells] == [True, True, True, True, False] * 2
    assert csv_bytes([dangerous]).decode("utf-8-sig") == "'=1+1,'+1,'-1,'@SUM(A1),张三\r\n"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", ",".join(STAFF_HEAD).encode() + b"\n"):
        try:
            read_table(start + data, STAFF)
        except Invalid as found:
            assert set(found.errors) == {"file"}


def test_a_workbook_of_charts_alone_is_refused() -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.create_chartsheet("图")
    assert "打不开" in refusal(saved(book))
