"""The soft device: keys rest in the database, each encrypted under the master key, which rests elsewhere.

The master key comes from a file of mode 0600 outside the data folder, or is derived from the operator's password.
What this device cannot do: keep a key from somebody who is root on the running host (docs/adr/0001-threats.md).
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import SoftKey
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey
from yichuan.lib.gm.sm3 import kdf
from yichuan.lib.gm.sm4 import open_sealed, seal

SIGNING = "sm2"
GUARDED = "sm2-pass"
WRAPPING = "sm4"
CHECK = "check"
KEY_BYTES = 16
POINT_BYTES = 65
LOOKED_AFTER_SECONDS = 60
"""So long a process may go on with a key that another one destroyed."""


def master_from_password(password: str, salt: bytes) -> bytes:
    """The master key from the operator's password: scrypt, 64 MiB, about 0.2 s."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=32)


@dataclass(frozen=True)
class _Open:
    """A key in this process's memory: of which row, and until when the row need not be asked for again."""

    key: PrivateKey | bytes
    row_id: int
    until: float


class SoftDevice:
    """Keys decrypted on first use and kept in this process's memory afterwards."""

    def __init__(self, master: bytes) -> None:
        self._storage_key = kdf(master, b"yichuan soft device: storage", KEY_BYTES)
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()
        self._master_known = False

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        private = PrivateKey.generate()
        if password is None:
            self._keep(label, SIGNING, private.to_der())
        else:
            self._keep(label, GUARDED, private.public.point + _under(label, private, password))
        return private.public

    def public_key(self, label: str) -> PublicKey:
        try:
            return self._signing(label).public
        except DeviceError as error:
            if error.code != "wrong_password":
                raise
        return PublicKey.from_point(self._guarded(label)[:POINT_BYTES])

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        if password is None:
            return self._signing(label).sign(message)
        return _opened(label, self._guarded(label), password).sign(message)

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        with transaction.atomic():
            row = SoftKey.objects.select_for_update().filter(label=label, kind=GUARDED).first()
            if row is None:
                raise DeviceError("no_such_key", f"the device holds no key under a password called {label}")
            private = _opened(label, self._opened_row(row), old)
            secret = private.public.point + _under(label, private, new)
            row.sealed = seal(self._storage_key, secret, f"{GUARDED}:{label}".encode())
            row.save(update_fields=["sealed"])

    def make_wrapping_key(self, label: str) -> None:
        self._keep(label, WRAPPING, secrets.token_bytes(KEY_BYTES))

    def wrap(self, label: str, key: bytes, context: bytes) -> bytes:
        return seal(self._wrapping(label), key, context)

    def unwrap(self, label: str, wrapped: bytes, context: bytes) -> bytes:
        try:
            return open_sealed(self._wrapping(label), wrapped, context)
        except GmError as error:
            raise DeviceError("wrong_context", f"the wrap does not open under {label} for this context") from error

    def has(self, label: str) -> bool:
        return SoftKey.objects.filter(label=label).exists()

    def destroy(self, label: str) -> None:
        SoftKey.objects.filter(label=label, kind__in=(SIGNING, GUARDED, WRAPPING)).delete()
        with self._lock:
            self._open.pop(label, None)

    def _require_own_master(self) -> None:
        """Refuse to make keys under another master than the first keys were made under: they would be lost with it."""
        if self._master_known:
            return
        row = SoftKey.objects.filter(label=CHECK).first()
        if row is None:
            SoftKey.objects.create(label=CHECK, kind=CHECK, sealed=seal(self._storage_key, CHECK.encode(), b""))
            return
        try:
            open_sealed(self._storage_key, bytes(row.sealed), b"")
        except GmError as error:
            raise DeviceError("locked", "the master key is not the one that this database's keys lie under") from error
        self._master_known = True

    def _keep(self, label: str, kind: str, secret: bytes) -> None:
        self._require_own_master()
        sealed = seal(self._storage_key, secret, f"{kind}:{label}".encode())
        try:
            with transaction.atomic():
                SoftKey.objects.create(label=label, kind=kind, sealed=sealed)
        except IntegrityError as error:
            raise DeviceError("label_taken", f"the device holds a key called {label} already") from error
        with self._lock:
            self._open.pop(label, None)  # a key of that label whose transaction did not hold

    def _guarded(self, label: str) -> bytes:
        """A key under a password: its point and what the password opens. Never kept open in memory."""
        row = SoftKey.objects.filter(label=label, kind=GUARDED).first()
        if row is None:
            raise DeviceError("no_such_key", f"the device holds no key under a password called {label}")
        return self._opened_row(row)

    def _opened_row(self, row: SoftKey) -> bytes:
        try:
            return open_sealed(self._storage_key, bytes(row.sealed), f"{row.kind}:{row.label}".encode())
        except GmError as error:
            raise DeviceError("locked", "the master key does not open this device's keys") from error

    def _signing(self, label: str) -> PrivateKey:
        key = self._get(label, SIGNING, PrivateKey.from_der)
        if not isinstance(key, PrivateKey):
            raise DeviceError("no_such_key", f"{label} is not a signing key")
        return key

    def _wrapping(self, label: str) -> bytes:
        key = self._get(label, WRAPPING, bytes)
        if not isinstance(key, bytes):
            raise DeviceError("no_such_key", f"{label} is not a wrapping key")
        return key

    def _get(self, label: str, kind: str, load: Callable[[bytes], PrivateKey | bytes]) -> PrivateKey | bytes:
        with self._lock:
            known = self._open.get(label)
        if known is not None and time.monotonic() < known.until:
            return known.key
        row = SoftKey.objects.filter(label=label, kind=kind).first()
        if row is None:
            with self._lock:
                self._open.pop(label, None)
            if kind == SIGNING and SoftKey.objects.filter(label=label, kind=GUARDED).exists():
                raise DeviceError("wrong_password", f"{label} opens only with its password")
            raise DeviceError("no_such_key", f"the device holds no {kind} key called {label}")
        key = known.key if known is not None and known.row_id == row.pk else load(self._opened_row(row))
        with self._lock:
            self._open[label] = _Open(key, row.pk, time.monotonic() + LOOKED_AFTER_SECONDS)
        return key


def _under(label: str, private: PrivateKey, password: bytes) -> bytes:
    return seal(kdf(password, b"yichuan soft device: password", KEY_BYTES), private.to_der(), label.encode())


def _opened(label: str, guarded: bytes, password: bytes) -> PrivateKey:
    try:
        key = kdf(password, b"yichuan soft device: password", KEY_BYTES)
        return PrivateKey.from_der(open_sealed(key, guarded[POINT_BYTES:], label.encode()))
    except GmError as error:
        raise DeviceError("wrong_password", f"this password does not open {label}") from error
