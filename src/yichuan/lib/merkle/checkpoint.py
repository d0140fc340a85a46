"""Checkpoints: what a log was at a moment, as a short signed text that can be kept anywhere.

    yichuan log checkpoint 1
    <the log's name>
    <number of entries>
    <root, base64>
    <time, ISO 8601 with offset>

    <SM2 signature (DER) over everything above, with the empty line, base64>

Every line ends with one line feed. The certificate of the key that signs is not in it: who reads one brings it.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import DIGEST_SIZE
from yichuan.lib.one_line import is_one_line

HEAD = "yichuan log checkpoint 1"
LONGEST = 2_000
"""Characters of a checkpoint, at most."""
SHORT = 8
"""So many bytes of the root stand where space is short, on paper."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class CheckpointError(ValueError):
    """A text that is no checkpoint; the message says what is wrong with it."""


@dataclass(frozen=True)
class Checkpoint:
    """A log of `size` entries had this root (32 bytes) at `at`, which knows its offset. `log` is its name, one line."""

    log: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """What is signed, letter by letter."""
        root = base64.b64encode(self.root).decode()
        return f"{HEAD}\n{self.log}\n{self.size}\n{root}\n{self.at.isoformat(timespec='seconds')}\n\n"

    @property
    def short(self) -> str:
        """Number of entries and the first 8 bytes of the root in hexadecimal, as printed on paper: 「1024·9f0c…」."""
        return f"{self.size}·{self.root[:SHORT].hex()}"

    def signed(self, signature: bytes) -> str:
        """The whole text with its signature (DER)."""
        return f"{self.text}{base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint with the signature (DER) that stands under it."""

    checkpoint: Checkpoint
    signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether this key signed it letter by letter."""
        return key.verify(self.signature, self.checkpoint.text.encode())


def read_checkpoint(text: str) -> SignedCheckpoint:
    """The checkpoint that a text is. Raises CheckpointError; line ends of Windows are forgiven, nothing else is."""
    if len(text) > LONGEST:
        raise CheckpointError(f"longer than {LONGEST} characters")
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(lines) != 7 or lines[0] != HEAD or lines[5]:
        raise CheckpointError(f"not the seven lines that begin with {HEAD!r}")
    log, size, at = lines[1], lines[2], lines[4]
    if not log or not is_one_line(log):
        raise CheckpointError("line 2: the name of the log is missing or holds control characters")
    if not _NUMBER.fullmatch(size):
        raise CheckpointError("line 3: not a number of entries")
    root, signature = _bytes(lines[3], 4), _bytes(lines[6], 7)
    if len(root) != DIGEST_SIZE:
        raise CheckpointError("line 4: not a root of 32 bytes")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise CheckpointError("line 5: not a time") from error
    if moment.tzinfo is None or moment.isoformat(timespec="seconds") != at:
        raise CheckpointError("line 5: not a time as a checkpoint writes it, with its offset")
    return SignedCheckpoint(Checkpoint(log, int(size), root, moment), signature)


def _bytes(line: str, number: int) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError(f"line {number}: not base64") from error
    if base64.b64encode(data).decode() != line:  # the decoder is lenient; a checkpoint is what was signed
        raise CheckpointError(f"line {number}: not base64 as it was written")
    return data
