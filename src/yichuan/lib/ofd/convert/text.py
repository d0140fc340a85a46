"""Shown text of a PDF as TextObjects with Unicode text (GB/T 33190-2016 clause 11)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from ..geometry import Bounds, Matrix, apply, inverse, multiply, number, scale_of
from .canvas import Canvas, Frame, Mark, clips_xml
from .colour import colour_xml
from .fonts import Glyph, PdfFont
from .paths import fill_with_pattern, is_black, paint_element, pen_attributes
from .state import BLACK, NOWHERE, PatternPaint, Segment, State, is_empty, place

_SHORTEST_REPEAT = 3
STROKED = frozenset({1, 2, 5, 6})
FILLED = frozenset({0, 2, 4, 6})
_UNSEEN = 3
_UP, _DOWN = 1.2, 0.5
"""How far glyphs reach above and below the line, in ems, when their font does not say more."""


class Placed(NamedTuple):
    """A glyph and where its origin lies, in text space from where the line starts."""

    x: float
    y: float
    glyph: Glyph


@dataclass(frozen=True, slots=True)
class Line:
    """The glyphs of one showing operator, and how far it moves the text position."""

    placed: list[Placed]
    end: tuple[float, float]


def lay_out(state: State, items: list[bytes | float]) -> Line:
    """Place the glyphs of strings and adjustments (the operands of TJ)."""
    font, size, stretch = state.font, state.font_size, state.horizontal_scale
    if font is None:
        return Line([], (0.0, 0.0))
    x = y = 0.0
    scale = size / 1000
    unseen = not (state.text_mode in FILLED or state.text_mode in STROKED or state.text_mode == 7)
    read = font.unseen if unseen else font.glyphs
    placed: list[Placed] = []
    for item in items:
        if isinstance(item, bytes):
            for glyph in read(item):
                extra = state.char_space + (state.word_space if glyph.space else 0.0)
                if glyph.down is None:
                    placed.append(Placed(x, y, glyph))
                    x += (glyph.width * scale + extra) * stretch
                else:
                    right, up, advance = glyph.down
                    placed.append(Placed(x + right * scale * stretch, y + up * scale, glyph))
                    y += advance * scale + extra
        elif font.vertical:
            y -= item * scale
        else:
            x -= item * scale * stretch
    return Line(placed, (x, y))


def paint_text(canvas: Canvas, state: State, line: Line, text_matrix: Matrix) -> None:
    """Add the line's glyphs, painted as the text mode says."""
    if isinstance(state.fill, PatternPaint) and state.text_mode in FILLED:
        fill_with_pattern(canvas, state, outlines(canvas, state, line, text_matrix), state.fill, even_odd=False)
        rest = state.copy()
        rest.text_mode, rest.fill = 1 if state.text_mode in STROKED else _UNSEEN, BLACK
        state = rest
    for run, end in _runs(line):
        _add_run(run, end, state, text_matrix, canvas)


def outlines(canvas: Canvas, state: State, line: Line, text_matrix: Matrix) -> list[Segment]:
    """The outlines of the line's glyphs in page millimetres."""
    font, size, stretch = state.font, state.font_size, state.horizontal_scale
    segments: list[Segment] = []
    if isinstance(font, PdfFont):
        to_page = multiply(multiply(text_matrix, state.ctm), canvas.base)
        for x, y, glyph in line.placed:
            glyph_to_text: Matrix = (size * stretch, 0.0, 0.0, size, x, y + state.rise)
            segments += place(font.outline(glyph), multiply(glyph_to_text, to_page))
    return segments


def _runs(line: Line) -> Iterator[tuple[list[Placed], tuple[float, float]]]:
    """Runs in which every glyph stands for one character; a ligature is a run of its own.

    Readers count displacements either by characters or by glyphs; where the two counts agree they agree too.
    """
    placed, run = line.placed, []
    for index, each in enumerate(placed):
        text = each.glyph.text
        if len(text) == 1 and text <= "\uffff":
            run.append(each)
            continue
        if run:
            yield run, (each.x, each.y)
            run = []
        if text:
            after = placed[index + 1] if index + 1 < len(placed) else None
            yield [each], (after.x, after.y) if after else line.end
    if run:
        yield run, line.end


def _add_run(run: list[Placed], end: tuple[float, float], state: State, text_matrix: Matrix, canvas: Canvas) -> None:
    while run and run[0].glyph.text.isspace():
        run = run[1:]
    font = state.font
    if not run or font is None or not state.font_size or not state.horizontal_scale:
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
    ctm: Matrix = (a, b, c, d, 0.0, 0.0)
    undo = inverse(ctm)
    if undo is None:
        return
    across, down = sign / stretch * height, -sign * height
    start_x, start_y = run[0].x, run[0].y
    origin = apply(to_page, (start_x * sign / stretch, start_y * -sign))
    xs = [(each.x - start_x) * across for each in run]
    ys = [(each.y - start_y) * down for each in run]
    tip = ((end[0] - start_x) * across, (end[1] - start_y) * down)
    shape = _shape(ctm, origin, (*xs, tip[0]), (*ys, tip[1]), size, getattr(font, "reach", (_UP, _DOWN)))
    seen = state.visible(shape)
    if state.window is not None and is_empty(state.window):
        return
    font.used = True
    x, y = apply(undo, (origin[0] - shape[0], origin[1] - shape[1]))
    plain = max(abs(a - 1), abs(b), abs(c), abs(d - 1)) < 1e-5
    frame = Frame(shape, None if plain else ctm)
    text = "".join(each.glyph.text for each in run)
    steps_x = [right - left for left, right in pairwise(xs)]
    steps_y = [low - high for high, low in pairwise(ys)]
    if len(run) == 1 and len(text) > 1:
        steps_x = [tip[0] / len(text)] * (len(text) - 1)
    upright = not any(steps_y)
    xml = (
        f'<ofd:TextObject ID="{canvas.resources.next_id()}" {frame.attributes} Font="{font.id}"'
        f' Size="{number(size)}"{_painting(state, canvas)}>{clips_xml(state, shape, frame)}'
        + _inks(state, canvas, frame)
        + _transforms(run)
        + f'<ofd:TextCode X="{number(x)}" Y="{number(y)}"'
        + (f' DeltaX="{_deltas(steps_x)}"' if steps_x and (upright or any(steps_x)) else "")
        + (f' DeltaY="{_deltas(steps_y)}"' if not upright else "")
        + f">{escape(text)}</ofd:TextCode></ofd:TextObject>"
    )
    black = state.text_mode not in STROKED and is_black(state.fill, state.fill_alpha * state.unit_alpha)
    drawn = state.text_mode in FILLED or state.text_mode in STROKED
    canvas.add([Mark(xml, seen or NOWHERE, black)], state.blend if drawn else "Normal")


def _shape(
    ctm: Matrix,
    origin: tuple[float, float],
    xs: tuple[float, ...],
    ys: tuple[float, ...],
    size: float,
    reach: tuple[float, float],
) -> Bounds:
    """A box that holds the line's glyphs, strokes that overhang their cells included."""
    left, right = min(xs) - 0.3 * size, max(xs) + 0.3 * size
    top, bottom = min(ys) - reach[0] * size, max(ys) + reach[1] * size
    corners = [apply(ctm, (x, y)) for x in (left, right) for y in (top, bottom)]
    across, down = [x + origin[0] for x, _ in corners], [y + origin[1] for _, y in corners]
    return (min(across), min(down), max(across), max(down))


def _painting(state: State, canvas: Canvas) -> str:
    fill = "" if state.text_mode in FILLED else ' Fill="false"'
    if state.text_mode in STROKED:
        factor = scale_of(multiply(state.ctm, canvas.base))
        return pen_attributes(state, state.line_width * factor, factor) + fill
    return fill


def _inks(state: State, canvas: Canvas, frame: Frame) -> str:
    """The colours. Unseen text has an unseen colour too, for readers that fill whatever stands there."""
    mode, unit = state.text_mode, state.unit_alpha
    if mode not in FILLED and mode not in STROKED:
        return colour_xml("FillColor", BLACK, 0.0)
    fill = paint_element("FillColor", state.fill, state.fill_alpha * unit, canvas, frame) if mode in FILLED else ""
    if mode not in STROKED:
        return fill
    return fill + paint_element("StrokeColor", state.stroke, state.stroke_alpha * unit, canvas, frame)


def _transforms(run: list[Placed]) -> str:
    """CGTransform for the glyphs that the font's own character map does not lead to."""
    return "".join(
        f'<ofd:CGTransform CodePosition="{position}" CodeCount="{len(each.glyph.text)}" GlyphCount="1">'
        f"<ofd:Glyphs>{each.glyph.index}</ofd:Glyphs></ofd:CGTransform>"
        for position, each in enumerate(run)
        if not each.glyph.mapped
    )


def _deltas(values: list[float]) -> str:
    """DeltaX or DeltaY, with equal neighbours drawn together as "g count value"."""
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
