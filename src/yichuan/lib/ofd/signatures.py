"""Signatures.xml and Signature.xml as read (GB/T 33190-2016, clause 18), whatever order and namespace they have."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from .errors import OfdError
from .model import Box, ofd_entry, parse_box
from .package import Package
from .xmlread import child, children, local, text

_ORDER = ("SignedInfo", "SignedValue")
_INFO_ORDER = ("Provider", "SignatureMethod", "SignatureDateTime", "References", "StampAnnot", "Seal")


@dataclass(frozen=True)
class SignatureRecord:
    """One entry of a Signatures.xml. `kind` is "Seal" or "Sign"; `entry` is the Signature.xml, None when absent;
    `relative` the ID of the signature that this one builds on (GM/T 0099), else empty."""

    id: str
    kind: str
    kind_written: bool
    list_entry: str
    base_loc: str
    entry: str | None
    relative: str


@dataclass(frozen=True)
class Reference:
    """One protected file: the entry it resolves to (None when absent) and its digest as written (base64)."""

    file_ref: str
    entry: str | None
    check_value: str


@dataclass(frozen=True)
class StampAnnot:
    """Where a seal's picture is drawn: page ID, boundary and clip in mm, the clip relative to the boundary's corner."""

    id: str
    page_ref: str
    boundary: Box
    clip: Box | None


@dataclass(frozen=True)
class SignatureFile:
    """What a Signature.xml says. `check_method` is as written, empty when the attribute is missing (then MD5)."""

    entry: str
    provider: str
    method: str
    time_text: str
    check_method: str
    references: tuple[Reference, ...]
    stamps: tuple[StampAnnot, ...]
    seal_named: bool
    seal_entry: str | None
    value_entry: str | None


def read_records(package: Package) -> tuple[SignatureRecord, ...]:
    """The signatures that the document lists, over all its DocBody elements, in order.

    A Signatures element that names no file is noted on the package. Raises OfdError `too_many_signatures` and
    what reading the lists raises.
    """
    return package.once("records", lambda: _read_records(package))


def _read_records(package: Package) -> tuple[SignatureRecord, ...]:
    records: list[SignatureRecord] = []
    seen: set[str] = set()
    for body in children(package.xml(ofd_entry(package)), "DocBody"):
        entry = _found(package, ofd_entry(package), text(child(body, "Signatures")))
        if entry is None or entry in seen:
            continue
        seen.add(entry)
        for element in children(package.xml(entry), "Signature"):
            kind = (element.get("Type") or "").strip().capitalize()
            records.append(
                SignatureRecord(
                    id=(element.get("ID") or "").strip(),
                    kind="Sign" if kind == "Sign" else "Seal",
                    kind_written=bool(kind),
                    list_entry=entry,
                    base_loc=element.get("BaseLoc") or "",
                    entry=_found(package, entry, element.get("BaseLoc") or ""),
                    relative=(element.get("Relative") or "").strip(),
                )
            )
            most = package.limits.signatures
            if len(records) > most:
                raise OfdError("too_many_signatures", f"{entry}: more than {most} signatures are not read.")
    return tuple(records)


def read_signature_file(package: Package, entry: str, *, most_references: int = 20_000) -> SignatureFile:
    """Read one Signature.xml.

    Raises OfdError `signature_invalid` when it has no SignedInfo, `too_many_references`, and what `Package.xml` raises.
    """
    file = package.once(("signature", entry), lambda: _read_signature_file(package, entry, most_references))
    if len(file.references) > most_references:  # read before, within a wider bound
        raise _too_many_references(entry, most_references)
    return file


def _too_many_references(entry: str, most: int) -> OfdError:
    return OfdError("too_many_references", f"{entry}: more than {most} references are not read.")


def _read_signature_file(package: Package, entry: str, most_references: int) -> SignatureFile:
    root = package.xml(entry)
    info = child(root, "SignedInfo")
    if info is None:
        raise OfdError("signature_invalid", f"{entry}: there is no SignedInfo; nothing is signed.")
    references = child(info, "References")
    if references is not None and len(references) > most_references:
        raise _too_many_references(entry, most_references)
    provider = child(info, "Provider")
    _note_order(package, entry, root, _ORDER)
    _note_order(package, entry, info, _INFO_ORDER)
    if provider is not None and not provider.get("ProviderName") and child(provider, "ProviderName") is not None:
        package.note("provider_children", f"{entry}: Provider holds elements in place of attributes.")
    seal = child(info, "Seal")
    return SignatureFile(
        entry=entry,
        provider=(provider.get("ProviderName") or text(child(provider, "ProviderName")))
        if provider is not None
        else "",
        method=text(child(info, "SignatureMethod")),
        time_text=text(child(info, "SignatureDateTime")),
        check_method=(references.get("CheckMethod") or "").strip() if references is not None else "",
        references=tuple(_references(package, entry, references)) if references is not None else (),
        stamps=tuple(stamp for each in children(info, "StampAnnot") if (stamp := _stamp(package, entry, each))),
        seal_named=seal is not None,
        seal_entry=_found(package, entry, text(child(seal, "BaseLoc"))),
        value_entry=_found(package, entry, text(child(root, "SignedValue"))),
    )


def _note_order(package: Package, entry: str, element: etree._Element, order: tuple[str, ...]) -> None:
    places = [order.index(name) for each in children(element) if (name := local(each)) in order]
    if places != sorted(places):
        package.note(
            "element_order", f"{entry}: the elements of {local(element)} do not stand in the standard's order."
        )


def _references(package: Package, base: str, element: etree._Element) -> list[Reference]:
    found = []
    for each in children(element, "Reference"):
        file_ref = each.get("FileRef") or ""
        found.append(Reference(file_ref, _found(package, base, file_ref), text(child(each, "CheckValue"))))
    return found


def _stamp(package: Package, base: str, element: etree._Element) -> StampAnnot | None:
    boundary = parse_box(element.get("Boundary"))
    if boundary is None:
        package.note("stamp_boundary", f"{base}: StampAnnot {element.get('ID')!r} has no usable Boundary, not drawn.")
        return None
    return StampAnnot(
        id=(element.get("ID") or "").strip(),
        page_ref=(element.get("PageRef") or "").strip(),
        boundary=boundary,
        clip=parse_box(element.get("Clip")),
    )


def _found(package: Package, base: str, loc: str) -> str | None:
    if not loc.strip():
        return None
    try:
        return package.resolve(base, loc)
    except OfdError as error:
        package.note("loc_missing", error.message)
        return None
