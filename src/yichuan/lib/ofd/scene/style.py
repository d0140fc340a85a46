"""What an object takes from itself, from its DrawParam and from its layer's (clause 8.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from lxml import etree

from ..xmlread import child
from .model import Paint, Pen
from .resources import Resources
from .values import flag_of, to_float, to_floats

_LINE_WIDTH_MM = 0.353
_HAIRLINE_MM = 0.05
_MITER_LIMIT = 3.528
_CAPS: dict[str, Literal["butt", "round", "square"]] = {"Round": "round", "Square": "square"}
_JOINS: dict[str, Literal["miter", "round", "bevel"]] = {"Round": "round", "Bevel": "bevel"}


class Painter(Protocol):
    """Turns a CT_Color into paint."""

    def __call__(self, colour: etree._Element) -> Paint: ...


@dataclass(frozen=True)
class Style:
    """The sources of an object's look, nearest first."""

    sources: tuple[etree._Element, ...]

    @classmethod
    def of(cls, element: etree._Element, layer: Iterable[etree._Element], resources: Resources) -> "Style":
        """The style of a graphic object in a layer with these draw parameters."""
        return cls((element, *resources.chain(element.get("DrawParam")), *layer))

    def get(self, name: str) -> str | None:
        """An attribute, from the nearest source that has it."""
        return next((value for each in self.sources if (value := each.get(name)) is not None), None)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean attribute of the object itself."""
        return flag_of(self.sources[0], name, default)

    def paint(self, tag: Literal["FillColor", "StrokeColor"], painter: Painter, default: Paint | None) -> Paint | None:
        """FillColor or StrokeColor, from the nearest source that has it."""
        for each in self.sources:
            element = child(each, tag)
            if element is not None:
                return painter(element)
        return default

    def pen(self, painter: Painter, default: Paint | None) -> Pen | None:
        """The pen of StrokeColor and the line's attributes; None when the line has no colour.

        A line of width 0 is the thinnest a device shows; 0.05 mm here.
        """
        paint = self.paint("StrokeColor", painter, default)
        if paint is None:
            return None
        dashes = tuple(to_floats(self.get("DashPattern")))
        dashed = sum(dashes) > 0 and min(dashes) >= 0
        return Pen(
            paint,
            max(to_float(self.get("LineWidth"), _LINE_WIDTH_MM), _HAIRLINE_MM),
            _CAPS.get(self.get("Cap") or "", "butt"),
            _JOINS.get(self.get("Join") or "", "miter"),
            max(1.0, to_float(self.get("MiterLimit"), _MITER_LIMIT)),
            dashes if dashed else (),
            to_float(self.get("DashOffset"), 0.0) if dashed else 0.0,
        )
