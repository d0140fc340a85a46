"""Colours as sRGB (GB/T 33190-2016 clauses 8.3.1 and 8.3.2)."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from .model import Rgb, Solid
from .values import alpha_of

Note = Callable[[str, str], None]


@dataclass(frozen=True)
class ColourSpace:
    """A ColorSpace resource: bits a component, a palette of colour values if it has one, whether its Type is CMYK.

    Whether a value is grey, RGB or CMYK is told by how many numbers it has, since makers contradict their own spaces.
    """

    bits: int = 8
    palette: tuple[str, ...] = ()
    cmyk: bool = False


@dataclass(frozen=True)
class Spaces:
    """The colour spaces a page may name, and the one for colours that name none."""

    named: Mapping[str, ColourSpace]
    default: ColourSpace

    def of(self, element: etree._Element) -> ColourSpace:
        """The space of a colour element."""
        return self.named.get((element.get("ColorSpace") or "").strip(), self.default)

    def solid(self, element: etree._Element, note: Note) -> Solid:
        """The plain colour of a CT_Color. Unreadable is black, and noted; no value at all is a value of zeros."""
        space, value, index = self.of(element), element.get("Value"), element.get("Index")
        if value is None and index is not None and index.strip().isdigit() and int(index) < len(space.palette):
            value = space.palette[int(index)]
        rgb = _rgb(value if value is not None else "0 0 0 0" if space.cmyk else "0", space.bits)
        if rgb is None:
            note("colour_unreadable", f"The colour {(value or '')[:40]!r} cannot be read; black is shown.")
            rgb = (0, 0, 0)
        return Solid(rgb, alpha_of(element))


def _rgb(value: str, bits: int) -> Rgb | None:
    """Without a profile, CMYK is mixed as ink on white: each of red, green and blue is what its inks leave."""
    largest = (1 << bits) - 1
    try:
        parts = [max(0.0, min(_component(token) / largest, 1.0)) for token in value.replace(",", " ").split()]
    except ValueError:
        return None
    match parts:
        case [grey]:
            return (round(grey * 255),) * 3
        case [red, green, blue]:
            return round(red * 255), round(green * 255), round(blue * 255)
        case [cyan, magenta, yellow, black]:
            left = (1 - black) * 255
            return round((1 - cyan) * left), round((1 - magenta) * left), round((1 - yellow) * left)
    return None


def _component(token: str) -> float:
    number = float(int(token[1:], 16)) if token.startswith("#") else float(token)
    if not math.isfinite(number):
        raise ValueError("not a colour")
    return number
