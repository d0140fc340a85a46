"""Reading the log."""

import uuid
from collections.abc import Iterable

from yichuan.audit.models import Entry

MOST_SHOWN = 200


def history(subject_ids: Iterable[uuid.UUID]) -> list[Entry]:
    """The entries about these objects, the newest first, as many as a page shows."""
    return list(Entry.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id")[:MOST_SHOWN])
