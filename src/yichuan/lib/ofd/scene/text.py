"""TextObjects as glyphs in their places (GB/T 33190-2016 clause 11)."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from lxml import etree

from ..geometry import Bounds
from .colour import Note
from .fonts import FontBook, advance_of
from .layout import Place, text_places
from .model import Cell, Face, Paint, Pen, Text
from .style import Style
from .values import to_float

_DEFAULT_SIZE_MM = 3.175
_BOLD_FROM = 600
_Run = tuple[Face, tuple[Cell, ...]]


class TextReader:
    """A text object with the fonts of its document; with `resolve` those it does not carry are asked for."""

    def __init__(self, element: etree._Element, style: Style, face: Face) -> None:
        self._element, self._style, self._face = element, style, face
        self.size = to_float(element.get("Size"), _DEFAULT_SIZE_MM)
        self._stretch = abs(to_float(element.get("HScale"), 1.0)) or 1.0

    def runs(self, book: FontBook, note: Note, *, resolve: bool) -> list[_Run]:
        """The cells by the face that shows them: the object's own, or for characters it lacks another."""
        face, width = self._face, self.size * self._stretch
        places = text_places(self._element, lambda char: advance_of(face, char) * width, note)
        if not face.embedded and any(place.glyph is not None for place in places):
            note("glyphs_without_font", "Text names glyphs of a font that is not embedded; its characters show it.")
            if face.source is not None:
                places = list(_spelt(places, lambda char: advance_of(face, char) * width))
        cells = [(face, _cell(face, place)) for place in places]
        lacking = {index for index, (_, cell) in enumerate(cells) if cell.glyph is None and cell.text.strip()}
        stand_in = book.stand_in(face) if resolve and lacking else None
        if stand_in is None:
            return [(face, tuple(cell for _, cell in cells))] if cells else []
        for index in lacking:
            cells[index] = (stand_in, _cell(stand_in, places[index]))
        return [(key, tuple(cell for _, cell in group)) for key, group in groupby(cells, key=lambda pair: pair[0])]

    def bounds(self, runs: list[_Run]) -> Bounds:
        """A box that no glyph of ordinary size leaves, mm."""
        points = [(cell.x, cell.y) for _, cells in runs for cell in cells] or [(0.0, 0.0)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        reach = self.size * max(1.0, self._stretch)
        return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach

    def text(self, run: _Run, fill: Paint | None, pen: Pen | None) -> Text:
        """One run as it is drawn."""
        face, cells = run
        return Text(
            face,
            self.size,
            cells,
            fill,
            pen,
            self._stretch,
            to_float(self._element.get("CharDirection"), 0.0) % 360,
            self._bold(face),
            self._italic(face),
        )

    def _bold(self, face: Face) -> bool:
        named = bool(face.resource and face.resource.bold)
        asked = named or to_float(self._element.get("Weight"), 400.0) >= _BOLD_FROM
        return asked and not (named and face.embedded) and not (face.source is not None and face.source.bold)

    def _italic(self, face: Face) -> bool:
        named = bool(face.resource and face.resource.italic)
        asked = named or self._style.flag("Italic", False)
        return asked and not (named and face.embedded) and not (face.source is not None and face.source.italic)


def _spelt(places: Iterable[Place], advance: Callable[[str], float]) -> Iterator[Place]:
    """The places of single characters where a glyph stands for several, for a font without that glyph."""
    for place in places:
        x = place.x
        for char in place.text:
            yield Place(char, None, x, place.y)
            x += advance(char)


def _cell(face: Face, place: Place) -> Cell:
    """The number of the place's glyph in the face's file, None when it has none; a document's numbers count in the
    font it carries only."""
    source = face.source
    glyph = None
    if source is not None:
        if place.glyph is not None and face.embedded:
            glyph = place.glyph if 0 <= place.glyph < source.count else None
        elif len(place.text) == 1:
            glyph = source.lookup(place.text)
    return Cell(place.text, glyph, place.x, place.y)
