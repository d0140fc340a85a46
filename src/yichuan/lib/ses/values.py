"""Who may sign, and SM2 signature values: taken as DER or r‖s, written as DER (GM/T 0009, 7.3)."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yichuan.lib.gm.x509 import Certificate

from .errors import SesError

_SIGNING = frozenset(("digital_signature", "non_repudiation"))


def check_signer(certificate: Certificate, moment: datetime) -> None:
    """Raises SesError `certificate_period` or `certificate_usage` for one that makes no signatures at `moment`."""
    if not certificate.not_before <= moment <= certificate.not_after:
        raise SesError("certificate_period", f"certificate: it is not valid at {moment}; renew it")
    if certificate.key_usage is not None and not certificate.key_usage & _SIGNING:
        raise SesError("certificate_usage", "certificate: it is not for signatures; use the signing one of the pair")


def checked_signature(certificate: Certificate, signature: bytes, message: bytes, who: str) -> bytes:
    """The DER form of a signature that verifies. Raises SesError `signature` for any other."""
    if not certificate.public_key.verify(signature, message):
        raise SesError("signature", f"the signature is not that of {who} over these bytes; sign `message` as it is")
    if len(signature) == 64:
        return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    return signature
