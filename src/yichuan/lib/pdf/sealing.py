"""Sealing a PDF with an electronic seal and SM2, as a sequence of types:

    prepare_sealing(pdf, seal, stamps) → PreparedSealing
        .for_signer(certificate, at) → ToSign
        .attach(signature) → SealedPdf
        .stamped(token) → StampedPdf, where a time stamp is wanted

No standard says how a GB/T 38540 signature lies in a PDF. This is the form in use: an ordinary signature field whose
SubFilter is GM.sm2seal, its value the DER of SES_Signature, dataHash the SM3 digest of the bytes that the ByteRange
covers. Readers that know PAdES alone show the picture and cannot check the signature; `pdf.signing` makes one they can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.stamp_layout import Imprint
from yichuan.lib.ses.make import whole_seconds
from yichuan.lib.ses.model import Seal
from yichuan.lib.ses.sign import UnsignedSignature, prepare_signature
from yichuan.lib.ses.signature import parse_signature
from yichuan.lib.ses.stamping import with_time_stamp

from .reading import OpenPdf
from .update import Form, Placed, Waiting, append_field, lay_out, openable

FILTER, SUBFILTER = "/Gomain.GMPkiLite", "/GM.sm2seal"
_ROOM = 8 * 1024  # for the signature itself and a time stamp, beside seal and certificate


def prepare_sealing(pdf: bytes, seal: Seal, stamps: Sequence[Imprint]) -> PreparedSealing:
    """Open the document and lay out its stamps: `Stamp`, `SeamSeal`, `FacingSeal` in any number.

    One stamp is the signature field's picture, others are annotations, which a signed PDF takes no more of.
    Raises PdfError: what `open_pdf` raises; `damaged`, `no_changes`, `dynamic_form`; `no_stamp`, `seal_picture`,
    `stamp_page`, `stamp_place`, `page_box`, `stamps_after_signature`; OfdError as `ofd.seams.seam_strips`.
    """
    opened = openable(pdf)
    return PreparedSealing(opened, seal, tuple(lay_out(opened, stamps, seal.picture)))


@dataclass(frozen=True)
class PreparedSealing:
    """A document with its stamp laid out; who signs, and when, is open."""

    _pdf: OpenPdf = field(repr=False)
    seal: Seal
    _places: tuple[Placed, ...]

    def for_signer(self, certificate: Certificate, at: datetime) -> ToSign:
        """The bytes that the holder of `certificate` signs at `at` (aware).

        Raises SesError as `ses.sign.prepare_signature` (not in the seal's list, outside a period, …), PdfError
        `seal_picture` when the picture cannot be drawn.
        """
        moment = whole_seconds(at)
        form = Form(FILTER, SUBFILTER, "sm3", len(self.seal.der) + len(certificate.der) + _ROOM)
        waiting = append_field(
            self._pdf, self._places, self.seal.picture, form, name=certificate.subject_name, at=moment
        )
        unsigned = prepare_signature(self.seal, certificate, waiting.digest, f"/{waiting.field_name}", moment)
        return ToSign(self, certificate, moment, waiting, unsigned)


@dataclass(frozen=True)
class ToSign:
    """One signature that waits for its signer: sign `message` with SM2 (SM3, default user id)."""

    _prepared: PreparedSealing = field(repr=False)
    certificate: Certificate
    at: datetime
    _waiting: Waiting = field(repr=False)
    _unsigned: UnsignedSignature = field(repr=False)

    @property
    def message(self) -> bytes:
        """The bytes to be signed (DER of TBS_Sign)."""
        return self._unsigned.message

    def describe(self) -> dict[str, object]:
        """What is about to be signed, for the person who signs: plain values, ready for JSON."""
        prepared = self._prepared
        return {
            "title": prepared._pdf.title,
            "pages": prepared._pdf.pages,
            "seal": prepared.seal.name,
            "seal_id": prepared.seal.seal_id,
            "signer": self.certificate.subject_name,
            "at": self.at.isoformat(),
            "stamps": [each.describe() for each in prepared._places],
            "document_sm3": self._waiting.digest.hex(),
        }

    def attach(self, signature: bytes) -> SealedPdf:
        """The sealed document. `signature` is DER or r‖s; SesError `signature` when it is not the signer's."""
        value = self._unsigned.attach(signature)
        return SealedPdf(self._waiting.filled(value), self._waiting.field_name, self._waiting, value)


@dataclass(frozen=True)
class StampedPdf:
    """A sealed document: its bytes, and the name of the new signature field."""

    data: bytes = field(repr=False)
    field_name: str


@dataclass(frozen=True)
class SealedPdf(StampedPdf):
    """A sealed document whose time is still the signer's word."""

    _waiting: Waiting = field(repr=False)
    _value: bytes = field(repr=False)

    @property
    def signature(self) -> bytes:
        """The signature's own bytes: what a time stamp is asked for."""
        return parse_signature(self._value).signature

    def stamped(self, token: bytes) -> StampedPdf:
        """The same with a time stamp: a TimeStampToken of RFC 3161 over `signature`, with SM3, in DER.

        Raises SesError `time_stamp`, `time_stamp_imprint`; PdfError `no_room`.
        """
        return StampedPdf(self._waiting.filled(with_time_stamp(self._value, token)), self.field_name)
