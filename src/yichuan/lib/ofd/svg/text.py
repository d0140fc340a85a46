"""TextObjects as selectable SVG text, or as outlines (GB/T 33190-2016 clause 11)."""

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from ..geometry import number, numbers
from .colour import BLACK
from .families import css_families
from .fonts import Face, FontBook
from .layout import Cell, text_cells
from .sheet import Sheet
from .style import Style, to_float

_DEFAULT_SIZE_MM = 3.175
_BOLD_FROM = 600
_UNSEEN = ' fill="#000000" fill-opacity="0"'


def draw_text(sheet: Sheet, element: etree._Element, style: Style, book: FontBook) -> str:
    """The content of a text object, in its own space (after Boundary and CTM)."""
    reference = (element.get("Font") or "").strip()
    face = book.face(reference, style.resources.fonts.get(reference), resolve=sheet.mode == "paths")
    size = to_float(element.get("Size"), _DEFAULT_SIZE_MM)
    stretch = to_float(element.get("HScale"), 1.0) or 1.0
    if size <= 0:
        return ""
    cells = text_cells(element, lambda char: face.advance(char) * size * stretch, sheet.note)
    if stretch != 1.0:
        cells = [Cell(cell.text, cell.glyph, cell.x / stretch, cell.y) for cell in cells]
    sheet.spend(len(cells))
    if face.source is None and any(cell.glyph is not None for cell in cells):
        sheet.note(
            "glyphs_without_font", "A text names glyphs of a font that is not embedded; shown by its characters."
        )
    writer = (
        _Outlines(sheet, style, face, size, element)
        if sheet.mode == "paths"
        else _Text(sheet, style, face, size, element)
    )
    body = writer.draw(cells)
    return f'<g transform="scale({number(stretch)} 1)">{body}</g>' if body and stretch != 1.0 else body


class _Writer:
    def __init__(self, sheet: Sheet, style: Style, face: Face, size: float, element: etree._Element) -> None:
        self.sheet, self.style, self.face, self.size = sheet, style, face, size
        self.fill, self.stroke = style.flag("Fill", True), style.flag("Stroke", False)
        self.turn = to_float(element.get("CharDirection"), 0.0) % 360
        resource = face.resource
        self.bold = to_float(element.get("Weight"), 400.0) >= _BOLD_FROM or bool(resource and resource.bold)
        self.italic = style.flag("Italic", False) or bool(resource and resource.italic and not face.embedded)

    def painting(self, scale: float = 1.0) -> str:
        return self.style.painting(stroke=self.stroke, fill=self.fill, fill_default=BLACK, scale=scale)

    def glyph_of(self, cell: Cell) -> int | None:
        """The number of the cell's glyph in the face's file, None when it has none."""
        source = self.face.source
        if source is None:
            return None
        if cell.glyph is not None and self.face.embedded:
            return cell.glyph if 0 <= cell.glyph < source.count else None
        return source.lookup(cell.text) if len(cell.text) == 1 else None

    def outlines(self, cells: list[Cell]) -> str:
        """Glyphs as outlines; those the font lacks as a box of the height of a character."""
        uses: list[str] = []
        source = self.face.source
        scale = self.size / source.units if source is not None else 1.0
        for cell in cells:
            index = self.glyph_of(cell)
            if source is None or index is None:
                uses.append(self._box(cell, scale))
                continue
            glyph = self.sheet.glyph(source, index)
            if glyph is None:
                continue
            x, y = number(cell.x / scale, 2), number(cell.y / scale, 2)
            if self.turn or self.italic:
                slant = f"skewX({number(-12.0)})" if self.italic else ""
                turn = f"rotate({number(self.turn)})" if self.turn else ""
                uses.append(f'<use href="#{glyph}" transform="translate({x} {y}){turn}{slant}"/>')
            else:
                uses.append(f'<use href="#{glyph}" x="{x}" y="{y}"/>')
        body = "".join(uses)
        if not body:
            return ""
        return f'<g transform="scale({number(scale, 9)})"{self.painting(scale)}>{body}</g>'

    def _box(self, cell: Cell, scale: float) -> str:
        if not cell.text.strip():
            return ""
        self.sheet.note("glyph_missing", f"No font at hand shows U+{ord(cell.text[0]):04X}; a box stands for it.")
        side = self.size / scale
        x, y = cell.x / scale + 0.1 * side, cell.y / scale - 0.8 * side
        return (
            f'<path d="M{number(x)} {number(y)}h{number(0.8 * side)}v{number(0.8 * side)}h{number(-0.8 * side)}z"'
            f' fill="none" stroke="#000000" stroke-width="{number(0.03 * side)}"/>'
        )


class _Outlines(_Writer):
    def draw(self, cells: list[Cell]) -> str:
        """All glyphs as outlines; invisible text leaves nothing."""
        return self.outlines(cells) if self.fill or self.stroke else ""


class _Text(_Writer):
    def draw(self, cells: list[Cell]) -> str:
        """Runs of one font as text elements, every character at its own place."""
        painting = self.painting() if self.fill or self.stroke else _UNSEEN
        parts: list[str] = []
        for (family, _), group in groupby(self._with_families(cells), key=lambda pair: pair[0]):
            run = [cell for _, cell in group]
            if family is None:
                # A ligature: its glyph as an outline, its characters over it unseen, to be found and copied.
                parts.append(self.outlines(run) if self.fill or self.stroke else "")
                parts += [self._element([cell], css_families(self.face.resource), _UNSEEN) for cell in run if cell.text]
            else:
                parts.append(self._element(run, family, painting))
        return "".join(parts)

    def _with_families(self, cells: list[Cell]) -> Iterator[tuple[tuple[str | None, int], Cell]]:
        """Each cell with its font family (None: no character map can show it) and a mark that keeps it apart
        where browsers would count a character twice."""
        source = self.face.source
        names = family = css_families(self.face.resource)
        for order, cell in enumerate(cells):
            apart = order if len(cell.text) != 1 or ord(cell.text) > 0xFFFF else -1
            index = self.glyph_of(cell)
            if source is None or (index is None and cell.text):
                family = family if cell.text.isspace() else names
                yield (family, apart), cell
            elif len(cell.text) == 1 and index:
                family = self.sheet.web_fonts.family(source, cell.text, index)
                yield (family, apart), cell
            else:
                yield (None, apart), cell

    def _element(self, run: list[Cell], family: str, painting: str) -> str:
        ys = {number(cell.y) for cell in run}
        y = number(run[0].y) if len(ys) == 1 else numbers(cell.y for cell in run)
        style = ' font-style="italic"' if self.italic else ""
        if self.bold and not self.face.embedded:
            style += ' font-weight="bold"'
        if self.turn:
            style += f' rotate="{number(self.turn)}"'
        text = escape("".join(cell.text for cell in run))
        return (
            f'<text xml:space="preserve" font-family={quoteattr(family)} font-size="{number(self.size)}"'
            f'{style}{painting} x="{numbers(cell.x for cell in run)}" y="{y}">{text}</text>'
        )
