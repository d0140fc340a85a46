"""Shown text of a PDF as TextObjects with Unicode text (GB/T 33190-2016 clause 11)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from ..geometry import Bounds, Matrix, apply, inverse, multiply, number, numbers, scale_of
from .canvas import Canvas, clips_xml
from .colour import colour_xml
from .fonts import Glyph
from .paths import box, pen_attributes
from .state import State

_SHORTEST_REPEAT = 3
_STROKED = (1, 2)
_FILLED = (0, 2)


@dataclass(frozen=True)
class Placed:
    """A glyph and where it starts, in text space along the line."""

    x: float
    glyph: Glyph


def show(state: State, items: list[bytes | float], text_matrix: Matrix, canvas: Canvas) -> float:
    """Show strings and adjustments (the operands of TJ); returns how far the line advanced, in text space."""
    font, size, stretch = state.font, state.font_size, state.horizontal_scale
    if font is None:
        return 0.0
    x = 0.0
    placed: list[Placed] = []
    for item in items:
        if isinstance(item, bytes):
            for glyph in font.glyphs(item):
                placed.append(Placed(x, glyph))
                x += (glyph.width / 1000 * size + state.char_space) * stretch
        else:
            x -= item / 1000 * size * stretch
    for run, end in _runs(placed, x):
        _add_run(run, end, state, text_matrix, canvas)
    return x


def _runs(placed: list[Placed], end: float) -> Iterator[tuple[list[Placed], float]]:
    """Runs in which every glyph stands for one character; a ligature is a run of its own.

    Readers count displacements either by characters or by glyphs; where the two counts agree they agree too.
    """
    run: list[Placed] = []
    for index, each in enumerate(placed):
        if len(each.glyph.text) == 1 and ord(each.glyph.text) <= 0xFFFF:
            run.append(each)
            continue
        if run:
            yield run, each.x
        yield [each], placed[index + 1].x if index + 1 < len(placed) else end
        run = []
    if run:
        yield run, end


def _add_run(run: list[Placed], end: float, state: State, text_matrix: Matrix, canvas: Canvas) -> None:
    while run and run[0].glyph.text.isspace():
        run = run[1:]
    if not run or state.font is None or not state.font_size or not state.horizontal_scale:
        return
    # From the upright em square, y downward, to the page: the size is the length of its side, the CTM the rest.
    stretch = state.horizontal_scale
    sign = math.copysign(1.0, state.font_size)
    placing: Matrix = (sign * stretch, 0.0, 0.0, -sign, 0.0, state.rise)
    to_page = multiply(multiply(multiply(placing, text_matrix), state.ctm), canvas.base)
    height = math.hypot(to_page[2], to_page[3])
    if height < 1e-9:
        return
    size = abs(state.font_size) * height
    a, b, c, d = (value / height for value in to_page[:4])
    unit = sign / stretch * height
    start = run[0].x
    origin = apply(to_page, (start * sign / stretch, 0.0))
    xs = [(each.x - start) * unit for each in run]
    width = (end - start) * unit
    ctm: Matrix = (a, b, c, d, 0.0, 0.0)
    shape = _shape(ctm, origin, min(*xs, 0.0, width), max(*xs, width), size)
    undo = inverse(ctm)
    if undo is None:
        return
    x, y = apply(undo, (origin[0] - shape[0], origin[1] - shape[1]))
    plain = max(abs(a - 1), abs(b), abs(c), abs(d - 1)) < 1e-5
    text = "".join(each.glyph.text for each in run)
    deltas = [right - left for left, right in pairwise(xs)]
    if len(run) == 1 and len(text) > 1:
        deltas = [width / len(text)] * (len(text) - 1)
    canvas.add(
        f'<ofd:TextObject ID="{canvas.resources.next_id()}" Boundary="{box(shape)}" Font="{state.font.id}"'
        f' Size="{number(size)}"'
        + ("" if plain else f' CTM="{numbers(ctm, 6)}"')
        + _painting(state, canvas)
        + ">"
        + clips_xml(state.clips, shape, shape, None if plain else ctm)
        + (colour_xml("FillColor", state.fill, state.fill_alpha) if state.text_mode in _FILLED else "")
        + (colour_xml("StrokeColor", state.stroke, state.stroke_alpha) if state.text_mode in _STROKED else "")
        + _transforms(run)
        + f'<ofd:TextCode X="{number(x)}" Y="{number(y)}"'
        + (f' DeltaX="{_deltas(deltas)}"' if deltas else "")
        + f">{escape(text)}</ofd:TextCode></ofd:TextObject>"
    )


def _shape(ctm: Matrix, origin: tuple[float, float], left: float, right: float, size: float) -> Bounds:
    """A box that holds the line's glyphs, strokes that overhang their cells included."""
    corners = [apply(ctm, (x, y)) for x in (left - 0.3 * size, right + 0.3 * size) for y in (-1.2 * size, 0.5 * size)]
    xs, ys = [x + origin[0] for x, _ in corners], [y + origin[1] for _, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _painting(state: State, canvas: Canvas) -> str:
    if state.text_mode in _STROKED:
        factor = scale_of(multiply(state.ctm, canvas.base))
        fill = "" if state.text_mode in _FILLED else ' Fill="false"'
        return pen_attributes(state, state.line_width * factor, factor) + fill
    return "" if state.text_mode in _FILLED else ' Fill="false"'


def _transforms(run: list[Placed]) -> str:
    """CGTransform for the glyphs that the font's own character map does not lead to."""
    return "".join(
        f'<ofd:CGTransform CodePosition="{position}" CodeCount="{len(each.glyph.text)}" GlyphCount="1">'
        f"<ofd:Glyphs>{each.glyph.index}</ofd:Glyphs></ofd:CGTransform>"
        for position, each in enumerate(run)
        if not each.glyph.mapped
    )


def _deltas(values: list[float]) -> str:
    """DeltaX, with equal neighbours drawn together as "g count value"."""
    texts = [number(value) for value in values]
    parts: list[str] = []
    position = 0
    while position < len(texts):
        end = position
        while end < len(texts) and texts[end] == texts[position]:
            end += 1
        count = end - position
        parts += ["g", str(count), texts[position]] if count >= _SHORTEST_REPEAT else texts[position:end]
        position = end
    return " ".join(parts)
