"""Seal stamps: each signature's seal picture where its StampAnnots place it (GB/T 33190-2016 clause 18)."""

from dataclasses import dataclass

from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import Picture, parse_seal, parse_signature

from ..errors import OfdError
from ..model import Box, Document, parse_box
from ..package import Package
from ..xmlread import child, children, text

_MOST_STAMPS = 10_000


@dataclass(frozen=True)
class Stamp:
    """A seal picture on a page: `boundary` in page mm, `clip` in mm from the boundary's corner.

    `picture` is None when the seal cannot be read; `reason` then says why.
    """

    page_id: str
    boundary: Box
    clip: Box | None
    picture: Picture | None
    reason: str = ""


def read_stamps(package: Package, document: Document) -> tuple[Stamp, ...]:
    """All stamps of the document, in the order of its signatures. What cannot be read is noted."""
    if document.signatures_loc is None:
        return ()
    stamps: list[Stamp] = []
    for element in children(package.xml(document.signatures_loc), "Signature"):
        try:
            entry = package.resolve(document.signatures_loc, element.get("BaseLoc") or text(child(element, "BaseLoc")))
            stamps += _of_signature(package, entry)
        except OfdError as error:
            package.note("signature_unreadable", error.message)
        if len(stamps) > _MOST_STAMPS:
            package.note("too_many_stamps", f"Only the first {_MOST_STAMPS} stamps are drawn.")
            break
    return tuple(stamps[:_MOST_STAMPS])


def _of_signature(package: Package, entry: str) -> list[Stamp]:
    root = package.xml(entry)
    annotations = list(children(root, "StampAnnot"))
    for info in children(root, "SignedInfo"):
        annotations += children(info, "StampAnnot")
    if not annotations:
        return []
    picture, reason = _picture(package, entry)
    if picture is None:
        package.note("seal_unreadable", f"{entry}: {reason}")
    stamps = []
    for each in annotations:
        boundary = parse_box(each.get("Boundary"))
        if boundary is None:
            package.note("stamp_unplaced", f"{entry}: a stamp has no usable Boundary.")
            continue
        page = (each.get("PageRef") or "").strip()
        stamps.append(Stamp(page, boundary, parse_box(each.get("Clip")), picture, reason))
    return stamps


def _picture(package: Package, entry: str) -> tuple[Picture | None, str]:
    """The picture inside the signature value, which is what was signed; else that of the seal file beside it."""
    root = package.xml(entry)
    reasons: list[str] = []
    value = child(root, "SignedValue")
    if value is not None:
        try:
            signature = parse_signature(package.read(package.resolve(entry, text(value))))
            if signature.seal is not None:
                return signature.seal.picture, ""
            reasons.append("the signature value holds no seal")
        except (OfdError, SesError) as error:
            reasons.append(str(error))
    loc = child(root, "SignedInfo", "Seal", "BaseLoc")
    if loc is not None:
        try:
            return parse_seal(package.read(package.resolve(entry, text(loc)))).picture, ""
        except (OfdError, SesError) as error:
            reasons.append(str(error))
    return None, "; ".join(reasons) or "the signature names no seal"
