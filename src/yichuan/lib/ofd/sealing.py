"""Sealing an OFD in memory (GB/T 33190-2016 clause 18, GB/T 38540-2020 7.2), as a sequence of types:

    prepare_sealing(ofd, seal, stamps) → PreparedSealing
        .for_signer(certificate, at) → ToSign
        .attach(signature) → SealedOfd

The signature may be made elsewhere, on a carrier, over `ToSign.message`. The list Signatures.xml is left out of the
protected files, so that more seals can follow; every byte of earlier signatures stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.make import whole_seconds
from yichuan.lib.ses.model import Seal
from yichuan.lib.ses.sign import UnsignedSignature, prepare_signature

from .errors import OfdError
from .model import Document, Page, read_document
from .package import Package
from .signatures import SignatureFile, read_records, read_signature_file
from .signatures_write import DrawnStamp, Place, choose_place, listed_with, signature_xml, with_signatures_element

_LARGEST_SEAL_MM = 300


@dataclass(frozen=True)
class Stamp:
    """Where the seal's picture goes: page number from 0, its centre in mm from the page's top left."""

    page_index: int
    centre_x_mm: float
    centre_y_mm: float


def prepare_sealing(ofd: bytes, seal: Seal, stamps: list[Stamp]) -> PreparedSealing:
    """Digest the document and lay out the stamps of one signature.

    Raises OfdError: what reading the package raises; `no_stamp`, `stamp_page`, `stamp_place` (the centre lies off
    the page); `seal_picture` (no size, or larger than a page); `whole_protected` (an earlier signature forbids
    additions); `signature_invalid` (an earlier signature cannot be read); `signatures_loc`.
    """
    package = Package.open(ofd)
    document = read_document(package)
    earlier = _earlier(package)
    place = choose_place(package, document, earlier)
    drawn = _drawn(document, seal, stamps, place)
    updates = with_signatures_element(package, place)
    _refuse_if_protected(earlier, {place.list_entry, *updates})
    updates[place.list_entry] = listed_with(package, place, len(drawn))
    updates[place.seal_entry] = seal.der
    protected = [name for name in package.names() if name != place.list_entry]
    digests = [(name, sm3(updates[name] if name in updates else package.read(name))) for name in protected]
    digests.append((place.seal_entry, sm3(seal.der)))
    return PreparedSealing(package, document, seal, place, tuple(drawn), updates, tuple(digests))


@dataclass(frozen=True)
class PreparedSealing:
    """A digested document with its stamps laid out; who signs, and when, is open."""

    _package: Package = field(repr=False)
    _document: Document = field(repr=False)
    seal: Seal
    _place: Place
    _stamps: tuple[DrawnStamp, ...]
    _updates: dict[str, bytes] = field(repr=False)
    _digests: tuple[tuple[str, bytes], ...] = field(repr=False)

    def for_signer(self, certificate: Certificate, at: datetime) -> ToSign:
        """The bytes that the holder of `certificate` signs at `at` (aware).

        Raises SesError as `ses.sign.prepare_signature`: not in the seal's list, outside a period, …
        """
        content = signature_xml(self._place, self._stamps, self._digests, whole_seconds(at))
        path = f"/{self._place.signature_entry}"
        info = path if path.isascii() else f"Sign_{self._place.number}/Signature.xml"
        unsigned = prepare_signature(self.seal, certificate, sm3(content), info, at)
        updates = self._updates | {self._place.signature_entry: content}
        return ToSign(self, certificate, whole_seconds(at), updates, unsigned)


@dataclass(frozen=True)
class ToSign:
    """One signature that waits for its signer: sign `message` with SM2 (SM3, default user id)."""

    _prepared: PreparedSealing = field(repr=False)
    certificate: Certificate
    at: datetime
    _updates: dict[str, bytes] = field(repr=False)
    _unsigned: UnsignedSignature = field(repr=False)

    @property
    def message(self) -> bytes:
        """The bytes to be signed (DER of TBS_Sign)."""
        return self._unsigned.message

    def describe(self) -> dict[str, object]:
        """What is about to be signed, for the person who signs: plain values, ready for JSON."""
        prepared = self._prepared
        return {
            "title": prepared._document.info.title,
            "pages": len(prepared._document.pages),
            "files": len(prepared._digests),
            "seal": prepared.seal.name,
            "seal_id": prepared.seal.seal_id,
            "signer": self.certificate.subject_name,
            "at": self.at.isoformat(),
            "stamps": [{"page": stamp.page_index + 1, "box_mm": list(stamp.box)} for stamp in prepared._stamps],
            "signature_xml_sm3": sm3(self._updates[prepared._place.signature_entry]).hex(),
        }

    def attach(self, signature: bytes) -> SealedOfd:
        """The sealed document. `signature` is DER or r‖s; SesError `signature` when it is not the signer's."""
        place = self._prepared._place
        value = self._unsigned.attach(signature)
        data = self._prepared._package.replace(self._updates | {place.value_entry: value})
        return SealedOfd(data, place.signature_id)


@dataclass(frozen=True)
class SealedOfd:
    """A sealed document: the package's bytes, and the ID of the new signature in Signatures.xml."""

    data: bytes = field(repr=False)
    signature_id: str


def _earlier(package: Package) -> list[SignatureFile]:
    found = []
    for record in read_records(package):
        if record.entry is None:
            raise OfdError("signature_invalid", f"Signature {record.id!r}: {record.base_loc!r} is missing; repair it.")
        found.append(read_signature_file(package, record.entry))
    return found


def _refuse_if_protected(earlier: list[SignatureFile], changing: set[str]) -> None:
    for signature in earlier:
        for reference in signature.references:
            if reference.entry in changing:
                raise OfdError(
                    "whole_protected",
                    f"{signature.entry} protects {reference.entry}: the document takes no further seal; "
                    "seal the document as it was before that signature.",
                )


def _drawn(document: Document, seal: Seal, stamps: list[Stamp], place: Place) -> list[DrawnStamp]:
    width, height = seal.picture.width_mm, seal.picture.height_mm
    if not (0 < width <= _LARGEST_SEAL_MM and 0 < height <= _LARGEST_SEAL_MM):
        raise OfdError("seal_picture", f"The seal's picture is {width} x {height} mm; have the seal made anew.")
    if not stamps:
        raise OfdError("no_stamp", "stamps: say on which page the seal is to stand.")
    drawn = []
    for number, stamp in enumerate(stamps, start=1):
        page = _page(document, stamp)
        page_width, page_height = page.width_mm, page.height_mm
        if not (0 <= stamp.centre_x_mm <= page_width and 0 <= stamp.centre_y_mm <= page_height):
            raise OfdError(
                "stamp_place",
                f"stamps: ({stamp.centre_x_mm}, {stamp.centre_y_mm}) mm lies off page {stamp.page_index + 1} "
                f"of {page_width} x {page_height} mm.",
            )
        box = (stamp.centre_x_mm - width / 2, stamp.centre_y_mm - height / 2, float(width), float(height))
        drawn.append(DrawnStamp(place.stamp_id(number), stamp.page_index, page.id, box))
    return drawn


def _page(document: Document, stamp: Stamp) -> Page:
    if not 0 <= stamp.page_index < len(document.pages):
        raise OfdError(
            "stamp_page", f"stamps: there is no page {stamp.page_index + 1}, the document has {len(document.pages)}."
        )
    return document.pages[stamp.page_index]
