"""Writing to the outbox: in the caller's transaction, so that no word goes out of what did not happen."""

import uuid
from collections.abc import Iterable

from yichuan.common import clock
from yichuan.common.models import Event
from yichuan.common.rows import insert_rows
from yichuan.common.transactions import require_transaction


def publish(kind: str, unit_ids: Iterable[uuid.UUID], *, subject_id: uuid.UUID | None = None) -> None:
    """Tell each unit that `kind` happened to `subject_id`. A step."""
    require_transaction()
    same = {"at": clock.now(), "kind": kind, "subject_id": subject_id}
    insert_rows(Event, same=same, each=["unit_id"], rows=[(unit_id,) for unit_id in unit_ids])


def publish_all(events: Iterable[tuple[str, uuid.UUID, uuid.UUID | None]]) -> None:
    """Words of several acts at once: each is the kind, the unit that is told, and the subject. A step."""
    require_transaction()
    insert_rows(Event, same={"at": clock.now()}, each=["kind", "unit_id", "subject_id"], rows=events)
