"""What a page writes into: its objects so far, and the IDs and resources of the whole document."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pikepdf

from ..errors import OfdError
from ..geometry import Bounds, Matrix, Point, apply, inverse, multiply, numbers
from .fonts import PdfFont
from .images import PageImage, read_image
from .state import ClipPath, Colour, Segment, place

_TOLERANCE = 1e-3


@dataclass
class Resources:
    """The document's IDs, fonts and images; a font or image used on ten pages is stored once."""

    last_id: int = 2
    fonts: dict[tuple[int, int], PdfFont] = field(default_factory=dict)
    images: dict[tuple[object, ...], tuple[int, PageImage]] = field(default_factory=dict)

    def next_id(self) -> int:
        """A fresh ID; the document's IDs are one sequence (ST_ID)."""
        self.last_id += 1
        return self.last_id

    def font(self, obj: pikepdf.Object) -> PdfFont:
        """The font of a resource dictionary."""
        key = obj.objgen
        if key == (0, 0):
            raise OfdError("unsupported_font", "A font is written inside the page's resources; save the PDF again.")
        if key not in self.fonts:
            self.fonts[key] = PdfFont(obj, self.next_id())
        return self.fonts[key]

    def image(self, obj: pikepdf.Object, stencil: Colour) -> int:
        """The resource ID of an image; a stencil mask is one image for each colour it is painted in."""
        masked = bool(obj.get("/ImageMask", False))
        key: tuple[object, ...] = (obj.objgen, stencil.parts if masked else None)
        if obj.objgen == (0, 0) or key not in self.images:
            key = key if obj.objgen != (0, 0) else ("inline", self.last_id)
            self.images[key] = (self.next_id(), read_image(obj, stencil))
        return self.images[key][0]


@dataclass
class Canvas:
    """One page being written: `base` leads from PDF points to page millimetres."""

    resources: Resources
    base: Matrix
    objects: list[str] = field(default_factory=list)

    def add(self, xml: str) -> None:
        """Append one graphic object."""
        self.objects.append(xml)


def path_data(segments: Iterable[Segment], origin: Point = (0.0, 0.0), places: int = 4) -> str:
    """AbbreviatedData of a path, relative to `origin`."""
    x, y = origin
    return " ".join(
        f"{code} {numbers((v for p in points for v in (p[0] - x, p[1] - y)), places)}" if points else code
        for code, points in segments
    )


def clips_xml(clips: Iterable[ClipPath], shape: Bounds, boundary: Bounds, ctm: Matrix | None) -> str:
    """The Clips element of an object with this shape (page mm); clips that leave the shape whole are left out.

    A clip is written in the object's own space, before its CTM (Clips@TransFlag is true by default).
    """
    kept = [clip for clip in clips if not _contains(clip.rectangle, shape)]
    if not kept:
        return ""
    to_object: Matrix = (1.0, 0.0, 0.0, 1.0, -boundary[0], -boundary[1])
    size = (boundary[2] - boundary[0], boundary[3] - boundary[1])
    if ctm is not None:
        undo = inverse(ctm)
        if undo is None:
            return ""
        corners = [apply(undo, (x, y)) for x in (0.0, size[0]) for y in (0.0, size[1])]
        size = (max(x for x, _ in corners), max(y for _, y in corners))
        to_object = multiply(to_object, undo)
    parts = []
    for clip in kept:
        rule = ' Rule="Even-Odd"' if clip.even_odd else ""
        data = path_data(place(list(clip.segments), to_object), places=6 if ctm else 4)
        parts.append(
            f'<ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 {numbers(size)}" Stroke="false" Fill="true"{rule}>'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip>"
        )
    return f"<ofd:Clips>{''.join(parts)}</ofd:Clips>"


def _contains(rectangle: Bounds | None, shape: Bounds) -> bool:
    return rectangle is not None and (
        rectangle[0] <= shape[0] + _TOLERANCE
        and rectangle[1] <= shape[1] + _TOLERANCE
        and rectangle[2] >= shape[2] - _TOLERANCE
        and rectangle[3] >= shape[3] - _TOLERANCE
    )
