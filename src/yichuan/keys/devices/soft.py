"""The soft device: keys rest in the database, each encrypted under the master key, which rests elsewhere.

The master key comes from a file of mode 0600 outside the data folder, or is derived from the operator's password.
What this device cannot do: keep a key from somebody who is root on the running host (docs/adr/0001-threats.md).
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import IntegrityError, connection, transaction

from yichuan.keys.devices.base import Ability, Description, DeviceError
from yichuan.keys.devices.p256 import POINT_BYTES, P256Key, spki
from yichuan.keys.models import SoftKey
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey
from yichuan.lib.gm.sm3 import kdf
from yichuan.lib.gm.sm4 import open_sealed, seal

SM2, SM2_GUARDED = "sm2", "sm2-pass"
P256, P256_GUARDED = "p256", "p256-pwd"
WRAPPING = "sm4"
CHECK = "check"
SIGNING: dict[str, type[PrivateKey] | type[P256Key]] = {SM2: PrivateKey, P256: P256Key}
GUARDED: dict[str, type[PrivateKey] | type[P256Key]] = {SM2_GUARDED: PrivateKey, P256_GUARDED: P256Key}
"""Signing keys, without and with a password of their own, by the kind of their row."""
KEY_BYTES = 16
LOOKED_AFTER_SECONDS = 60
"""So long a process may go on with a key that another one destroyed."""


SigningKey = PrivateKey | P256Key
Key = SigningKey | bytes


def master_from_password(password: str, salt: bytes) -> bytes:
    """The master key from the operator's password: scrypt, 64 MiB, about 0.2 s."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=32)


@dataclass(frozen=True)
class _Open:
    """A key in this process's memory: of which row, and until when the row need not be asked for again."""

    key: "Key" = field(repr=False)
    row_id: int
    until: float


class SoftDevice:
    """Keys decrypted on first use and kept in this process's memory afterwards."""

    def __init__(self, master: bytes) -> None:
        self._storage_key = kdf(master, b"yichuan soft device: storage", KEY_BYTES)
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()
        self._master_known = False

    def describe(self) -> Description:
        if holds_keys():
            self._require_master_of(SoftKey.objects.get(label=CHECK))
        abilities = frozenset({Ability.SM2, Ability.P256, Ability.WRAPPING})
        return Description("soft", "", "软件，密钥在数据库里，由主密钥加密", abilities)

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        private = PrivateKey.generate()
        self._keep_signing(label, private, password, SM2, SM2_GUARDED)
        return private.public

    def make_p256_key(self, label: str, *, password: bytes | None = None) -> bytes:
        private = P256Key.generate()
        self._keep_signing(label, private, password, P256, P256_GUARDED)
        return spki(private.point)

    def public_key(self, label: str) -> PublicKey:
        try:
            return _public_key(self._point(label, SM2, SM2_GUARDED))
        except GmError as error:
            raise DeviceError("failed", f"the public half of {label} is damaged") from error

    def p256_key(self, label: str) -> bytes:
        return spki(self._point(label, P256, P256_GUARDED))

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        if password is None:
            return self._signing(label).sign(message)
        row = self._guarded(label)
        return _opened(row, self._opened_row(row), password).sign(message)

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        with transaction.atomic():
            row = SoftKey.objects.select_for_update().filter(label=label, kind__in=GUARDED).first()
            row = row or self._guarded(label)
            private = _opened(row, self._opened_row(row), old)
            secret = _point_of(private) + _under(label, private, new)
            row.sealed = seal(self._storage_key, secret, f"{row.kind}:{label}".encode())
            row.save(update_fields=["sealed"])

    def make_wrapping_key(self, label: str) -> None:
        self._keep(label, WRAPPING, secrets.token_bytes(KEY_BYTES))

    def look_ahead(self, labels: Iterable[str]) -> None:
        """Have these wrapping keys at hand, by one question to the database instead of one for each."""
        now = time.monotonic()
        with self._lock:
            wanted = [label for label in labels if label not in self._open or self._open[label].until <= now]
        for row in SoftKey.objects.filter(label__in=wanted, kind=WRAPPING) if wanted else ():
            key = self._loaded(row)
            with self._lock:
                self._open[row.label] = _Open(key, row.pk, now + LOOKED_AFTER_SECONDS)

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
        SoftKey.objects.filter(label=label, kind__in=(*SIGNING, *GUARDED, WRAPPING)).delete()
        with self._lock:
            self._open.pop(label, None)

    def _require_own_master(self) -> None:
        """Refuse to make keys under another master than the first keys were made under: they would be lost with it."""
        if self._master_known:
            return
        first = {"kind": CHECK, "sealed": seal(self._storage_key, CHECK.encode(), b"")}
        row, made = SoftKey.objects.get_or_create(label=CHECK, defaults=first)
        self._require_master_of(row)
        self._master_known = not made  # its transaction may not hold

    def _require_master_of(self, check: SoftKey) -> None:
        try:
            open_sealed(self._storage_key, bytes(check.sealed), b"")
        except GmError as error:
            raise DeviceError("locked", "the master key is not the one that this database's keys lie under") from error

    def _keep_signing(self, label: str, private: SigningKey, password: bytes | None, open_: str, guarded: str) -> None:
        if password is None:
            self._keep(label, open_, private.to_der())
        else:
            self._keep(label, guarded, _point_of(private) + _under(label, private, password))

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

    def _guarded(self, label: str) -> SoftKey:
        """The row of a key under a password, which is never kept open in memory."""
        row = SoftKey.objects.filter(label=label, kind__in=(*SIGNING, *GUARDED)).first()
        if row is None:
            raise DeviceError("no_such_key", f"the device holds no key under a password called {label}")
        if row.kind in SIGNING:
            raise DeviceError("wrong_password", f"{label} has no password of its own")
        return row

    def _point(self, label: str, open_: str, guarded: str) -> bytes:
        """The public half of a key of one of these two kinds."""
        try:
            key = self._signing(label)
            if isinstance(key, SIGNING[open_]):
                return _point_of(key)
        except DeviceError as error:
            if error.code != "wrong_password":
                raise
            row = self._guarded(label)
            if row.kind == guarded:
                return self._opened_row(row)[:POINT_BYTES]
        raise DeviceError("no_such_key", f"{label} is a key of another kind than {open_}")

    def _opened_row(self, row: SoftKey) -> bytes:
        try:
            return open_sealed(self._storage_key, bytes(row.sealed), f"{row.kind}:{row.label}".encode())
        except GmError as error:
            raise DeviceError("locked", "the master key does not open this device's keys") from error

    def _signing(self, label: str) -> SigningKey:
        key = self._get(label, tuple(SIGNING))
        if isinstance(key, bytes):
            raise DeviceError("no_such_key", f"{label} is not a signing key")
        return key

    def _wrapping(self, label: str) -> bytes:
        key = self._get(label, (WRAPPING,))
        if not isinstance(key, bytes):
            raise DeviceError("no_such_key", f"{label} is not a wrapping key")
        return key

    def _get(self, label: str, kinds: tuple[str, ...]) -> Key:
        with self._lock:
            known = self._open.get(label)
        if known is not None and time.monotonic() < known.until:
            return known.key
        row = SoftKey.objects.filter(label=label, kind__in=kinds).first()
        if row is None:
            with self._lock:
                self._open.pop(label, None)
            if SM2 in kinds and SoftKey.objects.filter(label=label, kind__in=GUARDED).exists():
                raise DeviceError("wrong_password", f"{label} opens only with its password")
            raise DeviceError("no_such_key", f"the device holds no {'/'.join(kinds)} key called {label}")
        key = known.key if known is not None and known.row_id == row.pk else self._loaded(row)
        with self._lock:
            self._open[label] = _Open(key, row.pk, time.monotonic() + LOOKED_AFTER_SECONDS)
        return key

    def _loaded(self, row: SoftKey) -> Key:
        secret = self._opened_row(row)
        return SIGNING[row.kind].from_der(secret) if row.kind in SIGNING else secret


def holds_keys() -> bool:
    """Whether the database, which may be empty still, holds keys under a master key."""
    return SoftKey._meta.db_table in connection.introspection.table_names() and SoftKey.objects.exists()


@lru_cache(maxsize=1024)
def _public_key(point: bytes) -> PublicKey:
    """The key of a point, decoded and checked once: it follows from its bytes alone."""
    return PublicKey.from_point(point)


def _point_of(key: SigningKey) -> bytes:
    return key.public.point if isinstance(key, PrivateKey) else key.point


def _password_key(password: bytes) -> bytes:
    return kdf(password, b"yichuan soft device: password", KEY_BYTES)


def _under(label: str, private: SigningKey, password: bytes) -> bytes:
    return seal(_password_key(password), private.to_der(), label.encode())


def _opened(row: SoftKey, guarded: bytes, password: bytes) -> SigningKey:
    try:
        der = open_sealed(_password_key(password), guarded[POINT_BYTES:], row.label.encode())
        return GUARDED[row.kind].from_der(der)
    except GmError as error:
        raise DeviceError("wrong_password", f"this password does not open {row.label}") from error
