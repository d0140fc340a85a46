"""The signed code on every page of a numbered original: which document, which copy, for whom, when (R4).

The text can be read by any telephone; the signature is made with a key of its own and checked against the centre's
certificate for it.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.algos import DSASignature
from django.utils.timezone import localtime

from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.authority import PRINT_CODES, certificate_of
from yichuan.keys.services.device import device, unavailable

VERSION = "YC1"
_FIELDS = 8


@dataclass(frozen=True)
class PrintCode:
    """What a code says. `digest` is the first half of the sealed body's SM3 digest, hexadecimal."""

    number: str
    copy: int
    allowance: int
    unit: str
    printed_at: str
    digest: str
    copy_id: str


def make_code(delivery: Delivery, copy: PrintedCopy, at: datetime) -> str:
    """The text of the QR symbol of one copy. A device call: outside of any transaction."""
    document = delivery.dispatch.document
    said = "|".join(
        [
            VERSION,
            document.number or "",
            f"{copy.number}/{delivery.allowance}",
            delivery.unit.short_name,
            localtime(at).strftime("%Y-%m-%dT%H:%M"),
            document.body_digest[:32],
            copy.pk.hex,
        ]
    )
    try:
        signature = device().sign(PRINT_CODES, said.encode())
    except DeviceError as error:
        raise unavailable(error) from error
    raw = DSASignature.load(signature).to_p1363()
    return f"{said}|{_written(raw)}"


def _written(signature: bytes) -> str:
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


def read_code(text: str) -> PrintCode | None:
    """What a code says, if this centre signed it; None for anything else."""
    said, _, written = text.rpartition("|")
    parts = text.split("|")
    if len(parts) != _FIELDS or parts[0] != VERSION or parts[2].count("/") != 1:
        return None
    try:
        signature = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (binascii.Error, ValueError):
        return None
    if _written(signature) != written:  # the decoder is lenient; a code is what was printed, letter by letter
        return None
    if not certificate_of(PRINT_CODES).public_key.verify(signature, said.encode()):
        return None
    copy, allowance = parts[2].split("/")
    return PrintCode(parts[1], int(copy), int(allowance), parts[3], parts[4], parts[5], parts[6])
