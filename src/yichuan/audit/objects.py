"""What the log is about, as the rooms above know it: people, units, documents.

The log keeps ids. Which they are of what somebody types, and what they are called, `config` plugs in
(`YICHUAN_LOG_OBJECTS`).
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

MOST_NAMED = 20
"""So many people or units may be meant by what was typed; where there are more, the page asks for the whole name."""


@dataclass(frozen=True)
class Named:
    """Something that was meant: its ids in the log, what it is called, and the words that mean it alone."""

    ids: tuple[uuid.UUID, ...]
    label: str
    exactly: str = ""


class Objects(Protocol):
    """The port. What is typed is at most 60 characters and may be anything; at most `MOST_NAMED` + 1 are returned."""

    def persons(self, text: str) -> list[Named]:
        """Who is meant by an account or a name; where nobody has the very name, whose name begins so."""

    def units(self, text: str) -> list[Named]:
        """Which units, open or closed, are meant by a present or former name; else those whose name holds it."""

    def document(self, text: str) -> Named | None:
        """The document with this number or with this id, or one of whose dispatch, deliveries … the id is, as
        everything that entries about it may name. Its label is the number, never the title."""

    def unit_names(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Short names by id."""

    def document_of(self, kind: str, subject_id: uuid.UUID) -> Named | None:
        """The document (its id, its number) that an entry about this object belongs to, where there is one."""


def objects() -> Objects:
    """What is plugged in."""
    return cast(Objects, import_string(settings.YICHUAN_LOG_OBJECTS)())
