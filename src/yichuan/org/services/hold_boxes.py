"""Holding boxes while something is put into them, so that none of them changes hands in the same moment."""

import uuid
from collections.abc import Iterable

from django.db import connection

from yichuan.common.transactions import require_transaction
from yichuan.org.models import Box


def hold_boxes(box_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Box]:
    """The boxes as they stand now; nobody closes or moves them before this transaction ends. A step.

    Senders hold a box together (a shared lock, in the order of the ids); who closes or moves it waits for them all.
    Where one writer works at a time (SQLite) that holds already.
    """
    require_transaction()
    ids = sorted(set(box_ids))
    if connection.vendor == "postgresql" and ids:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM org_box WHERE id = ANY(%s) ORDER BY id FOR SHARE", [ids])
    return Box.objects.in_bulk(ids)
