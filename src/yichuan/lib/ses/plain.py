"""Digital signatures without a seal (GB/T 35275 signedData, Type="Sign"): prepared for the signer → signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from asn1crypto import x509 as asn1_x509

from yichuan.lib.gm.x509 import Certificate

from . import der, oids, tlv
from .errors import SesError
from .make import whole_seconds
from .values import check_signer, checked_signature

#: GB/T 35275: data, and the PKCS #9 attribute that names the type of the content.
_DATA = "1.2.156.10197.6.1.4.2.1"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_FIRST_GENERALIZED_YEAR = 2050


class Form(StrEnum):
    """What SM2 signs: `ATTRIBUTES` (type, digest and time of the content) or the `CONTENT`, which is the digest."""

    ATTRIBUTES = "attributes"
    CONTENT = "content"


def prepare_plain_signature(
    signer_certificate: Certificate, data_hash: bytes, at: datetime, form: Form = Form.ATTRIBUTES
) -> UnsignedPlainSignature:
    """The bytes that the holder of `signer_certificate` signs for content with the SM3 digest `data_hash` (32 bytes).

    Form ATTRIBUTES carries the time `at` (aware, written to the second); form CONTENT carries none. Raises SesError:
    `data_hash`, `time`, `certificate_period`, `certificate_usage` (not one for signatures).
    """
    moment = whole_seconds(at)
    if len(data_hash) != 32:
        raise SesError("data_hash", f"data_hash: {len(data_hash)} bytes, an SM3 digest has 32")
    check_signer(signer_certificate, moment)
    if form is Form.CONTENT:
        return UnsignedPlainSignature(data_hash, signer_certificate, der.octets(data_hash), b"")
    attributes = signed_attributes(_DATA, data_hash, moment)
    return UnsignedPlainSignature(tlv.encode(tlv.SET, attributes), signer_certificate, b"", attributes)


@dataclass(frozen=True, slots=True)
class UnsignedPlainSignature:
    """A plain signature that waits for its signer: sign `message` with SM2 (SM3, default user id)."""

    message: bytes
    signer_certificate: Certificate
    _content: bytes = field(repr=False)
    _attributes: bytes = field(repr=False)

    def attach(self, signature: bytes) -> bytes:
        """ContentInfo in DER. `signature` is DER or r‖s; SesError `signature` when it is not the signer's."""
        value = checked_signature(self.signer_certificate, signature, self.message, "the signer")
        return signed_data(
            oids.SIGNED_DATA,
            (_DATA, self._content),
            self.signer_certificate,
            attributes=self._attributes,
            algorithm=oids.SM2_SIGN,
            value=value,
        )


def signed_attributes(content_type: str, data_hash: bytes, moment: datetime, *more: bytes) -> bytes:
    """The content octets of a SET OF attributes in DER order: contentType, messageDigest, signingTime and `more`.

    `moment` is UTC in whole seconds, `more` are whole attributes.
    """
    # RFC 5652, 11.3: two digits of the year as long as they tell the century.
    time = der.utc_time(moment) if moment.year < _FIRST_GENERALIZED_YEAR else der.generalized_time(moment)
    found = [
        attribute(_CONTENT_TYPE, der.oid(content_type)),
        attribute(oids.MESSAGE_DIGEST, der.octets(data_hash)),
        attribute(oids.SIGNING_TIME, time),
        *more,
    ]
    return b"".join(sorted(found))


def attribute(kind: str, value: bytes) -> bytes:
    """One attribute with one value, in DER."""
    return der.sequence(der.oid(kind), tlv.encode(tlv.SET, value))


def signed_data(
    kind: str,
    content: tuple[str, bytes],
    certificate: Certificate,
    *,
    attributes: bytes,
    algorithm: str,
    value: bytes,
    version: int = 1,
    certificates: tuple[Certificate, ...] = (),
    with_certificates: bool = True,
) -> bytes:
    """ContentInfo{ signedData } of one signer in DER; `kind` is the OID of signedData.

    `content` is its type and its value (b"" when detached), `attributes` the octets that SM2 signed as a SET (b"" for
    none), `certificates` those sent along besides the signer's.
    """
    kind_of_content, inside = content
    sm3 = der.sequence(der.oid(oids.SM3))
    sent = sorted(each.der for each in {certificate, *certificates}) if with_certificates else []
    tbs = asn1_x509.Certificate.load(certificate.der)["tbs_certificate"]
    signer = der.sequence(
        der.integer(1),
        der.sequence(tbs["issuer"].dump(), tbs["serial_number"].dump()),
        sm3,
        tlv.encode(tlv.CONTEXT_0, attributes) if attributes else b"",
        der.sequence(der.oid(algorithm)),
        der.octets(value),
    )
    data = der.sequence(
        der.integer(version),
        tlv.encode(tlv.SET, sm3),
        der.sequence(der.oid(kind_of_content), tlv.encode(tlv.CONTEXT_0, inside) if inside else b""),
        tlv.encode(tlv.CONTEXT_0, b"".join(sent)) if sent else b"",
        tlv.encode(tlv.SET, signer),
    )
    return der.sequence(der.oid(kind), tlv.encode(tlv.CONTEXT_0, data))
