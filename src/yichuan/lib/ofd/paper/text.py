"""Glyphs in their places as PDF text (ISO 32000-1 clause 9)."""

import math
from collections.abc import Iterator
from itertools import groupby, pairwise

from ..geometry import IDENTITY, Bounds, Matrix, bounds_of, multiply
from ..scene.model import Cell, Text
from .canvas import Canvas
from .fonts import Font
from .paths import decimal, matrix_operands

FILL, STROKE, FILL_AND_STROKE, UNSEEN, CLIP = 0, 1, 2, 3, 7
EMBOLDENING = 1 / 30
"""How much wider the lines of an emboldened face become, in ems."""
_SLANT = math.tan(math.radians(12))
_NEAR = 1e-6
_LEAST_ROOM, _ENOUGH_ROOM = 0.4, 0.97
_FIRST_WIDE = "\u2e80"
_BOX_SIDE, _BOX_LINE = 0.8, 0.03


def text_bounds(text: Text) -> Bounds | None:
    """A box that holds every glyph, roughly: an em around each origin."""
    if not text.cells:
        return None
    reach = text.size * max(1.0, abs(text.stretch)) * 1.5
    left, top, right, bottom = bounds_of((cell.x, cell.y) for cell in text.cells)
    return left - reach, top - reach, right + reach, bottom + reach


def show(canvas: Canvas, text: Text, mode: int, within: Matrix = IDENTITY) -> bool:
    """Write the glyphs in this rendering mode, between BT and ET; `within` takes them on into another space.

    Glyphs that no font has are unseen text; `boxes` says where something should stand for them. Answers whether
    anything was written.
    """
    set_up = ""
    if text.size <= 0 or abs(text.stretch) < _NEAR:
        return False
    for known, run in _runs(text):
        if mode == CLIP and not known:
            continue
        font = canvas.shelf.fonts.font(text.face if known else None)
        wanted = f"{canvas.name('Font', font.thing)} {decimal(text.size)} Tf {mode if known else UNSEEN} Tr"
        if wanted != set_up:
            canvas.write(wanted)
            set_up = wanted
        codes = [font.code((known and cell.glyph) or 0, cell.text) for cell in run]
        together = any(not cell.text for cell in run)
        if together:
            said = "".join(cell.text for cell in run).encode("utf-16-be", "replace").hex().upper()
            canvas.write(f"/Span << /ActualText <FEFF{said}> >> BDC")
        for stretch, line in _lines(text, font, list(zip(codes, run, strict=True))):
            _write(canvas, text, font, stretch, line, within)
        if together:
            canvas.write("EMC")
    return bool(set_up)


def boxes(text: Text) -> Iterator[tuple[str, Bounds, float]]:
    """What no font has a glyph for, where a box stands for it, and how wide its line is, mm."""
    side = _BOX_SIDE * text.size
    for cell, known in zip(text.cells, _known(text), strict=True):
        if not known and cell.text.strip():
            left, top = cell.x + 0.1 * text.size * text.stretch, cell.y - side
            yield cell.text, (left, top, left + side * text.stretch, top + side), _BOX_LINE * text.size


def _known(text: Text) -> list[bool]:
    """Whether the face has the glyph of each cell."""
    count = text.face.source.count if text.face.source is not None else 0
    return [cell.glyph is not None and 0 <= cell.glyph < count for cell in text.cells]


def _runs(text: Text) -> Iterator[tuple[bool, list[Cell]]]:
    """Cells of one font, and whether it has them; glyphs that stand for one text together are a run of their own."""
    run: list[Cell] = []
    known = False
    texts = [*(cell.text for cell in text.cells), "."]
    for cell, has, after in zip(text.cells, _known(text), texts[1:], strict=True):
        if run and (has != known or (cell.text and not (after and run[-1].text))):
            yield known, run
            run = []
        known = has
        run.append(cell)
    if run:
        yield known, run


_Coded = tuple[int, Cell]


def _lines(text: Text, font: Font, run: list[_Coded]) -> Iterator[tuple[float, list[_Coded]]]:
    """What one TJ can show, glyphs upright on one line, and how far they are stretched."""
    squeezes = _squeezes(text, font, run)
    if text.turn % 360:
        yield from ((text.stretch * squeeze, [each]) for squeeze, each in zip(squeezes, run, strict=True))
        return
    marked = zip(squeezes, run, strict=True)
    for (squeeze, _), line in groupby(marked, key=lambda each: (each[0], each[1][1].y)):
        yield text.stretch * squeeze, [each for _, each in line]


def _squeezes(text: Text, font: Font, run: list[_Coded]) -> list[float]:
    """How much narrower each glyph must be: the letters of a stand-in keep to the room that the document's have."""
    found = [1.0] * len(run)
    if text.face.embedded or font.source is None:
        return found
    for place, ((code, cell), (_, after)) in enumerate(pairwise(run)):
        room, natural = after.x - cell.x, font.width(code) / 1000 * text.size * text.stretch
        if after.y == cell.y and _LEAST_ROOM * natural < room < _ENOUGH_ROOM * natural and cell.text < _FIRST_WIDE:
            found[place] = round(room / natural, 2)
    return found


def _write(canvas: Canvas, text: Text, font: Font, stretch: float, line: list[_Coded], within: Matrix) -> None:
    slant = _SLANT if text.italic else 0.0
    turn = math.radians(text.turn % 360)
    cosine, sine = math.cos(turn), math.sin(turn)
    glyph: Matrix = (stretch, 0.0, slant * stretch, -1.0, 0.0, 0.0)
    start = line[0][1]
    matrix = multiply(multiply(glyph, (cosine, sine, -sine, cosine, start.x, start.y)), within)
    thousandth = text.size * stretch / 1000
    at, codes, parts = 0.0, "", []
    for code, cell in line:
        gap = round((at - (cell.x - start.x) / thousandth), 2)
        if gap:
            parts += [f"<{codes}>", decimal(gap)] if codes else [decimal(gap)]
            codes = ""
        codes += f"{code:04X}"
        at += font.width(code) - gap
    canvas.write(f"{matrix_operands(matrix)} Tm [{''.join(parts)}<{codes}>] TJ")
