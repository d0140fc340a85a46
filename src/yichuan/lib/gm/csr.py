"""Certification requests (PKCS #10, RFC 2986) with SM2: a key, and the proof that who asks has its other half."""

from dataclasses import dataclass, field
from typing import Self

from asn1crypto import csr, pem

from yichuan.lib.gm._certificate import SM2_WITH_SM3, Name, signed_part, whole_octets
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey

LONGEST = 16 * 1024


@dataclass(frozen=True)
class SigningRequest:
    """A request whose signature holds. What it asks to be called is a wish: who certifies decides."""

    der: bytes = field(repr=False)
    subject: Name
    public_key: PublicKey

    @classmethod
    def read(cls, data: bytes) -> Self:
        """From PEM or DER. GmError: `bad_request` (malformed, or too long), `unsupported_algorithm` (not SM2 with SM3),
        `not_sm2`, `bad_public_key`, `wrong_signature` (signed by another key than the one inside)."""
        try:
            if len(data) > LONGEST:
                raise ValueError(f"{len(data)} bytes are more than any request has")
            der = pem.unarmor(data)[2] if b"-----BEGIN " in data else data
            request = csr.CertificationRequest.load(der, strict=True)
            info = request["certification_request_info"]
            spki, subject = info["subject_pk_info"].dump(), Name.from_asn1(info["subject"])
            signature = whole_octets(request["signature"])
            algorithm = request["signature_algorithm"]["algorithm"].dotted
            signed = signed_part(der)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
            raise GmError("bad_request", f"not a readable certification request: {error}") from error
        key = PublicKey.from_der(spki)
        if algorithm != SM2_WITH_SM3:
            raise GmError("unsupported_algorithm", f"signed with {algorithm}; only SM2 with SM3 is checked")
        if not key.verify(signature, signed):
            raise GmError("wrong_signature", "the request was not signed with the key that it brings")
        return cls(der, subject, key)
