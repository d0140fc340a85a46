"""What a key device offers, whatever holds the keys: software, PKCS#11 or SDF.

Keys have labels and never leave the device. Symmetric wraps are bound to what they are for (`context`), so that a
wrap made for one box and document opens nothing else.
"""

from typing import Protocol

from yichuan.lib.gm.sm2 import PublicKey


class DeviceError(Exception):
    """The device refused or did not answer.

    `code` is stable: `locked`, `no_such_key`, `label_taken`, `wrong_context`, `wrong_password`, `unsupported` (the
    device cannot do this kind of key), `removed` (it is not there any more), `failed`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class KeyDevice(Protocol):
    """The interface of every device. All calls raise `DeviceError`; all are safe from several threads."""

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        """Make an SM2 key inside; the label must be free.

        With a `password` (16 random bytes; what people type is stretched and unwraps those) the key answers only
        to it: the device itself cannot use the key without.
        """
        ...

    def public_key(self, label: str) -> PublicKey:
        """The public half, with or without its password known."""
        ...

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        """SM2 with SM3 over `message`, DER (GM/T 0009), default user id. `wrong_password` also where none is given."""
        ...

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        """Let a key answer to another password only; a failure leaves the old one."""
        ...

    def make_wrapping_key(self, label: str) -> None:
        """Make an SM4 key inside; the label must be free."""
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
