"""More rows than one statement may have values: PostgreSQL's protocol counts them in two bytes."""

import uuid

import pytest
from django.db import connection

from yichuan.common import clock
from yichuan.common.models import Event

pytestmark = pytest.mark.django_db

ROWS = 20_000 if connection.vendor == "postgresql" else 2_000
"""On SQLite a statement of Django's takes 999 values."""


def test_rows_of_any_number_are_made_and_changed() -> None:
    at, unit = clock.now(), uuid.uuid4()
    made = Event.objects.bulk_create(Event(at=at, kind="many", unit_id=unit) for _ in range(ROWS))
    assert Event.objects.filter(unit_id=unit).count() == ROWS
    for each in made:
        each.kind = "changed"
    assert Event.objects.bulk_update(made, ["kind"]) == ROWS
    assert Event.objects.filter(unit_id=unit, kind="changed").count() == ROWS


def test_one_statement_takes_no_more_values_than_the_protocol() -> None:
    fields = Event._meta.concrete_fields
    if connection.vendor == "postgresql":
        assert connection.ops.bulk_batch_size(fields, range(ROWS)) * len(fields) <= 65_535
    assert 0 < connection.ops.bulk_batch_size(fields, range(ROWS)) <= ROWS
