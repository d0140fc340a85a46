"""What all pages of a document share: IDs, fonts, images and units, notes, and how much may still be written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pikepdf

from ..errors import Note, OfdError
from .composite import CompositeFont
from .fonts import FontFinder, PdfFont
from .images import PageImage, read_image
from .layers import Layers
from .simple import SimpleFont
from .spaces import Space, read_space
from .state import Colour, PatternPaint
from .type3 import Type3Font

if TYPE_CHECKING:
    from .canvas import Canvas

Key = tuple[int, int] | bytes
_MOST_NOTES = 100


@dataclass(frozen=True)
class Bounds:
    """How much a PDF may hold before it is refused. The defaults fit a scanned book of a thousand pages."""

    operators: int = 3_000_000
    content_bytes: int = 32 * 1024 * 1024
    """Of a page's content with the forms that it is drawing at one time."""
    characters: int = 96 * 1024 * 1024
    """Of XML written."""
    image_pixels: int = 60_000_000
    """Of one image that must be unpacked."""
    document_pixels: int = 2_000_000_000


@dataclass
class Resources:
    """The document's IDs and shared things; a font or image used on ten pages is stored once."""

    find_font: FontFinder
    layers: Layers
    draw_cell: Callable[[PatternPaint, "Canvas"], None]
    bounds: Bounds = field(default_factory=Bounds)
    last_id: int = 2
    fonts: dict[Key, PdfFont | Type3Font] = field(default_factory=dict)
    images: dict[tuple[object, ...], tuple[int, PageImage]] = field(default_factory=dict)
    spaces: dict[Key, Space] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    """Composite units by ID: the XML of their objects."""
    notes: dict[Note, None] = field(default_factory=dict)
    depth: int = 0
    content: int = 0
    operators: int = 0
    characters: int = 0
    pixels: int = 0

    def next_id(self) -> int:
        """A fresh ID; the document's IDs are one sequence (ST_ID)."""
        self.last_id += 1
        return self.last_id

    def note(self, code: str, message: str) -> None:
        """Record what is carried otherwise than it stands in the PDF."""
        if len(self.notes) < _MOST_NOTES:
            self.notes.setdefault(Note(code, message))

    def enter_content(self, size: int) -> None:
        """Begin a content stream of so many bytes. Raises OfdError `pdf_too_large`."""
        self.content += size
        if self.content > self.bounds.content_bytes:
            raise OfdError("pdf_too_large", f"A page's content is longer than {self.bounds.content_bytes} bytes.")

    def leave_content(self, size: int) -> None:
        """End it."""
        self.content -= size

    def count_operators(self, more: int) -> None:
        """Raises OfdError `pdf_too_large`."""
        self.operators += more
        if self.operators > self.bounds.operators:
            raise OfdError("pdf_too_large", f"The PDF draws with more than {self.bounds.operators} operators.")

    def count_marks(self, characters: int) -> None:
        """Raises OfdError `pdf_too_large`."""
        self.characters += characters
        if self.characters > self.bounds.characters:
            raise OfdError("pdf_too_large", f"The OFD would hold more than {self.bounds.characters} characters of XML.")

    def font(self, obj: Any) -> PdfFont | Type3Font:
        """The font of a resource dictionary."""
        key = _key(obj)
        if key not in self.fonts:
            self.fonts[key] = self._read_font(obj)
        return self.fonts[key]

    def _read_font(self, obj: Any) -> PdfFont | Type3Font:
        match str(obj.get("/Subtype")):
            case "/Type3":
                return Type3Font(obj, self.next_id())
            case "/Type0":
                return CompositeFont(obj, self.next_id(), self.find_font)
            case "/Type1" | "/MMType1" | "/TrueType":
                return SimpleFont(obj, self.next_id(), self.find_font)
            case kind:
                raise OfdError("unsupported_font", f"A font is of kind {kind}, which is not known.")

    def space(self, obj: Any) -> Space:
        """The colour space of a resource."""
        if isinstance(obj, pikepdf.Name):
            return read_space(obj)
        key = _key(obj)
        if key not in self.spaces:
            self.spaces[key] = read_space(obj)
        return self.spaces[key]

    def image(self, obj: Any, stencil: Colour, named: Callable[[Any], Any]) -> int:
        """The resource ID of an image; a stencil mask is one image for each colour it is painted in. `named` finds
        a colour space that the image calls by a name of the page's resources."""
        masked = bool(obj.get("/ImageMask", False))
        if "/Subtype" in obj:
            own: object = _key(obj)
        else:  # an inline image, whose number is that of a passing holder
            space = _key(named(obj.ColorSpace)) if "/ColorSpace" in obj else None
            own = (bytes(obj.unparse(resolved=True)), bytes(obj.read_raw_bytes()), space)
        key: tuple[object, ...] = (own, stencil.parts if masked else None)
        if key not in self.images:
            width, height = int(obj.get("/Width", 0)), int(obj.get("/Height", 0))
            self.pixels += width * height
            if width < 1 or height < 1 or self.pixels > self.bounds.document_pixels:
                raise OfdError("unsupported_image", f"An image of {width} x {height} pixels is one too many or empty.")
            image = read_image(obj, stencil, self.space, named, self.bounds.image_pixels)
            for note in image.notes:
                self.note(note.code, note.message)
            self.images[key] = (self.next_id(), image)
        return self.images[key][0]


def _key(obj: Any) -> Key:
    """What tells an object from others: its number, or for one written in place what it says."""
    if obj.objgen != (0, 0):
        return (int(obj.objgen[0]), int(obj.objgen[1]))
    text = bytes(obj.unparse(resolved=False))
    return text + bytes(obj.read_raw_bytes()) if isinstance(obj, pikepdf.Stream) else text
