"""A process killed while it carries an application out: the ticker goes on from there, and it is done once."""

import pytest
from django.db import connection

from support.changes import parties as name_parties
from support.killed import killed
from support.world import World, forget_caches
from yichuan.audit.models import Entry
from yichuan.changes.models import Plan
from yichuan.changes.services.carry_out import LEFT_ALONE_FOR, settle_plans
from yichuan.org.models import Box, Unit

# The operator's process: it stops dead at one instruction of the real service and waits there to be killed.
CHILD = """
import signal, sys, uuid
import django
django.setup()
from yichuan.changes.services import carry_out as service
from yichuan.changes.services.carrying import kinds
from yichuan.people.models import Account

point, application_id = sys.argv[1:]

def stop(*_, **__):
    print("here", flush=True)
    signal.pause()

def stopping(module, name):
    real = getattr(module, name)
    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        stop()
        return result
    setattr(module, name, wrapped)

if point == "before the intent is committed":
    service.step = stop
elif point == "the intent stands":
    kinds.prepare = stop
elif point == "the keys are made":
    stopping(kinds, "prepare")
elif point == "all rooms are done, not committed":
    stopping(kinds, "carry")
service.carry_out(
    actor=Account.objects.get(username="operator-市规划局-1"), application_id=uuid.UUID(application_id)
)
stop()
"""


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("before the intent is committed", "approved"),
        ("the intent stands", "carrying_out"),
        ("the keys are made", "carrying_out"),
        ("all rooms are done, not committed", "carrying_out"),
        ("after the commit", "done"),
    ],
)
def test_what_was_begun_is_ended_by_the_ticker_once(committed_world: World, point: str, state: str) -> None:
    application = name_parties(committed_world).approved("join")
    connection.close()  # the child alone is at the database

    killed(CHILD, point, application.pk)

    application.refresh_from_db()
    assert application.state == state
    assert Unit.objects.filter(short_name="市水利局").count() == (1 if state == "done" else 0)

    forget_caches()
    for plan in Plan.objects.all():
        Plan.objects.filter(pk=plan.pk).update(begun_at=plan.begun_at - 2 * LEFT_ALONE_FOR)
    assert settle_plans() == (1 if state == "carrying_out" else 0)
    assert settle_plans() == 0
    application.refresh_from_db()
    if state == "approved":
        assert application.state == "approved" and not Plan.objects.exists()
        return
    assert application.state == "done"
    unit = Unit.objects.get(short_name="市水利局")
    assert Box.objects.filter(unit=unit).count() == 1
    assert Entry.objects.filter(verb="changes.finish", subject_id=application.pk).count() == 1
