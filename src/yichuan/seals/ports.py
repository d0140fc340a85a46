"""What this room asks of the rooms above it; `config` says who answers."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class ToSeal:
    """A document of a unit that waits for its seal. `digest` is SM3 of its body, `attachments` that of their list.

    `ready` is whether it may be sealed now; `sizes` are its pages in millimetres, where they were asked for.
    """

    id: uuid.UUID
    unit_id: uuid.UUID
    number: str
    title: str
    digest: str
    attachments: str
    ready: bool
    sizes: tuple[tuple[float, float], ...] = ()


def documents_to_seal(ids: Iterable[uuid.UUID], *, pages: bool = False) -> dict[uuid.UUID, ToSeal]:
    """These documents as they are now, by their id; with the sizes of their `pages` if wanted."""
    found: dict[uuid.UUID, ToSeal] = import_string(settings.YICHUAN_DOCUMENTS_TO_SEAL)(set(ids), pages=pages)
    return found
