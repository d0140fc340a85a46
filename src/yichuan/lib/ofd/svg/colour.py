"""Colours as SVG paint (GB/T 33190-2016 clause 8.3)."""

import math
from dataclasses import dataclass

from lxml import etree

from ..xmlread import children


@dataclass(frozen=True)
class Paint:
    """An SVG colour such as #e60012, and its opacity from 0 to 1."""

    colour: str
    opacity: float = 1.0


BLACK = Paint("#000000")


@dataclass(frozen=True)
class ColourSpace:
    """A ColorSpace resource: bits a component, and a palette of colour values if it has one.

    Whether a colour is grey, RGB or CMYK is told by how many values it has, since makers contradict their own spaces.
    """

    bits: int = 8
    palette: tuple[str, ...] = ()


def paint_of(element: etree._Element, spaces: dict[str, ColourSpace], default: ColourSpace) -> tuple[Paint, str]:
    """The paint of a FillColor or StrokeColor, and the name of what could not be followed ("" when all could).

    A shading is painted in the mean of its colours, a pattern in grey; the caller notes it.
    """
    shading = next(children(element, "Pattern", "AxialShd", "RadialShd", "GouraudShd", "LaGouraudShd"), None)
    opacity = _alpha(element.get("Alpha"))
    space = spaces.get((element.get("ColorSpace") or "").strip(), default)
    if shading is not None:
        kind = etree.QName(shading).localname
        colours = [each for each in shading.iter() if isinstance(each.tag, str) and each.tag.endswith("}Color")]
        values = [
            _rgb(each.get("Value"), spaces.get((each.get("ColorSpace") or "").strip(), space)) for each in colours
        ]
        known = [value for value in values if value is not None] or [(128.0, 128.0, 128.0)]
        mean = tuple(sum(parts) / len(known) for parts in zip(*known, strict=True))
        return Paint(_hex(mean), opacity), kind
    value = element.get("Value")
    index = element.get("Index")
    if value is None and index is not None and index.strip().isdigit() and int(index) < len(space.palette):
        value = space.palette[int(index)]
    parts = _rgb(value, space)
    return (Paint(_hex(parts), opacity), "") if parts else (Paint("#000000", opacity), "" if value is None else "Value")


def alpha_of(element: etree._Element) -> float:
    """The Alpha attribute of a graphic object as an opacity from 0 to 1."""
    return _alpha(element.get("Alpha"))


def _alpha(value: str | None) -> float:
    try:
        number = float(value) if value is not None else 255.0
    except ValueError:
        return 1.0
    return max(0.0, min(number, 255.0)) / 255 if math.isfinite(number) else 1.0


def _rgb(value: str | None, space: ColourSpace) -> tuple[float, ...] | None:
    """Red, green and blue from 0 to 255."""
    largest = (1 << max(1, min(space.bits, 16))) - 1
    try:
        parts = [_component(token) / largest for token in (value or "").replace(",", " ").split()]
    except ValueError:
        return None
    parts = [max(0.0, min(part, 1.0)) for part in parts]
    match len(parts):
        case 1:
            return (parts[0] * 255,) * 3
        case 3:
            return tuple(part * 255 for part in parts)
        case 4:
            black = 1 - parts[3]
            return tuple((1 - part) * black * 255 for part in parts[:3])
    return None


def _component(token: str) -> float:
    number = float(int(token[1:], 16)) if token.startswith("#") else float(token)
    if not math.isfinite(number):
        raise ValueError("not a colour")
    return number


def _hex(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)
