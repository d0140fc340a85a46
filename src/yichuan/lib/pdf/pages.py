"""Where a place on the page as it is seen lies in the coordinates of the PDF (ISO 32000-1, 7.7.3 and 8.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic

from .errors import PdfError
from .reading import OpenPdf, entry, naming

MM = 72 / 25.4
_DEEPEST = 64
#: The matrix that keeps a picture upright on a page that is shown turned clockwise by so many degrees.
UPRIGHT = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A page: its visible box in points, and by how many degrees clockwise it is shown turned."""

    index: int
    box: Box
    turned: int

    @property
    def width_mm(self) -> float:
        """The width as it is seen."""
        return self._sides()[0] / MM

    @property
    def height_mm(self) -> float:
        """The height as it is seen."""
        return self._sides()[1] / MM

    def _sides(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        sides = right - left, top - bottom
        return sides if self.turned in (0, 180) else (sides[1], sides[0])

    def place(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> Box:
        """The box in points of a picture whose top left corner is at x, y (mm from the seen top left)."""
        corners = [self._point(x_mm, y_mm), self._point(x_mm + width_mm, y_mm + height_mm)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        x, y = x_mm * MM, y_mm * MM
        left, bottom, right, top = self.box
        return {
            0: (left + x, top - y),
            90: (left + y, bottom + x),
            180: (right - x, bottom + y),
            270: (right - y, top - x),
        }[self.turned]


def sheet(pdf: OpenPdf, index: int) -> Sheet:
    """The page with this number, from 0. PdfError `stamp_page` when there is none, `page_box` when it has no size."""
    if not 0 <= index < pdf.pages:
        raise PdfError("stamp_page", f"stamps: there is no page {index + 1}, the document has {pdf.pages}.")
    with naming():
        page = pdf.reader.find_page_for_modification(index)[0].get_object()
        media = _box(_inherited(page, "/MediaBox"))
        crop = _box(_inherited(page, "/CropBox")) or media
        turned = _inherited(page, "/Rotate") or 0
    if media is None or crop is None:
        raise PdfError("page_box", f"Page {index + 1} has no readable MediaBox.")
    box = max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])
    if not isinstance(turned, int) or turned % 90:
        raise PdfError("page_box", f"Page {index + 1} is turned by {turned} degrees.")
    if box[2] <= box[0] or box[3] <= box[1]:
        raise PdfError("page_box", f"Page {index + 1} has no area.")
    return Sheet(index, box, int(turned) % 360)


def _inherited(page: generic.DictionaryObject, key: str) -> Any:
    node: Any = page
    for _ in range(_DEEPEST):
        if not isinstance(node, generic.DictionaryObject):
            return None
        if key in node:
            return node[key]
        node = entry(node, "/Parent")
    return None


def _box(value: Any) -> Box | None:
    if not isinstance(value, generic.ArrayObject) or len(value) != 4:
        return None
    try:
        left, bottom, right, top = (float(value[index]) for index in range(4))
    except (TypeError, ValueError):
        return None
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)
