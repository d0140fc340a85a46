"""Sheets that were damaged on the way, or made to fill memory and time, are refused in plain words, quickly."""

import io
import random
import resource
import string
import time
import zipfile

import pytest

from support.batches import IMPRINTS_HEAD, STAFF_HEAD, imprint_png, person, planned, staff_xlsx, zipped
from support.world import World
from yichuan.changes.models import Import
from yichuan.changes.services.import_rows import faults_of
from yichuan.changes.sheet_forms import IMPRINTS, STAFF
from yichuan.common.errors import Invalid
from yichuan.common.sheets.pictures import in_zip
from yichuan.common.sheets.table import read_table
from yichuan.common.sheets.writing import table_xlsx

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
# What does not compress, so that the ratio of a bomb stays below the bound.
NOISE = b"<!--" + "".join(random.Random(1).choices(string.ascii_letters, k=120_000)).encode() + b"-->"  # noqa: S311


def with_part(name: str, data: bytes) -> bytes:
    """The staff form with one part in another's place."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(staff_xlsx())) as good, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bad:
        for each in good.namelist():
            bad.writestr(each, data if each == name else good.read(each))
    return written.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_table(data, STAFF)
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (SHEET, b"<worksheet %b><sheetData><row>" % MAIN + b"<c/>" * 3_000_000 + b"</row></sheetData></worksheet>"),
        (SHEET, b"<worksheet %b><sheetData><row><c>" % MAIN + b"<row/>" * 3_000_000 + b"</c></row></sheetData>"),
        (STYLES, b"<styleSheet %b><fonts>" % MAIN + b"<font/>" * 1_500_000 + b"</fonts></styleSheet>"),
        (BOOK, b"<workbook %b>" % MAIN + b"<x/>" * 3_000_000 + b"</workbook>"),
    ],
    ids=["one row", "rows within a row", "styles", "workbook"],
)  # fmt: skip
def test_a_part_of_too_many_elements_fills_neither_memory_nor_time(name: str, data: bytes) -> None:
    bomb = with_part(name, data.replace(b">", b">" + NOISE, 1))
    begun, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "内容太多" in refusal(bomb)
    assert time.process_time() - begun < 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 80 * 1024  # KiB


def test_a_doctype_is_found_wherever_it_stands() -> None:
    late = b"<!--" + b"x" * 5_000 + b'--><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
    assert "DOCTYPE" in refusal(with_part(SHEET, late))
    assert "DOCTYPE" in refusal(with_part(SHEET, ('<?xml version="1.0"?>' + late.decode()).encode("utf-16")))


def test_merged_areas_over_one_another_take_no_time() -> None:
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    letters = string.ascii_uppercase
    rows = [STAFF_HEAD, *[person()] * 1_500]
    written = "".join(
        f'<row r="{n}">' + "".join(cell.format(letters[at], n, text) for at, text in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, start=1)
    )
    areas = "".join(f'<mergeCell ref="A{n}:XFD1048576"/>' for n in range(2, 402))
    data = f"<worksheet {MAIN.decode()}><sheetData>{written}</sheetData><mergeCells>{areas}</mergeCells></worksheet>"
    sheet = with_part(SHEET, data.encode())
    begun = time.process_time()
    found = read_table(sheet, STAFF).rows
    assert time.process_time() - begun < 5
    assert len(found) == 1_500 and all(len(row.faults) == len(STAFF_HEAD) for row in found)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_that_was_damaged_on_the_way_is_refused_or_read(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311
    for data, read in (
        (staff_xlsx(), lambda data: read_table(data, STAFF)),
        (zipped(**{"市环保局.png": imprint_png(60)}), in_zip),
    ):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[chosen.randrange(4, len(damaged))] = chosen.randrange(256)
        try:
            read(bytes(damaged))
        except Invalid as refused:
            assert refused.message


@pytest.mark.parametrize("day", ["²-1-1", "9" * 5_000 + "-1-1", "٣-1-1", "1-1-99999999999"])
def test_what_only_looks_like_a_date_is_a_fault_of_its_cell(day: str) -> None:
    data = "\n".join(",".join(row) for row in (STAFF_HEAD, person(培训日期=day))).encode()
    (fault,) = read_table(data, STAFF).rows[0].faults
    assert fault.column == "培训日期"


def test_a_figure_that_is_no_number_is_a_fault_of_its_cell(world: World) -> None:
    size = next(column.label for column in IMPRINTS.columns if column.key == "diameter")
    row = dict.fromkeys(IMPRINTS_HEAD, "") | {"单位名称": "市环保局", size: "²"}
    data = "\n".join(",".join(each) for each in (IMPRINTS_HEAD, row.values())).encode()
    source = planned(world).take(data, Import.Kind.IMPRINTS)
    assert size in {fault.column for fault in faults_of(source.rows.get())}


def test_a_long_cell_with_hidden_characters_can_be_written_into_the_result() -> None:
    data = "\n".join(",".join(row) for row in (STAFF_HEAD, person(职务="\x01" * 10_000))).encode()
    (row,) = read_table(data, STAFF).rows
    assert "看不见的字符" in row.faults[0].said()
    assert table_xlsx("导入结果", ["职务"], [[row.values["title"]]])
