"""Bringing in the list of units and the imprints of a batch (U6)."""

import io

import pytest
from openpyxl import load_workbook
from openpyxl.drawing.image import Image

from support.batches import (
    IMPRINTS_HEAD,
    UNITS_HEAD,
    Planned,
    imprint_png,
    planned,
    said,
    saved,
    unit,
    xlsx,
    zipped,
)
from support.world import World, blob_path
from yichuan.changes.models import Import, Imprint, PlannedUnit
from yichuan.changes.services.batch_approve import approve_batch, register_units
from yichuan.changes.services.import_end import drop_import
from yichuan.changes.services.import_key import picture_of
from yichuan.changes.services.import_run import advance
from yichuan.common.errors import Refused
from yichuan.org.models import Unit

UNITS, IMPRINTS = Import.Kind.UNITS, Import.Kind.IMPRINTS


@pytest.fixture
def plan(world: World) -> Planned:
    return planned(world)


def test_units_of_a_list_join_when_the_supervising_office_has_approved_it(plan: Planned) -> None:
    plan.imported(xlsx(UNITS_HEAD, [unit(1), unit(2, 性质="事业单位")]), UNITS)
    assert PlannedUnit.objects.count() == 2
    assert not Unit.objects.filter(short_name="市第1局").exists()
    with pytest.raises(Refused, match="还没有经主管单位批准"):
        register_units(actor=plan.operator, number=1)
    plan.batch.refresh_from_db()
    approve_batch(actor=plan.supervisor, number=1, version=plan.batch.version)
    source = register_units(actor=plan.operator, number=1)
    while advance(source.pk, seconds=1):
        pass
    second = Unit.objects.get(short_name="市第2局")
    assert (second.batch, second.starts, second.kind) == (1, plan.batch.starts, "institution")
    assert second.boxes.count() == 1
    assert PlannedUnit.objects.get(code="JM9002").unit == second


def test_a_list_that_grew_wants_a_new_approval(plan: Planned) -> None:
    plan.imported(xlsx(UNITS_HEAD, [unit(1)]), UNITS)
    plan.batch.refresh_from_db()
    approve_batch(actor=plan.supervisor, number=1, version=plan.batch.version)
    plan.imported(xlsx(UNITS_HEAD, [unit(2)]), UNITS)
    with pytest.raises(Refused, match="还没有经主管单位批准"):
        register_units(actor=plan.operator, number=1)


def test_the_operator_does_not_approve_its_own_list(plan: Planned) -> None:
    plan.imported(xlsx(UNITS_HEAD, [unit(1)]), UNITS)
    plan.batch.refresh_from_db()
    with pytest.raises(Refused, match="没有「审批单位申请」的权限"):
        approve_batch(actor=plan.operator, number=1, version=plan.batch.version)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (unit(1, 全称="江门市环境保护局", 简称="市环保局"), "看上去一样"),
        (unit(1, 简称="巿环保局"), "「巿环保局」和「"),
        (unit(1, 单位编号="JM0003"), "已经用过"),
        (unit(1, 批次="2"), "「2」不是本批"),
        (unit(1, 性质="公司"), "不在可选的里面"),
        (unit(1, 排序="第一"), "不是正整数"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_unit_that_cannot_be_listed_is_said_cell_by_cell(plan: Planned, row: list[str], words: str) -> None:
    assert Unit.objects.filter(code="JM0003").exists()
    (faults,) = said(plan.take(xlsx(UNITS_HEAD, [row]), UNITS))
    assert any(words in fault for fault in faults)


def test_units_that_look_alike_in_one_list_are_found(plan: Planned) -> None:
    first, second = said(plan.take(xlsx(UNITS_HEAD, [unit(1), unit(2, 全称="江门市 第1局")]), UNITS))
    assert first == []
    assert "和第 2 行重复" in second[0]


def imprint_sheet(*rows: list[str]) -> bytes:
    return xlsx(IMPRINTS_HEAD, rows or [["市环保局", "章.png", "42"]])


def test_a_picture_named_in_the_sheet_is_kept_encrypted_for_the_unit(plan: Planned) -> None:
    plan.imported(imprint_sheet(), IMPRINTS, pictures=zipped(**{"章.png": imprint_png()}))
    kept = Imprint.objects.get(replaced_at=None)
    assert kept.unit == plan.world.units["市环保局"]
    assert (kept.width, kept.height, kept.dpi, kept.warnings) == (600, 600, 300, [])
    assert picture_of(kept).startswith(b"\x89PNG")
    assert b"PNG" not in blob_path(kept.blob).read_bytes()[:64]


def test_a_picture_put_into_the_sheet_belongs_to_the_row_it_begins_in(plan: Planned) -> None:
    book = load_workbook(io.BytesIO(imprint_sheet(["市卫生局", "", ""], ["市环保局", "", "42"])))
    book.worksheets[0].add_image(Image(io.BytesIO(imprint_png())), "B3")
    first, second = said(plan.take(saved(book), IMPRINTS))
    assert "没有找到图片" in first[0]
    assert second == []


def test_a_newer_imprint_takes_the_place_of_the_one_before_and_outlives_the_import(plan: Planned) -> None:
    for _ in range(2):
        source = plan.imported(imprint_sheet(), IMPRINTS, pictures=zipped(**{"市环保局.png": imprint_png()}))
    assert Imprint.objects.count() == 2
    drop_import(actor=plan.operator, import_id=source.pk)
    assert picture_of(Imprint.objects.get(replaced_at=None)).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"GIF89a" + b"\0" * 40, "图片不是 PNG、JPEG 或 TIFF"),
        (imprint_png()[:400], "图片损坏，打不开"),
        (b"", "图片不是 PNG"),
    ],
)
def test_a_picture_that_cannot_be_taken_is_a_fault_of_its_row(plan: Planned, picture: bytes, words: str) -> None:
    (faults,) = said(plan.take(imprint_sheet(), IMPRINTS, pictures=zipped(**{"章.png": picture})))
    assert words in faults[0] or "没有找到图片" in faults[0]


def test_a_picture_that_is_missing_is_said(plan: Planned) -> None:
    (faults,) = said(plan.take(imprint_sheet(), IMPRINTS))
    assert "没有找到图片" in faults[0]
