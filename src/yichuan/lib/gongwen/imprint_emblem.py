"""The emblem slot: a caller's drawing of the national emblem, scaled into the middle of an imprint. None is shipped.

The caller answers for having the drawing rightly: 中华人民共和国国徽法 says on whose seals the emblem stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import PathBuilder, parse_path

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint_shapes import RED, number
from yichuan.lib.ofd.drawing import PathShape
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.xmlread import parse_xml

_LIMITS = Limits(xml_bytes=2 * 2**20, xml_depth=32)
_DRAWN = {"path", "rect", "circle", "ellipse", "polygon", "polyline", "line"}
_SILENT = {"svg", "g", "title", "desc", "metadata", "defs", "style"}
_MOST_COMMANDS = 200_000
_REMEDY = "save it as plain paths, transforms applied"


@dataclass(frozen=True)
class _Part:
    commands: tuple[tuple[str, tuple[Any, ...]], ...]
    even_odd: bool
    pen: float  # width of a stroke in the drawing's units; 0 for a filled part


@dataclass(frozen=True)
class Emblem:
    """A drawing in one colour, its box in its own units."""

    parts: tuple[_Part, ...]
    box: tuple[float, float, float, float]

    @classmethod
    def from_svg(cls, svg: str) -> Emblem:
        """Read an SVG of paths and basic shapes; what it fills and strokes is painted in the seal's red, white parts
        are left out.

        :raises GongwenError: ``imprint_emblem`` for anything else (text, images, references, transforms of groups).
        """
        try:
            root = parse_xml("emblem.svg", svg.encode(), _LIMITS)
        except OfdError as error:
            raise GongwenError("imprint_emblem", "$.centre", f"the emblem is not sound SVG: {error.message}") from error
        parts = []
        for element in root.iter():
            tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "title"
            if tag in _DRAWN:
                parts += _parts(element)
            elif tag not in _SILENT or "transform" in element.attrib:
                raise GongwenError("imprint_emblem", "$.centre", f"the emblem's {tag} is not taken; {_REMEDY}")
        if sum(len(part.commands) for part in parts) > _MOST_COMMANDS:
            raise GongwenError("imprint_emblem", "$.centre", f"the emblem has over {_MOST_COMMANDS} lines and curves")
        return cls(tuple(parts), _bounds(parts))

    def shapes(self, x: float, y: float, diameter: float) -> list[PathShape]:
        """The emblem as large as fits a circle's square of ``diameter`` mm around x, y."""
        left, top, right, bottom = self.box
        scale = diameter / max(right - left, bottom - top)
        place = Identity.translate(x, y).scale(scale).translate(-(left + right) / 2, -(top + bottom) / 2)
        return [_shape(part, place, scale) for part in self.parts]


def _parts(element: Any) -> list[_Part]:
    pairs = (each.partition(":") for each in element.get("style", "").split(";"))
    style = {name.strip(): value.strip() for name, _, value in pairs}
    fill = style.get("fill", element.get("fill", "black")).lower()
    stroke = style.get("stroke", element.get("stroke", "none")).lower()
    rule = style.get("fill-rule", element.get("fill-rule", "nonzero"))
    commands = _commands(element)
    parts = []
    if fill not in ("none", "white", "#fff", "#ffffff") and commands:
        parts.append(_Part(commands, rule == "evenodd", 0.0))
    if stroke not in ("none", "white", "#fff", "#ffffff") and commands:
        width = style.get("stroke-width", element.get("stroke-width", "1")).removesuffix("px")
        try:
            parts.append(_Part(commands, False, abs(float(width))))
        except ValueError:
            raise GongwenError("imprint_emblem", "$.centre", f"a stroke of width {width[:20]} is not taken") from None
    return parts


def _commands(element: Any) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    builder, pen = PathBuilder(), RecordingPen()
    try:
        builder.add_path_from_element(element)
        for data, matrix in zip(builder.paths, builder.transforms, strict=True):
            parse_path(data, TransformPen(pen, Transform(*matrix)) if matrix else pen)
    except (ValueError, NotImplementedError, KeyError, IndexError, TypeError, AssertionError, OverflowError) as error:
        raise GongwenError("imprint_emblem", "$.centre", f"a path cannot be read ({error!r}); {_REMEDY}") from error
    return tuple(pen.value)


def _bounds(parts: list[_Part]) -> tuple[float, float, float, float]:
    pen = BoundsPen(None)
    for part in parts:
        _replay(part, pen)
    if pen.bounds is None or not all(abs(edge) < 1e6 for edge in pen.bounds) or pen.bounds[0] == pen.bounds[2]:
        raise GongwenError("imprint_emblem", "$.centre", "the emblem draws nothing")
    left, top, right, bottom = pen.bounds
    return left, top, right, bottom


def _shape(part: _Part, place: Transform, scale: float) -> PathShape:
    pen = SVGPathPen(None, ntos=number)
    _replay(part, TransformPen(pen, place))
    data = pen.getCommands()
    if part.pen:
        return PathShape(data, stroke=RED, stroke_mm=part.pen * scale)
    return PathShape(data, fill=RED, even_odd=part.even_odd)


def _replay(part: _Part, pen: Any) -> None:
    for name, arguments in part.commands:
        getattr(pen, name)(*arguments)
