"""That the auditor looked somebody or something up in the log is an act as well, and stands in it."""

from datetime import timedelta
from typing import Any

from yichuan.audit.models import Entry
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command

VERB = "audit.search"
AGAIN_AFTER = timedelta(minutes=10)
LOOKED_UP = ("person", "unit", "document")


def note_search(*, actor: Actor, fields: dict[str, Any]) -> None:
    """Record whom or what a search was about, once in a while the same. A command where there is something to record:
    turning over the log by days and acts is no act of its own."""
    detail = detail_of(fields)
    if not any(detail.get(name) for name in LOOKED_UP):
        return
    now = clock.now()
    found = Entry.objects.filter(actor_id=actor.pk, at__gt=now - AGAIN_AFTER, at__lte=now, verb=VERB)
    if detail not in found.values_list("detail", flat=True):
        with command():
            record(verb=VERB, actor=actor, detail=detail)


def detail_of(fields: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as the log keeps it."""
    return {name: str(value) if name in ("since", "until") else value for name, value in fields.items() if value}
