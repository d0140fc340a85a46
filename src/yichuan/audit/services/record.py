"""Writing the log: in the caller's transaction, so that an act and its entry stand or fall together."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction


def record(
    *,
    verb: str,
    actor: Actor | None,
    unit_id: uuid.UUID | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add one entry. A step. `actor` is None where the centre itself acted; `detail` never holds text of a body."""
    added = entry(verb=verb, actor=actor, unit_id=unit_id, subject=subject, detail=detail)
    record_all([added])
    return added


def record_all(entries: Iterable[Entry]) -> None:
    """Add the entries of several acts of one transaction at once. A step."""
    require_transaction()
    Entry.objects.bulk_create(entries)


def entry(
    *,
    verb: str,
    actor: Actor | None,
    unit_id: uuid.UUID | None = None,
    subject: Model | None = None,
    detail: dict[str, Any] | None = None,
) -> Entry:
    """An entry that `record_all` is to add."""
    return Entry(
        at=clock.now(),
        verb=verb,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "系统",
        unit_id=unit_id,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        detail=detail or {},
    )
