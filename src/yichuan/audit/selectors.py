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
    """Whether the same act by the same person on the same object stands in the log already since then."""
    wanted = {f"detail__{name}": value for name, value in detail.items()}
    found = Entry.objects.filter(subject_id=subject.pk, at__gt=since, verb=verb, actor_id=actor.pk, **wanted)
    return found.filter(at__lte=clock.now()).exists()  # not what a clock that ran ahead wrote


def history(subject_ids: Iterable[uuid.UUID]) -> list[Entry | Unreadable]:
    """The entries about these objects, the newest first, as many as a page shows."""
    return in_order(Entry.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:MOST_SHOWN])


def faulty_checks() -> QuerySet[LogCheck]:
    """The checks of the log that found faults which the auditor has not acknowledged, the newest first."""
    found = LogCheck.objects.filter(state=LogCheck.State.DONE, acknowledged_at=None).exclude(faults=[])
    return found.order_by("-asked_at")
