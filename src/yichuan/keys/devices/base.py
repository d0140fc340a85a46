"""What a key device offers, whatever holds the keys: software, PKCS#11 or SDF.

Keys have labels and never leave the device. Symmetric wraps are bound to what they are for (`context`), so that a
wrap made for one box and document opens nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from yichuan.lib.gm.sm2 import PublicKey


class DeviceError(Exception):
    """The device refused or did not answer.

    `code` is stable: `locked` (its master key, PIN or access right is missing or wrong), `no_such_key`, `label_taken`,
    `wrong_context`, `wrong_password`, `unsupported` (the device cannot do this kind of key), `full` (no room for
    another key), `removed` (it is not there any more), `slow` (no answer in time), `failed`.
    After an error nothing is half-made: the label names what it named before.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Ability(StrEnum):
    """What not every device can do; the rest of the calls raise `unsupported`."""

    SM2 = "SM2 签名"
    P256 = "P-256 签名"
    WRAPPING = "包裹公文密钥"
    INSIDE = "设备内签名（密钥不进进程的内存）"


@dataclass(frozen=True)
class Description:
    """What a device says of itself: for `yichuan doctor` and the record of a seal's use. Holds no secret.

    `kind` is soft, pkcs11 or sdf; `name` the token's or device's own name with its serial number where it has them,
    `model` maker, model and version.
    """

    kind: str
    name: str
    model: str
    abilities: frozenset[Ability]


class KeyDevice(Protocol):
    """The interface of every device. All calls raise `DeviceError`; all are safe from several threads.

    A `password` is 16 random bytes; what people type is stretched and unwraps those. A key made with one answers only
    to it: the device itself cannot use the key without.
    """

    def describe(self) -> Description:
        """Ask the device itself: an error says that it is not well (`locked`, `removed`, `slow`, `failed`)."""
        ...

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        """Make an SM2 key inside; the label must be free."""
        ...

    def make_p256_key(self, label: str, *, password: bytes | None = None) -> bytes:
        """Make a key on P-256 inside, for PDF; its public half as SubjectPublicKeyInfo. The label must be free."""
        ...

    def public_key(self, label: str) -> PublicKey:
        """The public half of an SM2 key, with or without its password known."""
        ...

    def p256_key(self, label: str) -> bytes:
        """The public half of a P-256 key (SubjectPublicKeyInfo, DER), with or without its password known."""
        ...

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        """A signature over `message`, DER: SM2 with SM3 and the default user id (GM/T 0009), or ECDSA with SHA-256.

        The key's kind decides. `wrong_password` also where none is given, or one is for a key that has none.
        """
        ...

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        """Let a key answer to another password only; a failure leaves the old one."""
        ...

    def make_wrapping_key(self, label: str) -> None:
        """Make a symmetric key inside (SM4 where the device has it, else AES); the label must be free."""
        ...

    def look_ahead(self, labels: Iterable[str]) -> None:
        """These wrapping keys are used next: read them at once where that saves time, else do nothing."""
        ...

    def wrap(self, label: str, key: bytes, context: bytes) -> bytes:
        """Encrypt a 16-byte key under the wrapping key `label`, bound to `context`."""
        ...

    def unwrap(self, label: str, wrapped: bytes, context: bytes) -> bytes:
        """The inverse; `wrong_context` where wrap, label and context do not belong together."""
        ...

    def has(self, label: str) -> bool: ...

    def destroy(self, label: str) -> None:
        """Remove the key for good; what was wrapped under it stays closed. A label that names none is no fault.

        Where the device keeps its keys in the database, the removal stands or falls with the caller's transaction.
        """
        ...
