"""Holding boxes while something is put into them, so that none of them changes hands in the same moment."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from yichuan.common.transactions import require_transaction
from yichuan.org.models import Box


class HeldBox(NamedTuple):
    """Whose a box is, under which key, and whether it was closed: what a wrap for it stands or falls with."""

    unit_id: uuid.UUID
    generation: int
    closed_at: datetime | None


def hold_boxes(box_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, HeldBox]:
    """The boxes as they stand now; nobody closes or moves them before this transaction ends. A step.

    Senders hold a box together (a shared lock, in the order of the ids); who closes or moves it waits for them all.
    Where one writer works at a time (SQLite) that holds already.
    """
    require_transaction()
    ids = sorted(set(box_ids))
    if connection.vendor != "postgresql":
        rows = Box.objects.filter(pk__in=ids).values_list("pk", *HeldBox._fields)
        return {pk: HeldBox(*row) for pk, *row in rows}
    with connection.cursor() as cursor:  # what it gives after waiting for a lock is the row as it stands then
        cursor.execute(
            "SELECT id, unit_id, generation, closed_at FROM org_box WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids]
        )
        return {pk: HeldBox(*row) for pk, *row in cursor.fetchall()}
