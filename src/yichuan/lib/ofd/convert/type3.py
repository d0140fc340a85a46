"""Type 3 fonts of a PDF (ISO 32000-1, 9.6.5): every glyph is a little content stream."""

from typing import Any

import pikepdf

from ..geometry import Matrix, apply
from .cmaps import to_unicode
from .encodings import read_encoding
from .fonts import Glyph
from .state import matrix_of
from .streams import stream_bytes


class Type3Font:
    """A font of content streams. `resources` are what they draw with, None for those of the page."""

    vertical = False
    suffix = None

    def __init__(self, font: Any, font_id: int) -> None:
        self.id = font_id
        self.name = self.family = str(font.get("/Name", "/Type3"))[1:]
        self.bold = self.used = False
        self.matrix: Matrix = matrix_of(font.FontMatrix)
        self.resources = font.get("/Resources")
        self._procedures = font.get("/CharProcs", {})
        self._names = read_encoding(font.get("/Encoding"), {})
        first = int(font.get("/FirstChar", 0))
        self._widths = {first + index: float(width) for index, width in enumerate(font.get("/Widths", []))}
        stream = font.get("/ToUnicode")
        self._unicode = to_unicode(stream_bytes(stream)) if isinstance(stream, pikepdf.Stream) else {}

    def glyphs(self, raw: bytes) -> list[Glyph]:
        """One glyph a byte; its number is the code."""
        return [Glyph(self._unicode.get(code, ""), code, True, self._width(code), space=code == 32) for code in raw]

    unseen = glyphs

    def procedure(self, code: int) -> Any:
        """The stream that draws a code, or None."""
        found = self._procedures.get(f"/{self._names[code]}") if code in self._names else None
        return found if isinstance(found, pikepdf.Stream) else None

    def _width(self, code: int) -> float:
        """In thousandths of the size, as other fonts tell it."""
        return apply((*self.matrix[:4], 0.0, 0.0), (self._widths.get(code, 0.0), 0.0))[0] * 1000
