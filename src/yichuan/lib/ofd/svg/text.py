"""Text of a scene as selectable SVG text, or as outlines."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from xml.sax.saxutils import escape, quoteattr

from ..geometry import Bounds, number, numbers
from ..scene.model import Cell, Paint, Pen, Solid, Text
from .families import css_families
from .marks import rectangle
from .paints import Paints
from .sheet import Sheet

_UNSEEN = ' fill="#000000" fill-opacity="0"'
_WHITE = Solid((255, 255, 255))
_SLANT_DEGREES = 12.0
_LARGEST_PLAIN = 0xFFFF
_FIRST_WIDE = "\u2e80"
_LEAST_ROOM, _ENOUGH_ROOM = 0.4, 0.97
_EMBOLDENING = 0.03
"""The width of the pen that makes a face bold, in ems."""


def write_text(sheet: Sheet, paints: Paints, text: Text) -> str:
    """A text item in its own space; without fill and pen only what is to be found."""
    writer = _Writer(sheet, paints, text)
    if sheet.mode == "text":
        return writer.selectable()
    return writer.outlined(list(text.cells)) if text.fill is not None or text.pen is not None else ""


def glyph_shapes(sheet: Sheet, paints: Paints, text: Text) -> tuple[str, Bounds]:
    """The glyphs as shapes without paint of their own, and a box around them."""
    writer = _Writer(sheet, paints, text)
    if text.face.source is None:
        return writer.named(), writer.reach()
    return f'<g transform="scale({number(writer.scale, 9)})">{writer.uses(list(text.cells))}</g>', writer.reach()


class _Writer:
    def __init__(self, sheet: Sheet, paints: Paints, text: Text) -> None:
        self.sheet, self.paints, self.text = sheet, paints, text
        source = text.face.source
        self.scale = text.size / source.units if source is not None else 1.0

    def selectable(self) -> str:
        """Runs of one font as text elements, every character at its own place."""
        text = self.text
        seen = text.fill is not None or text.pen is not None
        if seen and _is_shaded(text):
            painting, parts = _UNSEEN, [self.outlined(list(text.cells))]
        else:
            painting = self._painting(1.0) if seen else _UNSEEN
            parts = []
        for family, run in self._runs():
            if family is None:
                # A ligature: its glyph as an outline, its characters over it unseen, to be found and copied.
                parts.append(self.outlined(run) if seen and painting is not _UNSEEN else "")
                parts += [self._element([cell], css_families(text.face.resource), _UNSEEN) for cell in run if cell.text]
            else:
                parts.append(self._element(run, family, painting))
        return "".join(parts)

    def outlined(self, cells: list[Cell]) -> str:
        """Glyphs as outlines; those no face has as a box of the height of a character."""
        text = self.text
        boxes = "".join(self._box(cell) for cell in cells if cell.glyph is None)
        uses = self.uses(cells)
        if not uses:
            return boxes
        if not _is_shaded(text):
            painting = self._painting(self.scale)
            return f'<g transform="scale({number(self.scale, 9)})"{painting}>{uses}</g>{boxes}'
        # A shading belongs to the whole text, not to each glyph: the glyphs cut it out.
        parts = []
        if text.fill is not None:
            parts.append(self._cut_out(text.fill, uses, ""))
        if text.pen is not None:
            white = self.paints.stroking(replace(text.pen, paint=_WHITE), self.reach, self.scale)
            parts.append(self._cut_out(text.pen.paint, uses, f' fill="none"{white}'))
        return "".join(parts) + boxes

    def _cut_out(self, paint: Paint, uses: str, white: str) -> str:
        glyphs = f'<g transform="scale({number(self.scale, 9)})"{white}>{uses}</g>'
        mask = self.sheet.mask(glyphs, self.reach())
        fill = self.paints.filling(paint, self.reach)
        return f'<rect {rectangle(self.reach())}{fill} mask="url(#{mask})"/>'

    def uses(self, cells: list[Cell]) -> str:
        """References to the glyphs' outlines, in font units."""
        text, scale, source, found = self.text, self.scale, self.text.face.source, []
        turn = f"rotate({number(text.turn)})" if text.turn else ""
        slant = f"skewX({number(-_SLANT_DEGREES)})" if text.italic else ""
        for cell, after in zip_longest(cells, cells[1:]):
            if source is None or cell.glyph is None or (glyph := self.sheet.glyph(source, cell.glyph)) is None:
                continue
            stretch = text.stretch * (1.0 if text.face.embedded or after is None else self._squeeze(cell, after))
            own = f"{turn}{f'scale({number(stretch)} 1)' if stretch != 1 else ''}{slant}"
            x, y = number(cell.x / scale, 2), number(cell.y / scale, 2)
            if own:
                found.append(f'<use href="#{glyph}" transform="translate({x} {y}){own}"/>')
            else:
                found.append(f'<use href="#{glyph}" x="{x}" y="{y}"/>')
        return "".join(found)

    def _squeeze(self, cell: Cell, after: Cell) -> float:
        """How much narrower a stand-in's letter must be to keep to the room that the document's own has."""
        source = self.text.face.source
        if source is None or cell.glyph is None or after.y != cell.y or cell.text >= _FIRST_WIDE:
            return 1.0
        room, natural = after.x - cell.x, source.advance(cell.glyph) * self.text.size * self.text.stretch
        return round(room / natural, 2) if _LEAST_ROOM * natural < room < _ENOUGH_ROOM * natural else 1.0

    def named(self) -> str:
        """Text elements of a face of which only the name is known."""
        return self._element(list(self.text.cells), css_families(self.text.face.resource), "")

    def _painting(self, scale: float) -> str:
        text = self.text
        pen = text.pen
        if text.bold and pen is None and text.fill is not None and self.sheet.mode == "paths":
            pen = Pen(text.fill, text.size * _EMBOLDENING, join="round")
        return self.paints.filling(text.fill, self.reach) + self.paints.stroking(pen, self.reach, scale)

    def reach(self) -> Bounds:
        """A box that no glyph of ordinary size leaves, mm."""
        cells, size = self.text.cells, self.text.size * max(1.0, self.text.stretch)
        xs, ys = [cell.x for cell in cells], [cell.y for cell in cells]
        return min(xs) - size, min(ys) - size, max(xs) + size, max(ys) + size

    def _box(self, cell: Cell) -> str:
        if not cell.text.strip():
            return ""
        self.sheet.note("glyph_missing", f"No font at hand shows U+{ord(cell.text[0]):04X}; a box stands for it.")
        side = self.text.size
        x, y = cell.x + 0.1 * side, cell.y - 0.8 * side
        return (
            f'<path d="M{number(x)} {number(y)}h{number(0.8 * side)}v{number(0.8 * side)}h{number(-0.8 * side)}z"'
            f' fill="none" stroke="#000000" stroke-width="{number(0.03 * side)}"/>'
        )

    def _runs(self) -> Iterator[tuple[str | None, list[Cell]]]:
        """Cells that one element can show, with its font family (None: no character map can show the cell). A cell of
        several characters, or of one that browsers count twice, stands alone."""
        source, family_of = self.text.face.source, self.sheet.web_fonts.family
        names = css_families(self.text.face.resource)
        run: list[Cell] = []
        before: str | None = names
        joins = False
        for cell in self.text.cells:
            text, glyph, _, _ = cell
            single = len(text) == 1
            family: str | None
            if source is None or (glyph is None and text):
                family = before if before is not None and text.isspace() else names
            else:
                family = family_of(source, text, glyph) if single and glyph else None
            apart = not single or ord(text) > _LARGEST_PLAIN
            if run and (apart or not joins or family != before):
                yield before, run
                run = []
            run.append(cell)
            before, joins = family, not apart
        if run:
            yield before, run

    def _element(self, run: list[Cell], family: str, painting: str) -> str:
        text, stretch = self.text, self.text.stretch
        style = (' font-style="italic"' if text.italic else "") + (' font-weight="bold"' if text.bold else "")
        head = f'<text xml:space="preserve" font-family={quoteattr(family)} font-size="{number(text.size)}"{style}'
        if stretch != 1 and text.turn:
            own = f"rotate({number(text.turn)})scale({number(stretch)} 1)"
            places = (f"translate({numbers((cell.x, cell.y))}){own}" for cell in run)
            return "".join(
                f'{head}{painting} transform="{place}">{escape(cell.text)}</text>'
                for cell, place in zip(run, places, strict=True)
            )
        if stretch != 1:
            head += f' transform="scale({number(stretch)} 1)"'
        if text.turn:
            head += f' rotate="{number(text.turn)}"'
        y = number(run[0].y) if len({cell.y for cell in run}) == 1 else numbers([cell.y for cell in run])
        body = escape("".join([cell.text for cell in run]))
        return f'{head}{painting} x="{numbers([cell.x / stretch for cell in run])}" y="{y}">{body}</text>'


def _is_shaded(text: Text) -> bool:
    paints = (text.fill, text.pen.paint if text.pen is not None else None)
    return text.face.source is not None and any(paint is not None and not isinstance(paint, Solid) for paint in paints)
