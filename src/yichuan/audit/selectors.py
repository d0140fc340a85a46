"""Reading the log."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, QuerySet

from yichuan.audit.models import Entry, LogCheck
from yichuan.audit.unreadable import Unreadable, in_order
from yichuan.common import clock
from yichuan.common.permissions import Actor

MOST_SHOWN = 200


def recorded_lately(*, verb: str, actor: Actor, subject: Model, since: datetime, **detail: str) -> bool:
    """Whether the same act by the same person on the same object stands in the log already since then. An entry that
    cannot be read says of none."""
    until = clock.now()  # not what a clock that ran ahead wrote
    found = Entry.objects.filter(subject_id=subject.pk, at__gt=since, at__lte=until, verb=verb, actor_id=actor.pk)
    if not detail:
        return found.exists()
    return any(isinstance(each, Entry) and detail.items() <= each.detail.items() for each in in_order(found))


def history(subject_ids: Iterable[uuid.UUID]) -> list[Entry | Unreadable]:
    """The entries about these objects, the newest first, as many as a page shows."""
    return in_order(Entry.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:MOST_SHOWN])


def faulty_checks() -> QuerySet[LogCheck]:
    """The checks of the log that found faults which the auditor has not acknowledged, the newest first."""
    found = LogCheck.objects.filter(state=LogCheck.State.DONE, acknowledged_at=None).exclude(faults=[])
    return found.order_by("-asked_at")
