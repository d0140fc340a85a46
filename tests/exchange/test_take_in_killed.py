"""Taking in killed in the middle, and asked by many at once: all or nothing, each letter signed for once."""

import pytest
from django.db import connection

from support.at_once import at_once
from support.intake import a_system, taken_of
from support.killed import killed
from support.world import World
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.receipts import settle_receipts, verify_receipt
from yichuan.exchange.services.take_in import Intake, take_in
from yichuan.people.models import Account

# The office system's process: it stops dead at one instruction of the real service and waits there to be killed.
CHILD = """
import signal, sys, uuid
import django
django.setup()
from yichuan.exchange.services import take_in as service
from yichuan.people.models import Account

point, account, *deliveries = sys.argv[1:]

def stop(*_, **__):
    print("here", flush=True)
    signal.pause()

real = service.write

def written(acts):
    real(acts)
    stop()

if point == "all is written":
    service.write = written
elif point == "the acts are committed":
    service.sign_soon = stop
service.take_in(actor=Account.objects.get(pk=account), delivery_ids=[uuid.UUID(each) for each in deliveries])
stop()
"""


@pytest.mark.parametrize("point", ["all is written", "the acts are committed", "at the end"])
def test_killed_in_the_middle_it_took_in_all_or_nothing_and_again_heals_it(committed_world: World, point: str) -> None:
    world = committed_world
    system, ids = a_system(world), [world.delivery().pk, world.delivery().pk]
    connection.close()  # the child alone is at the database
    killed(CHILD, point, system.pk, *ids)
    done = point != "all is written"
    states = set(Delivery.objects.filter(pk__in=ids).values_list("state", flat=True))
    assert states == {"received" if done else "delivered"}
    assert Receipt.objects.count() == (4 if done else 0)
    assert Receipt.objects.exclude(signature=None).count() == (4 if point == "at the end" else 0)
    assert Entry.objects.filter(verb="exchange.sign_for").count() == (2 if done else 0)
    again = taken_of(take_in(actor=system, delivery_ids=ids))
    assert len(again) == 2 and Entry.objects.filter(verb="exchange.sign_for").count() == 2
    settle_receipts()
    assert [verify_receipt(each) for each in Receipt.objects.all()] == [True] * 4


def test_two_requests_at_once_sign_for_each_letter_once(committed_world: World) -> None:
    world = committed_world
    system, ids = a_system(world), [world.delivery().pk for _ in range(3)]
    got: list[Intake] = []

    def ask(number: int) -> None:
        actor = Account.objects.get(pk=system.pk)
        got.append(take_in(actor=actor, delivery_ids=ids if number % 2 else ids[::-1]))

    assert at_once(ask, 4) == []
    assert [len(taken_of(each)) for each in got] == [3] * 4
    assert Entry.objects.filter(verb="exchange.sign_for").count() == 3
    assert Entry.objects.filter(verb="exchange.read").count() == 12
    assert Entry.objects.filter(verb="exchange.receipt").count() == 6
    assert all(verify_receipt(each) for each in Receipt.objects.all()) and Receipt.objects.count() == 6
