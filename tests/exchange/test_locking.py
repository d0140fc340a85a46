"""Taking hold of a delivery that was looked at before: what changed since then counts, not what was seen."""

import pytest
from django.db import connection

from support.world import World
from yichuan.common.errors import NotFound, Refused
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.locking import locked, visible

AROUND_ONE = 'SELECT "exchange_delivery"%"org_unitname"%WHERE "exchange_delivery"."id" %'


def test_what_was_seen_lends_its_names_and_nothing_that_may_have_changed(world: World) -> None:
    clerk, delivery = world.clerk["市环保局"], world.delivery("市环保局")
    seen = visible(clerk, delivery.pk)
    Delivery.objects.filter(pk=delivery.pk).update(printed=1)
    with command():
        now, transition = locked(clerk, delivery.pk, "sign_for", seen)
    assert (now.printed, transition.verb) == (1, "sign_for")
    assert (now.dispatch, now.box, now.unit) == (seen.dispatch, seen.box, seen.unit)


def test_a_state_that_changed_since_is_refused(world: World) -> None:
    clerk, delivery = world.clerk["市环保局"], world.delivery("市环保局")
    seen = visible(clerk, delivery.pk)
    Delivery.objects.filter(pk=delivery.pk).update(state="returned")
    with pytest.raises(Refused) as refusal, command():
        locked(clerk, delivery.pk, "sign_for", seen)
    assert refusal.value.code == "wrong_state"


def test_what_went_into_other_hands_since_is_not_there_any_more(world: World) -> None:
    clerk, delivery = world.clerk["市环保局"], world.delivery("市环保局")
    seen = visible(clerk, delivery.pk)
    Delivery.objects.filter(pk=delivery.pk).update(unit=world.units["市卫生局"])
    with pytest.raises(NotFound), command():
        locked(clerk, delivery.pk, "sign_for", seen)
    with command():
        assert locked(world.clerk["市卫生局"], delivery.pk, "sign_for", seen)[0].unit == world.units["市卫生局"]


def test_the_names_around_one_are_planned_once(world: World) -> None:
    """Of a list PostgreSQL knows no length beforehand, and plans its joins each time."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no plans")
    clerk, delivery = world.clerk["市环保局"], world.delivery("市环保局")
    for _ in range(12):  # three make psycopg prepare it, five more PostgreSQL keep its plan
        visible(clerk, delivery.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(generic_plans) FROM pg_prepared_statements WHERE statement LIKE %s", [AROUND_ONE])
        assert cursor.fetchone()[0] > 0
