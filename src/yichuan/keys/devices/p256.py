"""Signing keys on P-256 (secp256r1) in software, with the shape of those of `lib.gm.sm2`."""

from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

POINT_BYTES = 65


class P256Key:
    """A private key; signs with ECDSA and SHA-256."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @classmethod
    def generate(cls) -> Self:
        """A new key from the system's generator."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """From PKCS#8. ValueError: anything else, or another curve."""
        key = load_der_private_key(der, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != ec.SECP256R1.name:
            raise ValueError("not a private key on P-256")
        return cls(key)

    def to_der(self) -> bytes:
        """PKCS#8 in the clear."""
        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, message: bytes) -> bytes:
        """The DER signature."""
        return self._key.sign(message, ec.ECDSA(hashes.SHA256()))


def spki(point: bytes) -> bytes:
    """SubjectPublicKeyInfo of 04‖x‖y. ValueError: no point of the curve."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
