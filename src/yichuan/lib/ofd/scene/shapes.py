"""Simple paths and the boxes that hold paths."""

from ..geometry import Bounds, Point, bounds_of
from .model import Path


def rectangle(left: float, top: float, width: float, height: float) -> Path:
    """The outline of a box."""
    right, bottom = left + width, top + height
    return (("M", (left, top)), ("L", (right, top)), ("L", (right, bottom)), ("L", (left, bottom)), ("Z", ()))


def path_box(path: Path) -> Bounds:
    """A box that holds the path: its points, control points, and arcs with room to spare."""
    points: list[Point] = []
    for letter, values in path:
        if letter == "A":
            reach = 2 * max(abs(values[0]), abs(values[1]))
            points += [(values[5] - reach, values[6] - reach), (values[5] + reach, values[6] + reach)]
        else:
            points += zip(values[::2], values[1::2], strict=True)
    return bounds_of(points) if points else (0.0, 0.0, 0.0, 0.0)
