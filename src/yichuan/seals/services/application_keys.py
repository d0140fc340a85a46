"""The key of an application's papers: its own, wrapped by the device, never kept in the clear."""

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.seals.models import SealApplication

LABEL = "centre:seal-applications"


def wrapped(application: SealApplication, key: bytes) -> bytes:
    """The key as it is kept. Device work: never while locks are held."""
    try:
        if not device().has(LABEL):
            _make()
        return device().wrap(LABEL, key, application.key_context)
    except DeviceError as error:
        raise unavailable(error) from error


def own_key(application: SealApplication) -> bytes:
    """The key of the application's papers."""
    try:
        return device().unwrap(LABEL, bytes(application.wrapped_key), application.key_context)
    except DeviceError as error:
        raise unavailable(error) from error


def _make() -> None:
    """Make the wrapping key, unless somebody did at the same moment."""
    try:
        device().make_wrapping_key(LABEL)
    except DeviceError as error:
        if error.code != "label_taken":
            raise
