"""A prepared query gives what the query itself gives, each time for the values of that time."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import CharField, DateField, DateTimeField, F, UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from support.world import World
from yichuan.common.models import CalendarDay
from yichuan.common.prepared import Prepared, PreparedSql
from yichuan.exchange.models import Delivery
from yichuan.org.models import Post, Unit
from yichuan.web.lists import counting


def test_its_rows_are_those_of_the_query_with_all_that_hangs_on_them(world: World) -> None:
    first, second = world.delivery("市环保局"), world.delivery("市卫生局")
    ask = Prepared(lambda pk: Delivery.objects.filter(pk=pk).select_related("dispatch__document"), pk=UUIDField())
    for wanted in (first, second, first):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            (found,) = ask(pk=wanted.pk)
            assert (found, found.dispatch.document.number) == (wanted, wanted.dispatch.document.number)
        assert len(asked) == 1
        assert found.wrapped_key == wanted.wrapped_key
    assert ask(pk=uuid.uuid4()) == []


def test_it_reads_what_stands_there_now(world: World) -> None:
    unit = Unit.objects.get(short_name="市环保局")
    ask = Prepared(lambda code: Unit.objects.filter(code=code).values_list("short_name", "pk"), code=CharField())
    assert ask(code=unit.code) == [("市环保局", unit.pk)]
    Unit.objects.filter(pk=unit.pk).update(short_name="市生态局")
    assert ask(code=unit.code) == [("市生态局", unit.pk)]


def test_a_moment_is_a_value_too(world: World) -> None:
    account, now = world.clerk["市环保局"], timezone.now()
    ask = Prepared(
        lambda account, at: Post.objects.filter(account=account, since__lte=at), account=UUIDField(), at=DateTimeField()
    )
    assert ask(account=account.pk, at=now) == list(Post.objects.filter(account=account))
    assert ask(account=account.pk, at=now - timedelta(days=365 * 200)) == []


@pytest.mark.django_db
def test_a_day_is_a_value_too() -> None:
    days = [date(2026, 10, number) for number in (1, 2, 5)]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, working=False, changed_at=timezone.now()) for day in days)
    ask = Prepared(
        lambda first, last: (
            CalendarDay.objects.filter(day__gte=first, day__lte=last).order_by("day").values_list("day")
        ),
        first=DateField(),
        last=DateField(),
    )
    assert ask(first=days[1], last=days[2]) == [(days[1],), (days[2],)]
    assert ask(first=days[0], last=days[0]) == [(days[0],)]


def test_a_value_that_the_query_changes_is_refused(world: World) -> None:
    ask = Prepared(lambda at: Post.objects.filter(since__lte=at + timedelta(1)).annotate(n=F("pk")), at=DateTimeField())
    with pytest.raises(TypeError):
        ask(at=timezone.now())


def test_sql_that_is_written_once_answers_for_the_values_of_each_time(world: World) -> None:
    first, second = world.delivery("市环保局"), world.delivery("市卫生局")
    asked = PreparedSql(lambda unit: counting({"n": Delivery.objects.filter(unit_id=unit)}), unit=UUIDField())
    for unit, number in ((first.unit_id, 1), (second.unit_id, 1), (uuid.uuid4(), 0), (first.unit_id, 1)):
        assert [tuple(row) for row in asked(unit=unit)] == [("n", number)]


def test_sql_without_a_value_of_its_own_is_refused(world: World) -> None:
    asked = PreparedSql(lambda unit: counting({"n": Delivery.objects.all()}), unit=UUIDField())
    with pytest.raises(TypeError):
        asked(unit=uuid.uuid4())


def test_each_kind_of_row_is_what_the_query_itself_gives(world: World) -> None:
    unit = world.clerk["市环保局"].posts.get().unit
    kinds = [
        lambda pk: Unit.objects.filter(pk=pk).values("code", "closed_at", n=F("order")),
        lambda pk: Unit.objects.filter(pk=pk).values_list("code", F("order")),
        lambda pk: Unit.objects.filter(pk=pk).values_list("pk", flat=True),
    ]
    for rows in kinds:
        assert Prepared(rows, pk=UUIDField())(pk=unit.pk) == list(rows(unit.pk))


def test_columns_left_out_are_read_later_and_those_added_stand_on_the_row(world: World) -> None:
    delivery = world.delivery("市环保局")
    ask = Prepared(
        lambda pk: Delivery.objects.filter(pk=pk).defer("wrapped_key").annotate(to=F("box__unit")), pk=UUIDField()
    )
    (found,) = ask(pk=delivery.pk)
    assert found.get_deferred_fields() == {"wrapped_key"}
    assert (found.to, found.wrapped_key) == (delivery.unit_id, delivery.wrapped_key)


def test_what_takes_a_second_statement_is_refused(world: World) -> None:
    ask = Prepared(lambda pk: Unit.objects.filter(pk=pk).prefetch_related("names"), pk=UUIDField())
    with pytest.raises(TypeError):
        ask(pk=uuid.uuid4())
