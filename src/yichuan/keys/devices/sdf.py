"""The SDF device (GM/T 0018-2012): SM2 and SM4 inside a cryptographic card or machine, by its vendor's libsdf.so.

The standard makes no key pair inside a device: the vendor's tool prepares them, each with an access code, and a new
label takes the next one that is free. Labels and indices stand in the database, and with it in its backups. A key under
a password: its access code rests nowhere but in the database, encrypted under that password, and the device refuses the
key without the code. Document keys are wrapped under SM4 keys that a KEK of the device encrypts.

docs/devices.md says what an operator prepares, docs/adr/0001-threats.md what this does not protect.
"""

import secrets
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import ParseResult, parse_qs

from django.db import IntegrityError, transaction

from yichuan.keys.devices import sdf_wraps
from yichuan.keys.devices.base import Ability, Description, DeviceError
from yichuan.keys.devices.sdf_codes import AccessCodes
from yichuan.keys.devices.sdf_library import Connection, Functions, Session, load
from yichuan.keys.devices.waiting import BoundedCalls
from yichuan.keys.models import DeviceKey
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import DEFAULT_ID, PublicKey
from yichuan.lib.gm.sm3 import kdf, sm3
from yichuan.lib.gm.sm4 import open_sealed, seal

DEVICE = "sdf"
"""One name for whatever device stands there: keys that were moved into its successor keep their rows."""
SIGNING, GUARDED, WRAPPING, DESTROYED = "sm2", "sm2-pass", "sm4", "gone"
KEY_BYTES = 16
SECONDS = 5.0
AT_ONCE = 8
_PROOF = b"yichuan sdf device: this key pair is free and its access code is right"
_CURVE = bytes.fromhex(  # a, b, x and y of the base point (GB/T 32918.5)
    "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc"
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93"
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0"
)
T = TypeVar("T")


def open_sdf(address: ParseResult) -> "SdfDevice":
    """The device of `sdf:///path/libsdf.so?codes=/path/codes`, with `kek` (index of the KEK, 1), `seconds` (patience
    with one call, 5) and `at_once` (sessions, 8) where they are said. DeviceError: `removed`, `locked`, `failed`."""
    said = {name: values[-1] for name, values in parse_qs(address.query).items()}
    try:
        codes, kek = Path(said["codes"]), int(said.get("kek", "1"))
        calls = BoundedCalls(seconds=float(said.get("seconds", SECONDS)), at_once=int(said.get("at_once", AT_ONCE)))
    except (KeyError, ValueError) as error:
        raise DeviceError("failed", "write sdf:///path/libsdf.so?codes=/path/codes&kek=1") from error
    return SdfDevice(load(Path(address.path)), AccessCodes(codes), kek=kek, calls=calls)


class SdfDevice:
    """Labels over the indices of one device. Every call to it has a patience, and every reply is checked."""

    def __init__(self, functions: Functions, codes: AccessCodes, *, kek: int, calls: BoundedCalls) -> None:
        self._connection = Connection(functions)
        self._codes = codes
        self._kek = kek
        self._calls = calls

    def describe(self) -> Description:
        told = self._ask(Session.told)
        self._strike_guarded()
        for index in self._codes.indices()[:1]:
            self._try_code(index)
        return Description(
            kind=DEVICE,
            name=f"{told.name} {told.serial}".strip(),
            model=f"{told.issuer} {told.version:#x}".strip(),
            abilities=frozenset({Ability.SM2, Ability.WRAPPING, Ability.INSIDE}),
        )

    def make_signing_key(self, label: str, *, password: bytes | None = None) -> PublicKey:
        self._require_free(label)
        if password is not None:
            self._codes.require_writable()
        self._strike_guarded()
        for index in self._untaken():
            code = self._codes.of(index)
            public = self._public(index)
            if DeviceKey.objects.filter(device=DEVICE, public=public.point).exists():
                continue  # a destroyed key that still lies there
            self._sign(index, code, public, _PROOF)
            kind, kept = (SIGNING, b"") if password is None else (GUARDED, _under(label, code, password))
            if self._keep(label, kind, kept, slot=index, public=public.point):
                if password is not None:
                    transaction.on_commit(partial(self._codes.strike, index), robust=True)
                return public
        raise DeviceError("full", "no prepared key pair is free; prepare more with the vendor's tool, add codes")

    def make_p256_key(self, label: str, *, password: bytes | None = None) -> bytes:
        raise DeviceError("unsupported", "an SDF device makes no keys on P-256")

    def public_key(self, label: str) -> PublicKey:
        return PublicKey.from_point(bytes(_row(label, SIGNING, GUARDED).public))

    def p256_key(self, label: str) -> bytes:
        raise DeviceError("no_such_key", "an SDF device holds no keys on P-256")

    def sign(self, label: str, message: bytes, *, password: bytes | None = None) -> bytes:
        row = _row(label, SIGNING, GUARDED)
        if (row.kind == GUARDED) != (password is not None):
            raise DeviceError("wrong_password", f"{label} opens only with its password, or has none")
        code = self._codes.of(_index(row)) if password is None else _opened(row, password)
        return self._sign(_index(row), code, PublicKey.from_point(bytes(row.public)), message)

    def change_password(self, label: str, *, old: bytes, new: bytes) -> None:
        with transaction.atomic():
            row = _row(label, SIGNING, GUARDED, lock=True)
            if row.kind != GUARDED:
                raise DeviceError("wrong_password", f"{label} has no password")
            row.wrapped = _under(label, _opened(row, old), new)
            row.save(update_fields=["wrapped"])

    def make_wrapping_key(self, label: str) -> None:
        self._require_free(label)
        self._keep(label, WRAPPING, self._ask(lambda session: session.make_key(self._kek)))

    def look_ahead(self, labels: Iterable[str]) -> None:
        """Nothing: the keys are in the device."""

    def wrap(self, label: str, key: bytes, context: bytes) -> bytes:
        nonce, aad = secrets.token_bytes(sdf_wraps.NONCE), _bound(label, context)
        kept = bytes(_row(label, WRAPPING).wrapped)

        def work(session: Session) -> bytes:
            with session.key(self._kek, kept) as blocks:
                return sdf_wraps.close(blocks, nonce, key, aad)

        return nonce + self._ask(work)

    def unwrap(self, label: str, wrapped: bytes, context: bytes) -> bytes:
        nonce, closed = wrapped[: sdf_wraps.NONCE], wrapped[sdf_wraps.NONCE :]
        kept = bytes(_row(label, WRAPPING).wrapped)

        def work(session: Session) -> bytes:
            with session.key(self._kek, kept) as blocks:
                return sdf_wraps.open_(blocks, nonce, closed, _bound(label, context))

        return self._ask(work)

    def has(self, label: str) -> bool:
        return DeviceKey.objects.filter(device=DEVICE, label=label).exclude(kind=DESTROYED).exists()

    def destroy(self, label: str) -> None:
        """A key pair stays in the device until the vendor's tool removes it, but its code is forgotten."""
        DeviceKey.objects.filter(device=DEVICE, label=label, kind=WRAPPING).delete()
        row = DeviceKey.objects.filter(device=DEVICE, label=label, kind__in=(SIGNING, GUARDED)).first()
        if row is None:
            return
        row.label, row.kind, row.wrapped = f"destroyed {row.pk}", DESTROYED, b""
        row.save(update_fields=["label", "kind", "wrapped"])
        transaction.on_commit(partial(self._codes.strike, _index(row)), robust=True)

    def _ask(self, work: Callable[[Session], T]) -> T:
        def call() -> T:
            with self._connection.session() as session:
                return work(session)

        return self._calls.run(call)

    def _try_code(self, index: int) -> None:
        code = self._codes.of(index)

        def work(session: Session) -> None:
            with session.right(index, code):
                return

        self._ask(work)

    def _public(self, index: int) -> PublicKey:
        return self._ask(lambda session: session.public_key(index))

    def _sign(self, index: int, code: bytes, public: PublicKey, message: bytes) -> bytes:
        digest = _digest(public, message)
        signature = self._ask(lambda session: session.sign(index, code, digest))
        if not public.verify(signature, message):
            raise DeviceError("failed", f"the device's signature is not one of the key that index {index} had")
        return signature

    def _untaken(self) -> list[int]:
        """Indices with a code under which no living key is known."""
        known = DeviceKey.objects.filter(device=DEVICE, slot__isnull=False).exclude(kind=DESTROYED)
        taken = set(known.values_list("slot", flat=True))
        return [index for index in self._codes.indices() if index not in taken]

    def _strike_guarded(self) -> None:
        """Codes whose striking was cut short."""
        guarded = {_index(row) for row in DeviceKey.objects.filter(device=DEVICE, kind=GUARDED)}
        if left := guarded.intersection(self._codes.indices()):
            self._codes.strike(*left)

    def _require_free(self, label: str) -> None:
        if self.has(label):
            raise DeviceError("label_taken", f"the device holds a key called {label} already")

    def _keep(self, label: str, kind: str, wrapped: bytes, *, slot: int | None = None, public: bytes = b"") -> bool:
        """Whether the key got its row; False where another one took the index meanwhile."""
        try:
            with transaction.atomic():
                gone = DeviceKey.objects.filter(device=DEVICE, kind=DESTROYED, slot=slot, slot__isnull=False)
                gone.update(slot=None)  # the vendor's tool prepared the index anew
                DeviceKey.objects.create(
                    device=DEVICE, label=label, kind=kind, slot=slot, public=public, wrapped=wrapped
                )
        except IntegrityError:
            self._require_free(label)
            return False
        return True


def _row(label: str, *kinds: str, lock: bool = False) -> DeviceKey:
    rows = DeviceKey.objects.select_for_update() if lock else DeviceKey.objects.all()
    row = rows.filter(device=DEVICE, label=label, kind__in=kinds).first()
    if row is None:
        raise DeviceError("no_such_key", f"the device holds no {' or '.join(kinds)} key called {label}")
    return row


def _index(row: DeviceKey) -> int:
    if row.slot is None:
        raise DeviceError("no_such_key", f"{row.label} has no index")
    return row.slot


def _digest(public: PublicKey, message: bytes) -> bytes:
    """e of GB/T 32918.2, 6.1: SM3 over Z and the message; the device signs just that."""
    z = sm3((8 * len(DEFAULT_ID)).to_bytes(2, "big") + DEFAULT_ID + _CURVE + public.point[1:])
    return sm3(z + message)


def _bound(label: str, context: bytes) -> bytes:
    return sm3(len(label.encode()).to_bytes(2, "big") + label.encode() + context)


def _under(label: str, code: bytes, password: bytes) -> bytes:
    return seal(_guard(password), code, label.encode())


def _opened(row: DeviceKey, password: bytes) -> bytes:
    try:
        return open_sealed(_guard(password), bytes(row.wrapped), row.label.encode())
    except GmError as error:
        raise DeviceError("wrong_password", f"this password does not open {row.label}") from error


def _guard(password: bytes) -> bytes:
    return kdf(password, b"yichuan sdf device: password", KEY_BYTES)
