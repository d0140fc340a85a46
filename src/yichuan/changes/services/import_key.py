"""The key of an import: its own, wrapped by the device; the file, and the pictures that came with it, rest under it."""

from yichuan.changes.models import Import, Imprint
from yichuan.common import sealed
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable

LABEL = "centre:imports"


def wrapped(source: Import, key: bytes) -> bytes:
    """The key as it is kept. Device work: never while locks are held."""
    try:
        if not device().has(LABEL):
            _make()
        return device().wrap(LABEL, key, source.key_context)
    except DeviceError as error:
        raise unavailable(error) from error


def import_key(source: Import) -> bytes:
    """The key of the import's file and pictures."""
    try:
        return device().unwrap(LABEL, bytes(source.wrapped_key), source.key_context)
    except DeviceError as error:
        raise unavailable(error) from error


def picture_of(imprint: Imprint) -> bytes:
    """The imprint's picture as PNG."""
    return sealed.read_bytes(import_key(imprint.source), imprint.context, imprint.blob)


def _make() -> None:
    """Make the wrapping key, unless somebody did at the same moment."""
    try:
        device().make_wrapping_key(LABEL)
    except DeviceError as error:
        if error.code != "label_taken":
            raise
