"""Signing a PDF to PAdES (ETSI EN 319 142-1) with P-256, the seal's picture as what is seen, as a sequence of types:

    prepare_signing(pdf, picture, stamps) → PreparedSigning
        .for_signer(certificate, at, chain) → ToSign
        .attach(signature) → SignedPdf                         B-B
        .stamped(token) → StampedPdf                           B-T
        .with_validation_data(certificates, crls) → bytes      B-LT

The signature may be made elsewhere, on a carrier, over `ToSign.message`; the token by whatever authority, over
`SignedPdf.signature`. Certificates and lists are DER.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import algos, cms, tsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.stamp_layout import Imprint
from yichuan.lib.ses import oids
from yichuan.lib.ses.seal import Picture

from .errors import PdfError
from .paths import holder
from .reading import OpenPdf
from .update import Form, Placed, Waiting, append_field, lay_out, openable

FILTER, SUBFILTER = "/Adobe.PPKLite", "/ETSI.CAdES.detached"
_ROOM = 8 * 1024  # for attributes, signature and time stamp, beside the certificates


def prepare_signing(pdf: bytes, picture: Picture, stamps: Sequence[Imprint]) -> PreparedSigning:
    """Open the document and lay out the picture: `Stamp`, `SeamSeal`, `FacingSeal` in any number.

    One stamp is the signature field's picture, others are annotations, which a signed PDF takes no more of.
    Raises PdfError: what `open_pdf` raises; `damaged`, `no_changes`, `dynamic_form`; `no_stamp`, `seal_picture`,
    `stamp_page`, `stamp_place`, `page_box`, `stamps_after_signature`; OfdError as `ofd.seams.seam_strips`.
    """
    opened = openable(pdf)
    return PreparedSigning(opened, picture, tuple(lay_out(opened, stamps, picture)))


@dataclass(frozen=True)
class PreparedSigning:
    """A document with its picture laid out; who signs, and when, is open."""

    _pdf: OpenPdf = field(repr=False)
    picture: Picture
    _places: tuple[Placed, ...]

    def for_signer(self, certificate: bytes, at: datetime, chain: Sequence[bytes] = ()) -> ToSign:
        """The bytes that the holder of `certificate` signs at `at` (aware). `chain` are the certificates above it.

        Raises PdfError: `certificate` (unreadable), `unsupported_key` (not P-256), `certificate_period`, `time`.
        """
        if at.tzinfo is None:
            raise PdfError("time", f"at: {at.isoformat()} names no zone; pass an aware datetime.")
        leaf, above = _certificate(certificate), [_certificate(each) for each in chain]
        _key(certificate)
        if not leaf.not_valid_before <= at <= leaf.not_valid_after:
            raise PdfError("certificate_period", f"certificate: it is not valid at {at.isoformat()}; renew it.")
        moment = at.astimezone(UTC).replace(microsecond=0)
        form = Form(FILTER, SUBFILTER, "sha256", len(certificate) + sum(map(len, chain)) + _ROOM)
        waiting = append_field(self._pdf, self._places, self.picture, form, name=holder(leaf), at=moment)
        return ToSign(self, leaf, above, moment, waiting, _attributes(leaf, waiting.digest))


@dataclass(frozen=True)
class ToSign:
    """One signature that waits for its signer: sign `message` with ECDSA and SHA-256."""

    _prepared: PreparedSigning = field(repr=False)
    _certificate: asn1.Certificate = field(repr=False)
    _chain: list[asn1.Certificate] = field(repr=False)
    at: datetime
    _waiting: Waiting = field(repr=False)
    _attributes: cms.CMSAttributes = field(repr=False)

    @property
    def message(self) -> bytes:
        """The bytes to be signed (DER of the signed attributes)."""
        der: bytes = self._attributes.dump()
        return der

    def describe(self) -> dict[str, object]:
        """What is about to be signed, for the person who signs: plain values, ready for JSON."""
        prepared = self._prepared
        return {
            "title": prepared._pdf.title,
            "pages": prepared._pdf.pages,
            "signer": holder(self._certificate),
            "at": self.at.isoformat(),
            "stamps": [each.describe() for each in prepared._places],
            "document_sha256": self._waiting.digest.hex(),
        }

    def attach(self, signature: bytes) -> SignedPdf:
        """The signed document (B-B). `signature` is DER or r‖s; PdfError `signature` when it is not the signer's."""
        if len(signature) == 64:
            r, s = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
            signature = encode_dss_signature(r, s)
        try:
            _key(self._certificate.dump()).verify(signature, self.message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise PdfError("signature", "The signature is not the signer's; sign `message` as it is.") from error
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": {"issuer_and_serial_number": _named(self._certificate)},
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": self._attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": signature,
            }
        )
        value = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "data"},
                "certificates": [self._certificate, *self._chain],
                "signer_infos": [signer],
            }
        )
        return SignedPdf(self._waiting.filled(_wrapped(value)), self._waiting, value)


@dataclass(frozen=True)
class SignedPdf:
    """A signed document (B-B)."""

    data: bytes = field(repr=False)
    _waiting: Waiting = field(repr=False)
    _value: cms.SignedData = field(repr=False)

    @property
    def field_name(self) -> str:
        """The name of the new signature field."""
        return self._waiting.field_name

    @property
    def signature(self) -> bytes:
        """The signature's own bytes: what a time stamp is asked for."""
        value: bytes = self._value["signer_infos"][0]["signature"].native
        return value

    def stamped(self, token: bytes) -> StampedPdf:
        """The same with a time stamp (B-T). `token` is a TimeStampToken of RFC 3161 over `signature`, in DER.

        Raises PdfError `time_stamp` (unreadable, or over something else), `no_room`.
        """
        try:
            stamp = cms.ContentInfo.load(token, strict=True)
            info = stamp["content"]["encap_content_info"]["content"].parsed
            imprint = info["message_imprint"] if isinstance(info, tsp.TSTInfo) else None
            over = None if imprint is None else imprint["hashed_message"].native
            expected = None if imprint is None else _imprint(imprint["hash_algorithm"], self.signature)
        except (ValueError, TypeError, KeyError) as error:
            raise PdfError("time_stamp", f"token: no TimeStampToken in DER: {error}") from error
        if over is None or over != expected:
            raise PdfError("time_stamp", "token: it is not over this signature; ask for one over `signature`.")
        value = cms.SignedData.load(self._value.dump())
        attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]})
        value["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])
        wrapped = _wrapped(value)
        return StampedPdf(self._waiting.filled(wrapped), self.field_name, wrapped)


@dataclass(frozen=True)
class StampedPdf:
    """A signed document whose time is proven (B-T)."""

    data: bytes = field(repr=False)
    field_name: str
    _value: bytes = field(repr=False)

    def with_validation_data(self, certificates: Iterable[bytes], crls: Iterable[bytes]) -> bytes:
        """The same with what a later check needs (B-LT): the certificates of signer and time-stamp authority up to
        their roots, and the revocation list of each issuer, in a document security store appended to the file.

        Raises PdfError `certificate` or `crl` for what cannot be read.
        """
        try:
            lists = [asn1_crl.CertificateList.load(each, strict=True) for each in crls]
        except ValueError as error:
            raise PdfError("crl", f"crls: not a revocation list in DER: {error}") from error
        out = io.BytesIO(self.data)
        writer = IncrementalPdfFileWriter(out)
        certs = [_certificate(each) for each in certificates]
        DocumentSecurityStore.supply_dss_in_writer(writer, self._value, certs=certs, crls=lists)
        writer.write_in_place()
        return out.getvalue()


def _attributes(leaf: asn1.Certificate, digest: bytes) -> cms.CMSAttributes:
    """What PAdES wants signed (EN 319 142-1, 6.3): content type, digest, and which certificate; the time is /M."""
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(leaf.dump()).digest()})
    named = tsp.SigningCertificateV2({"certs": [identifier]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [named]}),
        ]
    )


def _wrapped(value: cms.SignedData) -> bytes:
    """Its ContentInfo in DER. asn1crypto copies what it tags, and a value that was put together, not read, for seconds:
    each part is encoded at every step down to it."""
    read = cms.SignedData.load(value.dump())
    der: bytes = cms.ContentInfo({"content_type": "signed_data", "content": read}).dump()
    return der


def _named(certificate: asn1.Certificate) -> cms.IssuerAndSerialNumber:
    return cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})


def _certificate(der: bytes) -> asn1.Certificate:
    try:
        certificate = asn1.Certificate.load(der, strict=True)
        certificate.native  # noqa: B018 - read for its errors
    except (ValueError, TypeError, KeyError) as error:
        raise PdfError("certificate", f"certificate: not readable as DER: {error}") from error
    return certificate


def _key(certificate: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_x509_certificate(certificate).public_key()
    except (ValueError, TypeError) as error:
        raise PdfError("unsupported_key", f"certificate: its key cannot be used: {error}") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PdfError("unsupported_key", "certificate: its key is not P-256; seal with SM2 by `pdf.sealing`.")
    return key


def _imprint(algorithm: algos.DigestAlgorithm, data: bytes) -> bytes:
    if algorithm["algorithm"].dotted in oids.SM3_ALIASES:
        return sm3(data)
    return hashlib.new(algorithm["algorithm"].native, data, usedforsecurity=False).digest()
