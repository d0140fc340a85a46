"""The text in the QR symbol on a numbered original: which copy of which document, who printed it with what (R4).

    YC3|文号|copy/allowance|unit|printed at|digest|copy's number|verification|word|size:root|key|signature

Signed with SM2 (r‖s) over everything before the last stroke. `digest` is the first half of the sealed body's SM3
digest, `verification` the number of the verification seal's certificate, `word` the first half of the SM3 digest over
what that seal signed when it checked the signing seal, `size:root` the newest checkpoint of the log when it was printed
(number of entries, first eight bytes of the root): paper is not rolled back with a database. `key` is the first five
bytes of the SM3 digest over the public key (SPKI) of the centre that signs codes. Bytes stand in base64 for addresses,
without padding.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .gm.sm2 import PublicKey
from .gm.sm3 import sm3
from .merkle.checkpoint import SHORT

VERSION = "YC3"
LONGEST = 600
HALF = 16
"""So many bytes of a digest stand in a code."""
_KEY_BYTES = 5
_FORM = re.compile(
    r"YC3\|(?P<number>[^|]{0,80})\|(?P<copy>[0-9]{1,5})/(?P<allowance>[0-9]{1,5})\|(?P<unit>[^|]{1,80})"
    r"\|(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})\|(?P<digest>[A-Za-z0-9_-]{22})\|(?P<id>[A-Za-z0-9_-]{22})"
    r"\|(?P<verification>[A-Za-z0-9_-]{1,27})\|(?P<word>[A-Za-z0-9_-]{22})"
    r"\|(?P<size>0|[1-9][0-9]{0,17}):(?P<root>[A-Za-z0-9_-]{11})\|(?P<key>[A-Za-z0-9_-]{7})"
    r"\|(?P<signature>[A-Za-z0-9_-]{86})"
)


class Fault(Enum):
    """Why a text that means to be a code is none of these keys'."""

    TORN = "torn"
    """Letters are missing, or it was never one."""
    FOREIGN = "foreign"
    """It names the key of another centre."""
    ALTERED = "altered"
    """It names one of these keys, which did not sign this."""


@dataclass(frozen=True)
class LogMark:
    """What a checkpoint leaves on paper: its log had `size` entries, and a root that begins with these 8 bytes."""

    size: int
    root: bytes

    @classmethod
    def of(cls, size: int, root: bytes) -> LogMark:
        """The mark of a log of this size with this whole root."""
        return cls(size, root[:SHORT])

    def is_of(self, root: bytes) -> bool:
        """Whether a log of this size with this whole root has this mark."""
        return root[:SHORT] == self.root

    def __str__(self) -> str:
        """As people read it: 「1024·9f0c…」."""
        return f"{self.size}·{self.root.hex()}"


@dataclass(frozen=True)
class PrintCode:
    """What a code says; `printed_at` is the centre's wall clock, to the minute.

    `digest` and `word` are the first 16 bytes of digests, `copy_id` 16 bytes, `verification` the certificate's number.
    """

    number: str
    copy: int
    allowance: int
    unit: str
    printed_at: str
    digest: bytes
    copy_id: bytes
    verification: int
    word: bytes
    log: LogMark

    def unsigned(self, key: PublicKey) -> str:
        """What is signed with `key`, letter by letter. Wide spaces and strokes in names become plain spaces."""
        number = self.verification.to_bytes(max((self.verification.bit_length() + 7) // 8, 1))
        said = (_plainly(self.number), f"{self.copy}/{self.allowance}", _plainly(self.unit), self.printed_at)
        raw = (self.digest, self.copy_id, number, self.word)
        log = f"{self.log.size}:{_written(self.log.root)}"
        return "|".join([VERSION, *said, *map(_written, raw), log, key_name(key)])


def key_name(key: PublicKey) -> str:
    """By which short name a code calls the key that signs it."""
    return _written(sm3(key.der)[:_KEY_BYTES])


def looks_like_code(text: str) -> bool:
    """Whether a text means to be such a code, signed by whomever."""
    return text.startswith(f"{VERSION}|")


def signed_code(said: str, signature: bytes) -> str:
    """The text of the symbol: what was said, and the signature over it (r‖s)."""
    return f"{said}|{_written(signature)}"


def read_print_code(text: str, keys: Sequence[PublicKey]) -> PrintCode | Fault:
    """What a code says, if one of `keys` signed it letter by letter; else why not."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST and text.isprintable() else None
    if found is None:
        return Fault.TORN
    try:
        digest, copy_id, verification, word, root, signature = (
            _read(found[name]) for name in ("digest", "id", "verification", "word", "root", "signature")
        )
    except (binascii.Error, ValueError):
        return Fault.TORN
    named = [key for key in keys if key_name(key) == found["key"]]
    if not named:
        return Fault.FOREIGN
    said = text.rpartition("|")[0]
    if not any(key.verify(signature, said.encode()) for key in named):
        return Fault.ALTERED
    return PrintCode(
        number=found["number"],
        copy=int(found["copy"]),
        allowance=int(found["allowance"]),
        unit=found["unit"],
        printed_at=found["at"],
        digest=digest,
        copy_id=copy_id,
        verification=int.from_bytes(verification),
        word=word,
        log=LogMark(int(found["size"]), root),
    )


def _plainly(name: str) -> str:
    return "".join(letter if letter.isprintable() and letter != "|" else " " for letter in name)


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _written(data) != text:  # the decoder is lenient; a code is what was printed
        raise ValueError("not as it was written")
    return data
