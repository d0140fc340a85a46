"""Keys that rest wrapped under a key of the centre's own: of applications, of imports, of what custodians give.

A label names what the wrapped keys are for; its wrapping key is made at first need.
"""

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable


def wrap_under(label: str, key: bytes, context: bytes) -> bytes:
    """The 16-byte key as it is kept, bound to `context`. Device work: never while locks are held.

    Raises Unavailable.
    """
    try:
        if not device().has(label):
            _make(label)
        return device().wrap(label, key, context)
    except DeviceError as error:
        raise unavailable(error) from error


def unwrap_under(label: str, wrapped: bytes, context: bytes) -> bytes:
    """The key again. Raises Unavailable, also where wrap and context do not belong together."""
    try:
        return device().unwrap(label, wrapped, context)
    except DeviceError as error:
        raise unavailable(error) from error


def _make(label: str) -> None:
    """Make the wrapping key, unless somebody did at the same moment."""
    try:
        device().make_wrapping_key(label)
    except DeviceError as error:
        if error.code != "label_taken":
            raise
