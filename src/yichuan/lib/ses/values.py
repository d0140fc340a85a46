"""SM2 signature values: taken as DER or r‖s, written as DER (GM/T 0009, 7.3)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yichuan.lib.gm.x509 import Certificate

from .errors import SesError


def checked_signature(certificate: Certificate, signature: bytes, message: bytes, who: str) -> bytes:
    """The DER form of a signature that verifies. Raises SesError `signature` for any other."""
    if not certificate.public_key.verify(signature, message):
        raise SesError("signature", f"the signature is not that of {who} over these bytes; sign `message` as it is")
    if len(signature) == 64:
        return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    return signature
