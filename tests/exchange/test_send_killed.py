"""A process killed in the middle of a send: nothing or everything, and trying again gives exactly one dispatch."""

import uuid

import pytest
from django.db import connection

from support.killed import killed
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.models import Event
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.send import send

# The sender's process: it stops dead at one instruction of the real service and waits there to be killed.
CHILD = """
import signal, sys, uuid
import django
django.setup()
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import send as service
from yichuan.exchange.services.send import Recipient
from yichuan.org.models import Unit
from yichuan.people.models import Account

point, document_id, key, *names = sys.argv[1:]

def stop():
    print("here", flush=True)
    signal.pause()

def stopping(name, before):
    real = getattr(service, name)
    def wrapped(*args, **kwargs):
        if before:
            stop()
        result = real(*args, **kwargs)
        stop()
        return result
    setattr(service, name, wrapped)

if point == "before the transaction":
    stopping("command", before=True)
elif point == "the document is marked":
    stopping("mark_sent", before=False)
elif point == "deliveries are created":
    stopping("record_all", before=True)
elif point == "all is written":
    stopping("publish", before=False)
service.send(
    actor=Account.objects.get(username="clerk-0"),
    document=Document.objects.get(pk=document_id),
    recipients=[Recipient(Unit.objects.get(short_name=name).pk, Delivery.Role.MAIN, 2) for name in names],
    idempotency_key=uuid.UUID(key),
)
stop()
"""
UNITS = ("市环保局", "市卫生局", "市建设局")
NOTHING = ("before the transaction", "the document is marked", "deliveries are created", "all is written")


def _rows() -> tuple[int, int, int, int]:
    return (
        Dispatch.objects.count(),
        Delivery.objects.count(),
        Entry.objects.filter(verb="exchange.send").count(),
        Event.objects.filter(kind="arrival").count(),
    )


@pytest.mark.parametrize("point", [*NOTHING, "after the commit"])
def test_nothing_or_everything_and_a_retry_sends_once(committed_world: World, point: str) -> None:
    world = committed_world
    document, key = world.sealed(), uuid.uuid4()
    connection.close()  # the child alone is at the database

    killed(CHILD, point, document.pk, key, *UNITS)

    document.refresh_from_db()
    everything = point not in NOTHING
    assert _rows() == ((1, 3, 1, 3) if everything else (0, 0, 0, 0))
    assert document.state == ("sent" if everything else "sealed")

    again = send(actor=world.sending_clerk, document=document, recipients=world.recipients(*UNITS), idempotency_key=key)
    assert again == Dispatch.objects.get()
    assert _rows() == (1, 3, 1, 3)
    document.refresh_from_db()
    assert document.state == "sent"
