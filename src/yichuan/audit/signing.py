"""Who signs checkpoints: the room of keys stands above this one, so `config` names it (`YICHUAN_CHECKPOINT_SIGNER`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.merkle import SignedCheckpoint


@dataclass(frozen=True)
class CheckpointKey:
    """A key that signs or signed checkpoints of this centre.

    `until`: checkpoints of later moments are not good under it, for it was revoked, held or replaced then. `leaked`:
    somebody else may have it, so that the time in a checkpoint is no proof of when that was signed.
    """

    key: PublicKey
    until: datetime | None = None
    leaked: bool = False

    def signed(self, checkpoint: SignedCheckpoint) -> bool:
        """Whether it signed this checkpoint letter by letter, for a moment at which it was good."""
        said = checkpoint.checkpoint
        in_force = self.until is None or said.at <= self.until
        return in_force and _signed(self.key, checkpoint.signature, said.text)


class Signer(Protocol):
    """The centre's key for checkpoints, and the name under which its log goes."""

    def log_name(self) -> str:
        """What the log is called in every checkpoint, one line, for as long as the centre stands. Raises Unavailable
        where no centre is opened."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature (DER) over a checkpoint's text. Never while locks are held. Raises Unavailable."""
        ...

    def since(self) -> datetime | None:
        """The second in which the key that signs now was made, None where it is the first: what was written before
        that, under another key, it cannot sign so that anybody believes it. Raises Unavailable."""
        ...

    def keys(self) -> Sequence[CheckpointKey]:
        """Every key that signs or ever signed checkpoints of this centre, the newest first."""
        ...


def signer() -> Signer:
    """The one of this centre."""
    found: Signer = import_string(settings.YICHUAN_CHECKPOINT_SIGNER)
    return found


def key_of(checkpoint: SignedCheckpoint, keys: Sequence[CheckpointKey]) -> CheckpointKey | None:
    """Which of these keys signed it, as `CheckpointKey.signed` asks; None where none did."""
    return next((key for key in keys if key.signed(checkpoint)), None)


@lru_cache(maxsize=1024)
def _signed(key: PublicKey, signature: bytes, text: str) -> bool:
    """Asked of the newest checkpoint again and again; the answer follows from the three alone."""
    return key.verify(signature, text.encode())
