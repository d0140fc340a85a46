"""Reading the log."""

import uuid
from collections.abc import Iterable

from yichuan.audit.models import Entry


def history(subject_ids: Iterable[uuid.UUID]) -> list[Entry]:
    """The entries about these objects, the newest first."""
    return list(Entry.objects.filter(subject_id__in=list(subject_ids)).order_by("-at", "-id"))
