"""A process killed in the middle of a send: nothing or everything, and trying again gives exactly one dispatch."""

import os
import signal
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.models import Event
from yichuan.compose.models import Document
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


def _database_url() -> str:
    """The present test database, as another process reaches it."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def _kill_at(point: str, document: Document, key: uuid.UUID) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
        "YICHUAN_DATABASE_URL": _database_url(),
        "YICHUAN_HOME": str(settings.HOME),
        "YICHUAN_SECRETS": str(settings.SECRETS),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    command = [sys.executable, "-c", CHILD, point, str(document.pk), str(key), *UNITS]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = child.stdout.readline().strip()
        child.send_signal(signal.SIGKILL)
        _, complaints = child.communicate(timeout=30)
        assert said == "here", complaints
        assert child.returncode == -signal.SIGKILL


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

    _kill_at(point, document, key)

    document.refresh_from_db()
    everything = point not in NOTHING
    assert _rows() == ((1, 3, 1, 3) if everything else (0, 0, 0, 0))
    assert document.state == ("sent" if everything else "sealed")

    again = send(actor=world.sending_clerk, document=document, recipients=world.recipients(*UNITS), idempotency_key=key)
    assert again == Dispatch.objects.get()
    assert _rows() == (1, 3, 1, 3)
    document.refresh_from_db()
    assert document.state == "sent"
