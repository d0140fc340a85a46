"""打印登记: each numbered copy stands in the register of the desk that printed it, and of nobody else (R4, J-34)."""

import io
import uuid
from typing import Any

import openpyxl
import pytest
from django.db import connection

from support.printing import issued, print_original
from support.world import World
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt
from yichuan.exchange.selectors_prints import prints_of

UNIT, OTHER = "市环保局", "市卫生局"
PAGE = "/printed/"


@pytest.fixture
def printed(world: World) -> Delivery:
    """A delivery of which the first two of three copies were printed."""
    delivery = world.signed_for(UNIT, allowance=3)
    print_original(actor=world.clerk[UNIT], delivery_id=delivery.pk, copies=2)
    return delivery


def _page(world: World, name: str = UNIT, **asked: str) -> str:
    return world.browser(world.clerk[name]).get(PAGE, asked).content.decode()


def _table(data: bytes) -> list[tuple[Any, ...]]:
    [sheet] = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return list(sheet.iter_rows(values_only=True))


def test_each_copy_is_a_line_with_who_printed_it_and_with_which_seal(world: World, printed: Delivery) -> None:
    page = _page(world)
    assert page.count("<tr data-row>") == 2
    receipt = Receipt.objects.get(delivery=printed, kind="received")
    document = printed.dispatch.document
    for said in (
        document.number, document.title, "1 / 3", "2 / 3", world.clerk[UNIT].name, f"{world.units[UNIT].name}验证印章",
        receipt.pk.hex[:12].upper(),
    ):  # fmt: skip
        assert str(said) in page


def test_copies_that_came_to_nothing_stand_nowhere(world: World, printed: Delivery) -> None:
    PrintedCopy.objects.filter(number=2).update(state="failed")
    PrintedCopy.objects.filter(number=1).update(state="reserved")
    assert "还没有打印过原件" in _page(world)


def test_another_unit_sees_none_of_it(world: World, printed: Delivery) -> None:
    assert "还没有打印过原件" in _page(world, OTHER)
    answer = world.browser(world.clerk[OTHER]).post(f"{PAGE}export/")
    assert len(_table(answer.content)) == 1


def test_a_filter_narrows_it_and_says_so(world: World, printed: Delivery) -> None:
    other = world.signed_for(UNIT)
    issued(other, world.clerk[UNIT])
    number = other.dispatch.document.number or ""
    page = _page(world, number=number)
    assert page.count("<tr data-row>") == 1
    assert "已筛选" in page
    assert "另有 2 件" in page
    assert "没有符合条件的打印" in _page(world, person="无此人")
    assert "没有符合条件的打印" in _page(world, until="2001-01-01")
    assert _page(world, since="2001-01-01").count("<tr data-row>") == 3


@pytest.mark.parametrize(
    "asked", [{"number": "\0"}, {"since": "x"}, {"until": "9999-99-99"}, {"page": "x"}, {"person": "长" * 500}]
)
def test_a_filter_that_cannot_be_shows_the_list(world: World, asked: dict[str, str]) -> None:
    assert world.browser(world.clerk[UNIT]).get(PAGE, asked).status_code == 200


def test_it_is_taken_along_as_a_table_on_record(world: World, printed: Delivery) -> None:
    answer = world.browser(world.clerk[UNIT]).post(f"{PAGE}export/")
    rows = _table(answer.content)
    assert rows[0][:3] == ("序号", "打印时间", "文号")
    assert [row[5] for row in rows[1:]] == ["第 2 份，共 3 份", "第 1 份，共 3 份"]
    entry = Entry.objects.get(verb="exchange.export_list")
    assert entry.detail == {"kind": "打印登记", "count": 2}


@pytest.mark.django_db
def test_however_long_the_register_its_page_is_read_from_an_index() -> None:
    sql, parameters = prints_of(uuid.uuid4(), None).select_related(None)[:14].query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", parameters)
        plan = "\n".join(str(line[-1]) for line in cursor.fetchall())
    assert "exchange_print_register" in plan
