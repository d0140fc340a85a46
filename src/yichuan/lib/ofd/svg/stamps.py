"""Seal stamps: each signature's seal picture where its StampAnnots place it (GB/T 33190-2016 clause 18)."""

from dataclasses import dataclass

from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import Picture, parse_seal, parse_signature

from ..errors import OfdError
from ..model import Box
from ..package import Package
from ..signatures import SignatureFile, read_records, read_signature_file

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


def read_stamps(package: Package) -> tuple[Stamp, ...]:
    """All stamps of the document, in the order of its signatures. What cannot be read is noted."""
    stamps: list[Stamp] = []
    try:
        for record in read_records(package):
            if record.entry is not None:
                stamps += _of_signature(package, record.entry)
    except OfdError as error:
        package.note("signature_unreadable", error.message)
    if len(stamps) > _MOST_STAMPS:
        package.note("too_many_stamps", f"Only the first {_MOST_STAMPS} stamps are drawn.")
    return tuple(stamps[:_MOST_STAMPS])


def _of_signature(package: Package, entry: str) -> list[Stamp]:
    try:
        file = read_signature_file(package, entry)
    except OfdError as error:
        package.note("signature_unreadable", error.message)
        return []
    if not file.stamps:
        return []
    picture, reason = _picture(package, file)
    if picture is None:
        package.note("seal_unreadable", f"{entry}: {reason}")
    return [Stamp(each.page_ref, each.boundary, each.clip, picture, reason) for each in file.stamps]


def _picture(package: Package, file: SignatureFile) -> tuple[Picture | None, str]:
    """The picture inside the signature value, which is what was signed; else that of the seal file beside it."""
    reasons: list[str] = []
    try:
        signature = parse_signature(package.read(file.value_entry)) if file.value_entry else None
        if signature is not None and signature.seal is not None:
            return signature.seal.picture, ""
        reasons.append("the signature value holds no seal")
    except (OfdError, SesError) as error:
        reasons.append(str(error))
    try:
        if file.seal_entry:
            return parse_seal(package.read(file.seal_entry)).picture, ""
    except (OfdError, SesError) as error:
        reasons.append(str(error))
    return None, "; ".join(reasons)
