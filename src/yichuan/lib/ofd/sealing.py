"""Signing an OFD in memory (GB/T 33190-2016 clause 18, GB/T 38540-2020 7.2, GB/T 35275), as a sequence of types:

    prepare_sealing(ofd, seal, stamps) → PreparedSealing     prepare_signing(ofd) → PreparedSigning
        .for_signer(certificate, at) → ToSign
        .attach(signature) → SignedOfd
        .stamped(token) → StampedOfd, where a time stamp is wanted

The signature may be made elsewhere, on a carrier, over `ToSign.message`; the token by an authority elsewhere, over
`SignedOfd.signature`. Every byte of earlier signatures stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.make import whole_seconds
from yichuan.lib.ses.model import Seal
from yichuan.lib.ses.plain import Form, prepare_plain_signature
from yichuan.lib.ses.sign import prepare_signature
from yichuan.lib.ses.signature import parse_signature
from yichuan.lib.ses.stamping import with_time_stamp

from .protecting import Protected, Protection, open_for_signature, protect
from .seams import Edge, FacingSeal, Printing, SeamSeal
from .stamp_layout import Imprint, Stamp, lay_out

__all__ = [
    "Edge",
    "FacingSeal",
    "Form",
    "PreparedSealing",
    "PreparedSigning",
    "Printing",
    "Protection",
    "SeamSeal",
    "SignedOfd",
    "Stamp",
    "StampedOfd",
    "ToSign",
    "prepare_sealing",
    "prepare_signing",
]


def prepare_sealing(
    ofd: bytes,
    seal: Seal,
    stamps: Sequence[Imprint],
    *,
    protection: Protection = Protection.CONTINUE,
    builds_on: str | None = None,
) -> PreparedSealing:
    """Digest the document and lay out the stamps of one signature: `Stamp`, `SeamSeal`, `FacingSeal` in any number.

    `protection` WHOLE lets nobody sign after this signature. `builds_on` is the ID of an earlier signature that this
    one confirms (Relative of GM/T 0099-2020).

    Raises OfdError: what reading the package raises; `no_stamp`, `stamp_page`, `stamp_place` (the centre lies off
    the page), `page_id` (a page without an ID of its own); `seam_pages`, `seam_group`, `seam_share`, `seam_place`;
    `seal_picture` (no size, or larger than a page); `whole_protected` (an earlier signature forbids additions),
    `entries_list` (a signed list of files, GM/T 0099, does); `signature_invalid` (an earlier signature cannot be
    read); `signatures_loc`; `builds_on`.
    """
    opened = open_for_signature(ofd)
    drawn = lay_out(opened.document, seal.picture, stamps, opened.place)
    return PreparedSealing(seal, protect(opened, drawn, seal.der, protection=protection, builds_on=builds_on))


def prepare_signing(
    ofd: bytes, *, protection: Protection = Protection.CONTINUE, builds_on: str | None = None
) -> PreparedSigning:
    """Digest the document for a digital signature without a seal (Type="Sign").

    Raises OfdError as `prepare_sealing` does where that is not about stamps.
    """
    opened = open_for_signature(ofd)
    return PreparedSigning(protect(opened, (), None, protection=protection, builds_on=builds_on))


@dataclass(frozen=True)
class PreparedSealing:
    """A digested document with its stamps laid out; who signs, and when, is open."""

    seal: Seal
    _protected: Protected

    def for_signer(self, certificate: Certificate, at: datetime) -> ToSign:
        """The bytes that the holder of `certificate` signs at `at` (aware).

        Raises SesError as `ses.sign.prepare_signature`: not in the seal's list, outside a period, …
        """
        moment = whole_seconds(at)
        place, content = self._protected.place, self._protected.signature_xml(moment)
        path = f"/{place.signature_entry}"
        info = path if path.isascii() else f"Sign_{place.number}/Signature.xml"
        unsigned = prepare_signature(self.seal, certificate, sm3(content), info, at)
        return ToSign(self._protected, self.seal, certificate, moment, content, unsigned)


@dataclass(frozen=True)
class PreparedSigning:
    """A digested document; who signs, and when, is open."""

    _protected: Protected

    def for_signer(self, certificate: Certificate, at: datetime, form: Form = Form.ATTRIBUTES) -> ToSign:
        """The bytes that the holder of `certificate` signs at `at` (aware).

        Raises SesError as `ses.plain.prepare_plain_signature`.
        """
        moment = whole_seconds(at)
        content = self._protected.signature_xml(moment)
        unsigned = prepare_plain_signature(certificate, sm3(content), at, form)
        return ToSign(self._protected, None, certificate, moment, content, unsigned)


class _Unsigned(Protocol):
    @property
    def message(self) -> bytes: ...

    def attach(self, signature: bytes) -> bytes: ...


@dataclass(frozen=True)
class ToSign:
    """One signature that waits for its signer: sign `message` with SM2 (SM3, default user id)."""

    _protected: Protected = field(repr=False)
    seal: Seal | None
    certificate: Certificate
    at: datetime
    _content: bytes = field(repr=False)
    _unsigned: _Unsigned = field(repr=False)

    @property
    def message(self) -> bytes:
        """The bytes to be signed (DER of TBS_Sign; without a seal, of the signed attributes, or a digest)."""
        return self._unsigned.message

    def describe(self) -> dict[str, object]:
        """What is about to be signed, for the person who signs: plain values, ready for JSON."""
        protected, seal = self._protected, self.seal
        return {
            "title": protected.document.info.title,
            "pages": len(protected.document.pages),
            "files": len(protected.digests),
            "protection": protected.protection.value,
            "seal": None if seal is None else seal.name,
            "seal_id": None if seal is None else seal.seal_id,
            "signer": self.certificate.subject_name,
            "at": self.at.isoformat(),
            "stamps": [
                {"page": stamp.page_index + 1, "box_mm": list(stamp.box)}
                | ({} if stamp.clip is None else {"clip_mm": list(stamp.clip)})
                for stamp in protected.stamps
            ],
            "signature_xml_sm3": sm3(self._content).hex(),
        }

    def attach(self, signature: bytes) -> SignedOfd:
        """The signed document. `signature` is DER or r‖s; SesError `signature` when it is not the signer's."""
        value = self._unsigned.attach(signature)
        data = self._protected.finished(self._content, value)
        return SignedOfd(data, self._protected.place.signature_id, self._protected, self._content, value)


@dataclass(frozen=True)
class SignedOfd:
    """A signed document: the package's bytes, and the ID of the new signature in Signatures.xml."""

    data: bytes = field(repr=False)
    signature_id: str
    _protected: Protected = field(repr=False, compare=False)
    _content: bytes = field(repr=False, compare=False)
    _value: bytes = field(repr=False, compare=False)

    @property
    def signature(self) -> bytes:
        """The signature's SM2 value in DER: what a time stamp is asked for (`ses.time_stamp_request`)."""
        return parse_signature(self._value).signature

    def stamped(self, token: bytes) -> StampedOfd:
        """The document with a time stamp token in the signature; before anybody else signs, as they protect it.

        Raises SesError `time_stamp` (no token), `time_stamp_imprint` (a token over something else).
        """
        data = self._protected.finished(self._content, with_time_stamp(self._value, token))
        return StampedOfd(data, self.signature_id)


@dataclass(frozen=True)
class StampedOfd:
    """A signed document whose signature bears a time stamp."""

    data: bytes = field(repr=False)
    signature_id: str
