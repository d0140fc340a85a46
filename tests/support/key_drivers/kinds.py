"""The kinds of signing keys, told alike: how each is made, shown and checked, and what its private half would be."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from yichuan.keys.devices.base import Ability, KeyDevice
from yichuan.keys.devices.p256 import POINT_BYTES
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey, PublicKey

# ECPrivateKey (RFC 5915): version 1, 32 bytes, the curve 1.2.156.10197.1.301
_SEC1_HEAD, _SEC1_CURVE = bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a811ccf5501822d")


class Kind(ABC):
    ability: Ability

    @abstractmethod
    def make(self, device: KeyDevice, label: str, password: bytes | None = None) -> bytes:
        """The public half (SubjectPublicKeyInfo)."""

    @abstractmethod
    def public(self, device: KeyDevice, label: str) -> bytes: ...

    @abstractmethod
    def good(self, public: bytes, signature: bytes, message: bytes) -> bool: ...

    @abstractmethod
    def point(self, scalar: bytes) -> bytes | None:
        """04‖x‖y of a private key of these 32 bytes; None where they are none."""

    def holds(self, text: bytes, public: bytes) -> bool:
        """Whether any 32 bytes of `text` are the private half of `public`."""
        wanted = public[-POINT_BYTES:]
        return any(self.point(text[at : at + 32]) == wanted for at in range(len(text) - 31))


class Sm2(Kind):
    ability = Ability.SM2

    def make(self, device: KeyDevice, label: str, password: bytes | None = None) -> bytes:
        return device.make_signing_key(label, password=password).der

    def public(self, device: KeyDevice, label: str) -> bytes:
        return device.public_key(label).der

    def good(self, public: bytes, signature: bytes, message: bytes) -> bool:
        return PublicKey.from_der(public).verify(signature, message)

    def point(self, scalar: bytes) -> bytes | None:
        try:
            return PrivateKey.from_der(_SEC1_HEAD + scalar + _SEC1_CURVE).public.point
        except GmError:
            return None


class P256(Kind):
    ability = Ability.P256

    def make(self, device: KeyDevice, label: str, password: bytes | None = None) -> bytes:
        return device.make_p256_key(label, password=password)

    def public(self, device: KeyDevice, label: str) -> bytes:
        return device.p256_key(label)

    def good(self, public: bytes, signature: bytes, message: bytes) -> bool:
        key = load_der_public_key(public)
        assert isinstance(key, ec.EllipticCurvePublicKey)
        try:
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def point(self, scalar: bytes) -> bytes | None:
        try:
            numbers = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1()).public_key().public_numbers()
        except ValueError:
            return None
        return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
