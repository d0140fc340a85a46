"""The key of an import: its own, wrapped by the device; the file, and the pictures that came with it, rest under it."""

from yichuan.changes.models import Import, Imprint
from yichuan.common import sealed
from yichuan.keys.services.wrapping import unwrap_under, wrap_under

LABEL = "centre:imports"


def wrapped(source: Import, key: bytes) -> bytes:
    """The key as it is kept. Device work: never while locks are held."""
    return wrap_under(LABEL, key, source.key_context)


def import_key(source: Import) -> bytes:
    """The key of the import's file and pictures."""
    return unwrap_under(LABEL, bytes(source.wrapped_key), source.key_context)


def picture_of(imprint: Imprint) -> bytes:
    """The imprint's picture as PNG."""
    return sealed.read_bytes(import_key(imprint.source), imprint.context, imprint.blob)
