"""Laying out the stamps of a seal: single imprints by their centre, seam and facing-page seals by their rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yichuan.lib.ses.seal import Picture

from .errors import OfdError
from .model import Document, Page
from .seams import FacingSeal, SeamSeal, Strip, seam_strips
from .signatures_write import DrawnStamp, Place

_LARGEST_SEAL_MM = 300


@dataclass(frozen=True)
class Stamp:
    """Where the seal's picture goes: page number from 0, its centre in mm from the page's top left."""

    page_index: int
    centre_x_mm: float
    centre_y_mm: float


Imprint = Stamp | SeamSeal | FacingSeal


def lay_out(document: Document, picture: Picture, stamps: Sequence[Imprint], place: Place) -> list[DrawnStamp]:
    """The StampAnnots of one signature.

    Raises OfdError: `seal_picture` (no size, or larger than a page), `no_stamp`, `stamp_page`, `stamp_place` (the
    centre lies off the page), `page_id` (no reader could tell which page is meant), and what `seams.seam_strips`
    raises.
    """
    width, height = picture.width_mm, picture.height_mm
    if not (0 < width <= _LARGEST_SEAL_MM and 0 < height <= _LARGEST_SEAL_MM):
        raise OfdError("seal_picture", f"The seal's picture is {width} x {height} mm; have the seal made anew.")
    if not stamps:
        raise OfdError("no_stamp", "stamps: say on which page the seal is to stand.")
    size = float(width), float(height)
    ids = Counter(page.id for page in document.pages)
    drawn: list[DrawnStamp] = []
    for stamp in stamps:
        if isinstance(stamp, Stamp):
            parts = [_whole(document, stamp, size)]
        else:
            parts = seam_strips(stamp, [(page.width_mm, page.height_mm) for page in document.pages], size)
        for part in parts:
            page = document.pages[part.page_index]
            if not page.id or ids[page.id] > 1:
                raise OfdError(
                    "page_id",
                    f"Page {page.index + 1} has no ID of its own ({page.id!r}), which stamps name; repair it.",
                )
            drawn.append(DrawnStamp(place.stamp_id(len(drawn) + 1), page.index, page.id, part.boundary, part.clip))
    return drawn


def _whole(document: Document, stamp: Stamp, size: tuple[float, float]) -> Strip:
    page = _page(document, stamp)
    if not (0 <= stamp.centre_x_mm <= page.width_mm and 0 <= stamp.centre_y_mm <= page.height_mm):
        raise OfdError(
            "stamp_place",
            f"stamps: ({stamp.centre_x_mm}, {stamp.centre_y_mm}) mm lies off page {stamp.page_index + 1} "
            f"of {page.width_mm} x {page.height_mm} mm.",
        )
    width, height = size
    return Strip(page.index, (stamp.centre_x_mm - width / 2, stamp.centre_y_mm - height / 2, width, height), None)


def _page(document: Document, stamp: Stamp) -> Page:
    if not 0 <= stamp.page_index < len(document.pages):
        raise OfdError(
            "stamp_page", f"stamps: there is no page {stamp.page_index + 1}, the document has {len(document.pages)}."
        )
    return document.pages[stamp.page_index]
