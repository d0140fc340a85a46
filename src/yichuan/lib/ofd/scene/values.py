"""Attribute values as numbers, whatever a file holds in their place."""

import math

from lxml import etree

from ..geometry import IDENTITY, Matrix
from ..model import Box

_LARGEST = 1e7


def to_float(value: str | None, default: float) -> float:
    """A finite number of a sane size, or the default."""
    try:
        parsed = float(value) if value is not None else default
    except ValueError:
        return default
    return parsed if math.isfinite(parsed) and abs(parsed) < _LARGEST else default


def to_floats(value: str | None, most: int = 64) -> list[float]:
    """Numbers divided by spaces or commas; none of them when one is unreadable."""
    found = [to_float(token, math.nan) for token in (value or "").replace(",", " ").split()[:most]]
    return [] if any(math.isnan(each) for each in found) else found


def flag_of(element: etree._Element, name: str, default: bool) -> bool:
    """A boolean attribute."""
    value = element.get(name)
    return default if value is None else value.strip().lower() in ("true", "1")


def matrix_of(element: etree._Element) -> Matrix:
    """The CTM of an object; the identity when absent or unreadable."""
    parts = to_floats(element.get("CTM"))
    if len(parts) != 6:
        return IDENTITY
    a, b, c, d, e, f = parts
    return (a, b, c, d, e, f)


def boundary_of(element: etree._Element) -> Box:
    """The Boundary, which may be flat for a line; all zero when absent or unreadable."""
    parts = to_floats(element.get("Boundary"))
    return (parts[0], parts[1], max(parts[2], 0.0), max(parts[3], 0.0)) if len(parts) == 4 else (0.0, 0.0, 0.0, 0.0)


def alpha_of(element: etree._Element) -> float:
    """The Alpha attribute, 0 to 255, as an opacity from 0 to 1."""
    return max(0.0, min(to_float(element.get("Alpha"), 255.0), 255.0)) / 255
