"""The signed code on every page of a numbered original: which document, which copy, for whom, when (R4).

The text can be read by any telephone; the signature is made with a key of its own and checked against the centre's
certificate for it.
"""

from datetime import datetime

from asn1crypto.algos import DSASignature
from django.utils.timezone import localtime

from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.authority import PRINT_CODES, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.lib.print_code import VERSION, PrintCode, read_print_code, write_signature


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
    return f"{said}|{write_signature(raw)}"


def read_code(text: str) -> PrintCode | None:
    """What a code says, if this centre signed it; None for anything else."""
    return read_print_code(text, certificate_of(PRINT_CODES).public_key)
