"""What an object takes from itself, from its DrawParam and from its layer's (clause 8.2)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from ..geometry import IDENTITY, Matrix, number, numbers
from ..xmlread import child
from .colour import BLACK, Paint, paint_of
from .resources import Resources
from .sheet import Sheet

_LINE_WIDTH_MM = 0.353
_HAIRLINE_MM = 0.05
_MITER_LIMIT = 3.528
_CAPS = {"Butt": "butt", "Round": "round", "Square": "square"}
_JOINS = {"Miter": "miter", "Round": "round", "Bevel": "bevel"}


@dataclass(frozen=True)
class Style:
    """The sources of an object's look, nearest first."""

    sources: tuple[etree._Element, ...]
    resources: Resources
    sheet: Sheet

    @classmethod
    def of(
        cls, element: etree._Element, layer: Iterable[etree._Element], resources: Resources, sheet: Sheet
    ) -> "Style":
        """The style of a graphic object in a layer with these draw parameters."""
        return cls((element, *resources.chain(element.get("DrawParam")), *layer), resources, sheet)

    def get(self, name: str) -> str | None:
        """An attribute, from the nearest source that has it."""
        return next((value for each in self.sources if (value := each.get(name)) is not None), None)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean attribute of the object itself."""
        value = self.sources[0].get(name)
        return default if value is None else value.strip().lower() in ("true", "1")

    def paint(self, tag: str, default: Paint | None) -> Paint | None:
        """FillColor or StrokeColor, from the nearest source that has it."""
        for each in self.sources:
            element = child(each, tag)
            if element is not None:
                paint, unknown = paint_of(element, self.resources.spaces, self.resources.default_space)
                if unknown:
                    self.sheet.note("colour_simplified", f"A {unknown} is shown in one colour.")
                return paint
        return default

    def painting(self, *, stroke: bool, fill: bool, fill_default: Paint | None, scale: float = 1.0) -> str:
        """SVG attributes for fill and stroke; lengths are divided by `scale`."""
        filled = self.paint("FillColor", fill_default) if fill else None
        stroked = self.paint("StrokeColor", BLACK) if stroke else None
        text = _paint("fill", filled)
        if stroked is not None:
            text += _paint("stroke", stroked) + self._pen(scale)
        return text

    def _pen(self, scale: float) -> str:
        width = max(to_float(self.get("LineWidth"), _LINE_WIDTH_MM), _HAIRLINE_MM) / scale
        text = f' stroke-width="{number(width)}"'
        if (cap := _CAPS.get(self.get("Cap") or "", "butt")) != "butt":
            text += f' stroke-linecap="{cap}"'
        join = _JOINS.get(self.get("Join") or "", "miter")
        if join != "miter":
            text += f' stroke-linejoin="{join}"'
        else:
            text += f' stroke-miterlimit="{number(max(1.0, to_float(self.get("MiterLimit"), _MITER_LIMIT)))}"'
        dashes = [to_float(token, 0.0) / scale for token in (self.get("DashPattern") or "").split()[:64]]
        if dashes and sum(dashes) > 0 and min(dashes) >= 0:
            offset = to_float(self.get("DashOffset"), 0.0) / scale
            text += f' stroke-dasharray="{numbers(dashes)}" stroke-dashoffset="{number(offset)}"'
        return text


def to_float(value: str | None, default: float) -> float:
    """A finite number of a sane size, or the default."""
    try:
        parsed = float(value) if value is not None else default
    except ValueError:
        return default
    return parsed if math.isfinite(parsed) and abs(parsed) < 1e7 else default


def matrix_of(element: etree._Element) -> Matrix:
    """The CTM of an object; the identity when absent or unreadable."""
    parts = (element.get("CTM") or "").replace(",", " ").split()
    if len(parts) != 6:
        return IDENTITY
    a, b, c, d, e, f = (to_float(part, math.nan) for part in parts)
    matrix = (a, b, c, d, e, f)
    return IDENTITY if any(math.isnan(value) for value in matrix) else matrix


def transform(matrix: Matrix) -> str:
    """A transform attribute with a leading space; nothing for the identity."""
    if matrix == IDENTITY:
        return ""
    if matrix[:4] == IDENTITY[:4]:
        return f' transform="translate({numbers(matrix[4:], 6)})"'
    return f' transform="matrix({numbers(matrix, 6)})"'


def _paint(kind: str, paint: Paint | None) -> str:
    if paint is None:
        return f' {kind}="none"'
    opacity = f' {kind}-opacity="{number(paint.opacity)}"' if paint.opacity < 1 else ""
    return f' {kind}="{paint.colour}"{opacity}'
