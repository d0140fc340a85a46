"""Signing with a seal (GB/T 38540-2020, 7.2): prepared for the signer → signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate

from . import der, oids
from .errors import SesError
from .make import whole_seconds
from .seal import Seal
from .values import check_signer, checked_signature

_VERSIONS = {"v4": 4, "v5": 5}


def prepare_signature(
    seal: Seal, signer_certificate: Certificate, data_hash: bytes, property_info: str, at: datetime
) -> UnsignedSignature:
    """The bytes that the seal's holder signs (TBS_Sign).

    `data_hash` is the SM3 digest (32 bytes) of Signature.xml; `property_info` its absolute path in the package.
    Raises SesError: `seal_version` (v1 seals make no new signatures), `data_hash`, `property_info`, `time`,
    `not_in_seal` (the certificate is not among those that may use the seal), `seal_period`,
    `certificate_period`, `certificate_usage` (not one for signatures).
    """
    moment = whole_seconds(at)
    version = _VERSIONS.get(seal.version)
    if version is None:
        raise SesError("seal_version", f"seal: a {seal.version} seal makes no new signatures; have a v4 seal issued")
    if len(data_hash) != 32:
        raise SesError("data_hash", f"data_hash: {len(data_hash)} bytes, an SM3 digest has 32")
    if not property_info.isascii():
        raise SesError("property_info", f"property_info: {property_info!r} must be ASCII")
    if not in_seal_list(seal, signer_certificate.der):
        raise SesError(
            "not_in_seal", "signer_certificate: the seal does not list it; use the certificate it was issued to"
        )
    if seal.valid_from is None or seal.valid_to is None or not seal.valid_from <= moment <= seal.valid_to:
        raise SesError("seal_period", f"seal: valid from {seal.valid_from} to {seal.valid_to}, not at {moment}")
    check_signer(signer_certificate, moment)
    to_sign = der.sequence(
        der.integer(version),
        seal.der,
        der.generalized_time(moment),
        der.bits(data_hash),
        der.ia5(property_info),
    )
    return UnsignedSignature(to_sign, signer_certificate)


@dataclass(frozen=True, slots=True)
class UnsignedSignature:
    """A signature that waits for its signer: sign `message` with SM2 (SM3, default user id)."""

    message: bytes
    signer_certificate: Certificate

    def attach(self, signature: bytes) -> bytes:
        """SES_Signature in DER. `signature` is DER or r‖s; SesError `signature` when it is not the signer's."""
        value = checked_signature(self.signer_certificate, signature, self.message, "the signer")
        return der.sequence(
            self.message, der.octets(self.signer_certificate.der), der.oid(oids.SM2_WITH_SM3), der.bits(value)
        )


def in_seal_list(seal: Seal, certificate: bytes) -> bool:
    """Whether the seal may be used with this certificate (DER): it, or its SM3 digest, is in the seal's list."""
    if certificate in seal.certificates:
        return True
    if not seal.certificate_digests:
        return False
    digest = sm3(certificate)
    return any(kind.lower() in oids.SM3_ALIASES and value == digest for kind, value in seal.certificate_digests)
