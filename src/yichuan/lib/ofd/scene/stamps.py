"""Seal stamps: each signature's seal picture where its StampAnnots place it (GB/T 33190-2016 clause 18)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from yichuan.lib.ses.errors import SesError
from yichuan.lib.ses.model import Picture as SealPicture
from yichuan.lib.ses.model import parse_seal, parse_signature

from ..errors import OfdError
from ..geometry import IDENTITY
from ..model import Box
from ..package import Package
from ..signatures import SignatureFile, read_records, read_signature_file
from .budget import Budget
from .model import Clip, Group, Item, Missing, Scene, Shape
from .pictures import read_picture
from .shapes import rectangle

_MOST_STAMPS = 10_000


class ImprintReader(Protocol):
    """Reads the picture of a seal that is itself an OFD."""

    def __call__(self, data: bytes, budget: Budget, *, resolve: bool) -> Scene: ...


@dataclass(frozen=True)
class _Stamp:
    """A seal picture on a page: `boundary` in page mm, `clip` in mm from the boundary's corner.

    `picture` is None when the seal cannot be read; `reason` then says why.
    """

    page_id: str
    boundary: Box
    clip: Box | None
    picture: SealPicture | None
    reason: str = ""


@dataclass(frozen=True)
class _Imprint:
    """A seal's picture over the unit square, and what it costs wherever it stands."""

    item: Item
    cost: int


@dataclass
class Stamps:
    """The stamps of a document, read when first asked for; a picture is read once for all its stamps."""

    package: Package
    imprint: ImprintReader
    _stamps: tuple[_Stamp, ...] | None = None
    _imprints: dict[tuple[int, bool], _Imprint] = field(default_factory=dict)

    def of_page(self, page_id: str, budget: Budget, *, resolve: bool) -> Iterator[Item]:
        """The stamps of a page, in the order of the document's signatures.

        A stamp is multiplied over the page: paper takes its ink, and text under it stays readable.
        """
        if self._stamps is None:
            self._stamps = _read_stamps(self.package)
        for stamp in self._stamps:
            if stamp.page_id == page_id:
                yield self._item(stamp, budget, resolve=resolve)

    def _item(self, stamp: _Stamp, budget: Budget, *, resolve: bool) -> Item:
        x, y, width, height = stamp.boundary
        try:
            if stamp.picture is None:
                raise OfdError("seal_unreadable", stamp.reason)
            item = self._drawn(stamp.picture, budget, resolve=resolve)
        except OfdError as error:
            if error.code in ("page_too_complex", "document_too_complex"):
                raise
            self.package.note("seal_picture_unreadable", error.message)
            return Missing((x, y, x + width, y + height), f"Seal picture cannot be shown: {error.message}")
        clips: tuple[Clip, ...] = ()
        if stamp.clip is not None:
            left, top, wide, high = stamp.clip
            area = Shape(rectangle(x + left, y + top, wide, high), None, None)
            clips = (Clip(((IDENTITY, area),)),)
        return Group((item,), (width, 0.0, 0.0, height, x, y), clips, blend="multiply")

    def _drawn(self, picture: SealPicture, budget: Budget, *, resolve: bool) -> Item:
        key = (id(picture), resolve)
        if (known := self._imprints.get(key)) is not None:
            budget.spend(known.cost)
            return known.item
        before = budget.whole
        if picture.kind == "ofd":
            scene = self.imprint(picture.data, budget, resolve=resolve)
            left, top, width, height = scene.box
            item: Item = Group(scene.items, (1 / width, 0.0, 0.0, 1 / height, -left / width, -top / height))
        else:
            budget.spend()
            item = read_picture(picture.data)
        self._imprints[key] = _Imprint(item, budget.whole - before)
        return item


def _read_stamps(package: Package) -> tuple[_Stamp, ...]:
    """All stamps of the document. What cannot be read is noted."""
    stamps: list[_Stamp] = []
    try:
        for record in read_records(package):
            if record.entry is not None:
                stamps += _of_signature(package, record.entry)
    except OfdError as error:
        package.note("signature_unreadable", error.message)
    if len(stamps) > _MOST_STAMPS:
        package.note("too_many_stamps", f"Only the first {_MOST_STAMPS} stamps are drawn.")
    return tuple(stamps[:_MOST_STAMPS])


def _of_signature(package: Package, entry: str) -> list[_Stamp]:
    try:
        file = read_signature_file(package, entry)
    except OfdError as error:
        package.note("signature_unreadable", error.message)
        return []
    if not file.stamps:
        return []
    picture, reason = picture_of(package, file)
    if picture is None:
        package.note("seal_unreadable", f"{entry}: {reason}")
    return [_Stamp(each.page_ref, each.boundary, each.clip, picture, reason) for each in file.stamps]


def picture_of(package: Package, file: SignatureFile) -> tuple[SealPicture | None, str]:
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
