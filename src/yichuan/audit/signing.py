"""Who signs checkpoints: the room of keys stands above this one, so `config` names it (`YICHUAN_CHECKPOINT_SIGNER`)."""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.lib.gm.sm2 import PublicKey


class Signer(Protocol):
    """The centre's key for checkpoints, and the name under which its log goes."""

    def log_name(self) -> str:
        """What the log is called in every checkpoint, one line, for as long as the centre stands. Raises Unavailable
        where no centre is opened."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature (DER) over a checkpoint's text. Never while locks are held. Raises Unavailable."""
        ...

    def keys(self) -> Sequence[PublicKey]:
        """Every key that signs or signed checkpoints of this centre, the newest first; none that was revoked."""
        ...


def signer() -> Signer:
    """The one of this centre."""
    found: Signer = import_string(settings.YICHUAN_CHECKPOINT_SIGNER)
    return found
