"""The text in the QR symbol on a numbered original: which copy of which document, for whom (R4), signed with SM2.

    YC1|文号|copy/allowance|unit|printed at|digest|copy's number|signature

The signature (r‖s, base64 for addresses without padding) is over everything before the last stroke. `digest` is the
first half of the sealed body's SM3 digest, hexadecimal.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from .gm.sm2 import PublicKey

VERSION = "YC1"
LONGEST = 600
_FORM = re.compile(
    r"YC1\|(?P<number>[^|]{0,80})\|(?P<copy>[0-9]{1,5})/(?P<allowance>[0-9]{1,5})\|(?P<unit>[^|]{1,80})"
    r"\|(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})\|(?P<digest>[0-9a-f]{32})\|(?P<id>[0-9a-f]{32})"
    r"\|(?P<signature>[A-Za-z0-9_-]{86})"
)


@dataclass(frozen=True)
class PrintCode:
    """What a code says; `printed_at` is the centre's wall clock, to the minute."""

    number: str
    copy: int
    allowance: int
    unit: str
    printed_at: str
    digest: str
    copy_id: str


def looks_like_code(text: str) -> bool:
    """Whether a text means to be such a code, signed by whomever."""
    return text.startswith(f"{VERSION}|")


def read_print_code(text: str, key: PublicKey) -> PrintCode | None:
    """What a code says, if `key` signed it letter by letter; None for anything else."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not text.isprintable():
        return None
    said, _, written = text.rpartition("|")
    try:
        signature = base64.urlsafe_b64decode(written + "==")
    except (binascii.Error, ValueError):
        return None
    if write_signature(signature) != written:  # the decoder is lenient; a code is what was printed
        return None
    if not key.verify(signature, said.encode()):
        return None
    numbers = int(found["copy"]), int(found["allowance"])
    return PrintCode(found["number"], *numbers, found["unit"], found["at"], found["digest"], found["id"])


def write_signature(signature: bytes) -> str:
    """A signature (r‖s) as it stands in a code."""
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
