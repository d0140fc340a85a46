"""Many rows at once, without an object for each."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from support.world import World
from yichuan.common import clock
from yichuan.common.ids import new_id
from yichuan.common.models import Event
from yichuan.common.rows import FEW, alter_rows, insert, insert_rows
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery


@pytest.mark.django_db
def test_what_varies_what_is_the_same_and_the_defaults_come_together() -> None:
    units, at = [uuid.uuid4(), uuid.uuid4()], clock.now()
    with transaction.atomic():
        insert_rows(
            Event, same={"at": at, "kind": "竖|线\t换\n行\\N"}, each=["unit_id"], rows=[(unit,) for unit in units]
        )
    rows = list(Event.objects.order_by("pk"))
    assert [each.unit_id for each in rows] == units
    assert {(each.at, each.kind, each.subject_id) for each in rows} == {(at, "竖|线\t换\n行\\N", None)}


def _as_row(delivery: Delivery, **other: Any) -> dict[str, Any]:
    row = {field.attname: getattr(delivery, field.attname) for field in Delivery._meta.concrete_fields}
    return row | {"id": new_id(), "wrapped_key": bytes(delivery.wrapped_key)} | other


def test_bytes_days_and_empty_values_arrive_as_they_were_given(world: World) -> None:
    old = world.delivery("市环保局")
    row = _as_row(
        old, state="replaced", wrapped_key=bytes(range(256)), note="它说：“\\x00”", counted_day=clock.now().date()
    )
    with command():
        insert_rows(Delivery, same={}, each=list(row), rows=[list(row.values())])
    found = Delivery.objects.get(pk=row["id"])
    assert _as_row(found, id=row["id"]) == row


def test_a_constraint_speaks_as_it_does_to_bulk_create_and_nothing_of_it_stays(world: World) -> None:
    row = _as_row(world.delivery("市环保局"))
    with pytest.raises(IntegrityError), command():
        insert_rows(Delivery, same={}, each=list(row), rows=[list(row.values())])
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_a_name_that_the_model_does_not_know_and_a_missing_key_are_refused() -> None:
    with transaction.atomic():
        with pytest.raises(ValueError, match="Event has no unit"):
            insert_rows(Event, same={"unit": uuid.uuid4()}, each=[], rows=[])
        with pytest.raises(ValueError, match="id is another for each row"):
            insert_rows(Delivery, same={}, each=["order"], rows=[(1,)])


@pytest.mark.django_db(transaction=True)
def test_it_is_a_step() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        insert_rows(Event, same={}, each=["unit_id"], rows=[])


def test_rows_that_are_named_get_the_same_values_and_no_other_row_does(world: World) -> None:
    at, three = clock.now(), list(world.sent("市环保局", "市卫生局", "市建设局").deliveries.order_by("order"))
    clerk = world.clerk["市环保局"].pk
    new = {"state": "signed_for", "signed_for_at": at, "signed_for_by_id": clerk, "counted_day": None}
    with command():
        alter_rows(Delivery, [each.pk for each in three[:2]], new)
    found = [Delivery.objects.get(pk=each.pk) for each in three]
    assert [_as_row(each, id=each.pk) for each in found] == [
        *(_as_row(each, id=each.pk, **new) for each in three[:2]), _as_row(three[2], id=three[2].pk)
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, FEW, FEW + 1])
@pytest.mark.django_db
def test_few_and_many_rows_come_in_their_order(number: int) -> None:
    units = [uuid.uuid4() for _ in range(number)]
    with transaction.atomic():
        insert_rows(Event, same={"at": clock.now(), "kind": "a"}, each=["unit_id"], rows=[(unit,) for unit in units])
    assert [each.unit_id for each in Event.objects.order_by("pk")] == units


def test_an_object_is_written_as_save_writes_it(world: World) -> None:
    old = Document.objects.get(pk=world.sent("市环保局").document_id)
    columns = [field.attname for field in Document._meta.concrete_fields]
    given = {name: getattr(old, name) for name in columns} | {"id": new_id(), "number": None, "title": "另一件"}
    new = Document(**given | {"seal_places": [{"page": 1, "x": 2.5}]})
    with command():
        insert(new)
    found = Document.objects.get(pk=new.pk)
    assert not new._state.adding
    assert {name: getattr(found, name) for name in columns} == {name: getattr(new, name) for name in columns}
    with pytest.raises(IntegrityError), command():
        insert(new)
