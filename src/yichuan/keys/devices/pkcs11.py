"""A PKCS#11 token: P-256 keys for PDF, and AES keys that wrap. Standard PKCS#11 has no SM2.

What the token holds, it made itself and never gives out (CKA_SENSITIVE, not CKA_EXTRACTABLE). The database names it:
a row of `DeviceKey` keeps label and public half, and CKA_ID says which object is meant. So the making of a key stands
or falls with the caller's transaction; an object whose row did not come to stand is nobody's.

A key under a password does not lie in the token. It is made there, wrapped there by the token's own key (AES key wrap
with padding, RFC 5649) and comes out as that wrap, which is put under the password. To sign, the password opens the
outer layer, the token unwraps the inner one to an object that lives for the signature and cannot be read. The
password alone opens nothing, nor does the token.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.db import IntegrityError, transaction
from pkcs11 import MechanismFlag

from yichuan.keys.devices import pkcs11_keys as keys
from yichuan.keys.devices.base import Description, DeviceError
from yichuan.keys.devices.p256 import spki
from yichuan.keys.devices.pkcs11_token import Token
from yichuan.keys.models import DeviceKey
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import kdf
from yichuan.lib.gm.sm4 import open_sealed, seal

P256, GUARDED, WRAPPING = "p256", "p256-pwd", "aes"
OWN = "own"
OWN_LABEL = "yichuan:wrapping-keys"
"""The token's key that wraps those under a password."""
SECONDS = 10.0
AT_ONCE = 8
"""Calls together; few tokens do more."""
log = logging.getLogger(__name__)


class Pkcs11Device:
    """The keys of one centre in one token."""

    def __init__(
        self, library: Path, token: str, pin: str, *, seconds: float = SECONDS, at_once: int = AT_ONCE
    ) -> None:
        self._token = Token(library, token, pin, seconds=seconds, at_once=at_once)
        self._name = f"pkcs11:{token}"

    def describe(self) -> Description:
        return self._token.run(keys.described)

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        raise DeviceError("unsupported", "PKCS#11 knows no SM2: the centre's own keys need a soft or an SDF device")

    def make_p256_key(self, label: str, *, password: bytes | None = None) -> bytes:
        self._require_free(label)
        if password is None:
            point = self._token.run(keys.make_pair, undo=keys.remove)
            self._keep(label, P256, point)
        else:
            own = keys.name_of(self._own_key().public)
            point, wrapped = self._token.run(lambda session: keys.make_wrapped(session, own))
            self._keep(label, GUARDED, point, _under(self._name, label, wrapped, password))
        return spki(point)

    def public_key(self, label: str) -> PublicKey:
        raise DeviceError("no_such_key", f"{label} names no SM2 key: PKCS#11 has none")

    def p256_key(self, label: str) -> bytes:
        return spki(bytes(self._row(label, P256, GUARDED).public))

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        row = self._row(label, P256, GUARDED)
        if (row.kind == GUARDED) != (password is not None):
            raise DeviceError("wrong_password", f"{label}: a password is {'needed' if password is None else 'not set'}")
        digest = hashlib.sha256(message).digest()
        if password is None:
            name = keys.name_of(row.public)
            raw = self._token.run(lambda session: keys.sign(session, name, digest))
        else:
            own, wrapped = keys.name_of(self._own_key().public), self._opened(row, password)
            raw = self._token.run(lambda session: keys.sign_wrapped(session, own, wrapped, digest))
        return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        with transaction.atomic():
            row = DeviceKey.objects.select_for_update().filter(device=self._name, label=label, kind=GUARDED).first()
            if row is None:
                self._row(label, P256)
                raise DeviceError("wrong_password", f"{label} has no password of its own")
            row.wrapped = _under(self._name, label, self._opened(row, old), new)
            row.save(update_fields=["wrapped"])

    def make_wrapping_key(self, label: str) -> None:
        self._require_free(label)
        self._make_symmetric(label, WRAPPING, MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT)

    def look_ahead(self, labels: Iterable[str]) -> None:
        """Nothing: the keys are in the device."""

    def wrap(self, label: str, key: bytes, context: bytes) -> bytes:
        name, nonce = keys.name_of(self._row(label, WRAPPING).public), secrets.token_bytes(keys.NONCE_BYTES)
        return nonce + self._token.run(lambda session: keys.encrypt(session, name, nonce, key, context))

    def unwrap(self, label: str, wrapped: bytes, context: bytes) -> bytes:
        name = keys.name_of(self._row(label, WRAPPING).public)
        nonce, sealed = wrapped[: keys.NONCE_BYTES], wrapped[keys.NONCE_BYTES :]
        if not sealed:
            raise DeviceError("wrong_context", "the wrap is cut short")
        return self._token.run(lambda session: keys.decrypt(session, name, nonce, sealed, context))

    def has(self, label: str) -> bool:
        return DeviceKey.objects.filter(device=self._name, label=label).exclude(kind=OWN).exists()

    def destroy(self, label: str) -> None:
        with transaction.atomic():
            rows = DeviceKey.objects.select_for_update().filter(device=self._name, label=label).exclude(kind=OWN)
            for row in rows:
                row.delete()
                if row.kind != GUARDED:
                    transaction.on_commit(self._removal(label, bytes(row.public)))

    def _removal(self, label: str, public: bytes) -> Callable[[], None]:
        def remove() -> None:
            try:
                self._token.run(lambda session: keys.remove(session, public))
            except DeviceError as error:
                log.error("the token keeps the destroyed key %s, which no row names any more: %s", label, error)

        return remove

    def _own_key(self) -> DeviceKey:
        rows = DeviceKey.objects.filter(device=self._name, kind=OWN)
        own = rows.first()
        if own is None:
            try:
                self._make_symmetric(OWN_LABEL, OWN, MechanismFlag.WRAP | MechanismFlag.UNWRAP)
            except DeviceError as error:
                if error.code != "label_taken":  # by another process, at the same moment
                    raise
            own = rows.get()
        return own

    def _make_symmetric(self, label: str, kind: str, uses: MechanismFlag) -> None:
        public = secrets.token_bytes(16)
        self._token.run(
            lambda session: keys.make_aes(session, public, uses), undo=lambda session, _: keys.remove(session, public)
        )
        self._keep(label, kind, public)

    def _require_free(self, label: str) -> None:
        if DeviceKey.objects.filter(device=self._name, label=label).exists():
            raise DeviceError("label_taken", f"the token holds a key called {label} already")

    def _keep(self, label: str, kind: str, public: bytes, wrapped: bytes = b"") -> None:
        try:
            with transaction.atomic():
                DeviceKey.objects.create(device=self._name, label=label, kind=kind, public=public, wrapped=wrapped)
        except IntegrityError as error:
            self._token.run(lambda session: keys.remove(session, public))
            raise DeviceError("label_taken", f"the token holds a key called {label} already") from error

    def _row(self, label: str, *kinds: str) -> DeviceKey:
        row = DeviceKey.objects.filter(device=self._name, label=label, kind__in=kinds).first()
        if row is None:
            raise DeviceError("no_such_key", f"the token holds no {'/'.join(kinds)} key called {label}")
        return row

    def _opened(self, row: DeviceKey, password: bytes) -> bytes:
        try:
            return open_sealed(_password_key(password), bytes(row.wrapped), f"{self._name}:{row.label}".encode())
        except GmError as error:
            raise DeviceError("wrong_password", f"this password does not open {row.label}") from error


def _password_key(password: bytes) -> bytes:
    return kdf(password, b"yichuan pkcs11 device: password", 16)


def _under(device: str, label: str, wrapped: bytes, password: bytes) -> bytes:
    return seal(_password_key(password), wrapped, f"{device}:{label}".encode())
