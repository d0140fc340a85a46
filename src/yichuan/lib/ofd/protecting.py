"""What a new signature protects: the document's files digested, its own place and line in the list chosen.

GB/T 33190-2016 clause 18 and annex A.7; nothing of an earlier signature is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from yichuan.lib.gm.sm3 import sm3

from .entries_list import LIST_ENTRY
from .errors import OfdError
from .model import Document, read_document
from .package import Package
from .signatures import SignatureFile, SignatureRecord, read_records, read_signature_file
from .signatures_write import DrawnStamp, Place, choose_place, listed_with, signature_xml, with_signatures_element


class Protection(StrEnum):
    """Whether anybody may sign after this signature: `WHOLE` protects the list of signatures too, which ends the list;
    `CONTINUE` leaves it out."""

    CONTINUE = "continue"
    WHOLE = "whole"


@dataclass(frozen=True)
class Opened:
    """A document that takes a further signature, and the place where it goes."""

    package: Package = field(repr=False)
    document: Document = field(repr=False)
    place: Place
    updates: dict[str, bytes] = field(repr=False)
    listed: tuple[str, ...]
    """The IDs of the signatures there are."""


@dataclass(frozen=True)
class Protected:
    """A document with every file digested that the new signature protects."""

    package: Package = field(repr=False)
    document: Document = field(repr=False)
    place: Place
    stamps: tuple[DrawnStamp, ...]
    updates: dict[str, bytes] = field(repr=False)
    digests: tuple[tuple[str, bytes], ...] = field(repr=False)
    protection: Protection
    sealed: bool

    def signature_xml(self, at: datetime) -> bytes:
        """Signature.xml of a signature at `at` (UTC, whole seconds)."""
        return signature_xml(self.place, self.stamps, self.digests, at, sealed=self.sealed)

    def finished(self, content: bytes, value: bytes) -> bytes:
        """The package with `content` as Signature.xml and `value` as SignedValue.dat."""
        added = {self.place.signature_entry: content, self.place.value_entry: value}
        return self.package.replace(self.updates | added)


def open_for_signature(ofd: bytes) -> Opened:
    """Read the document and its signatures.

    Raises OfdError: what reading the package raises; `whole_protected` (an earlier signature forbids additions);
    `entries_list` (a signed list of the package's files does); `signature_invalid` (an earlier signature cannot be
    read, so that what it protects is unknown); `signatures_loc`.
    """
    package = Package.open(ofd)
    if LIST_ENTRY in package:
        raise OfdError(
            "entries_list",
            f"{LIST_ENTRY} lists every file of the package (GM/T 0099): a signature added now would look smuggled in; "
            "sign the document before the list is made.",
        )
    document = read_document(package)
    records = read_records(package)
    earlier = [_signature_file(package, record) for record in records]
    place = choose_place(package, document, earlier)
    updates = with_signatures_element(package, place)
    _refuse_if_protected(earlier, {place.list_entry, *updates})
    return Opened(package, document, place, updates, tuple(record.id for record in records))


def protect(
    opened: Opened,
    stamps: Iterable[DrawnStamp],
    seal: bytes | None,
    *,
    protection: Protection,
    builds_on: str | None,
) -> Protected:
    """List the new signature, lay its seal (DER) beside it and digest every file it protects, each once.

    Raises OfdError `builds_on` (no such signature) and `entry_damaged`.
    """
    if builds_on is not None and builds_on not in opened.listed:
        raise OfdError("builds_on", f"builds_on: there is no signature {builds_on!r}, only {list(opened.listed)}.")
    package, place, drawn = opened.package, opened.place, tuple(stamps)
    kind = "Sign" if seal is None else "Seal"
    updates = opened.updates | {place.list_entry: listed_with(package, place, kind, len(drawn), builds_on)}
    if seal is not None:
        updates[place.seal_entry] = seal
    names = [*package.names(), *(name for name in updates if name not in package)]
    if protection is Protection.CONTINUE:
        names.remove(place.list_entry)
    digests = [(name, sm3(updates[name] if name in updates else package.read(name))) for name in names]
    return Protected(package, opened.document, place, drawn, updates, tuple(digests), protection, seal is not None)


def _signature_file(package: Package, record: SignatureRecord) -> SignatureFile:
    if record.entry is None:
        raise OfdError("signature_invalid", f"Signature {record.id!r}: {record.base_loc!r} is missing; repair it.")
    return read_signature_file(package, record.entry)


def _refuse_if_protected(earlier: list[SignatureFile], changing: set[str]) -> None:
    for signature in earlier:
        for reference in signature.references:
            if reference.entry in changing:
                raise OfdError(
                    "whole_protected",
                    f"{signature.entry} protects {reference.entry}: the document takes no further signature; "
                    "sign the document as it was before that one.",
                )
