"""Reading the log."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, Q

from yichuan.audit.models import Entry
from yichuan.common.permissions import Actor

MOST_SHOWN = 200
A_PAGE = 50


def recorded_lately(*, verb: str, actor: Actor, subject: Model, since: datetime, **detail: str) -> bool:
    """Whether the same act by the same person on the same object stands in the log already since then."""
    wanted = {f"detail__{name}": value for name, value in detail.items()}
    found = Entry.objects.filter(subject_id=subject.pk, at__gt=since, verb=verb, actor_id=actor.pk, **wanted)
    return found.exists()


def history(subject_ids: Iterable[uuid.UUID]) -> list[Entry]:
    """The entries about these objects, the newest first, as many as a page shows."""
    return list(Entry.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:MOST_SHOWN])


def log_entries(
    since: datetime,
    before: datetime,
    *,
    act: str = "",
    person: str = "",
    older_than: tuple[datetime, int] | None = None,
) -> list[Entry]:
    """One page of the log and one entry more, the newest first, within a span of time.

    `act` is a verb, or a room that stands for all its verbs; `older_than` is time and number of the last entry of the
    page before: a log that grows while it is read shows nothing twice and skips nothing.
    """
    found = Entry.objects.filter(at__gte=since, at__lt=before)
    if act:
        found = found.filter(verb=act) if "." in act else found.filter(verb__startswith=f"{act}.")
    if person:
        found = found.filter(actor_name__startswith=person)
    if older_than is not None:
        at, number = older_than
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=number), at__lte=at)
    return list(found.order_by("-at", "-pk")[: A_PAGE + 1])
