"""Plane geometry shared by conversion and drawing.

A matrix (a, b, c, d, e, f) takes (x, y) to (ax + cy + e, bx + dy + f), as in PDF, SVG and ST_Array CTMs.
"""

import math
from collections.abc import Iterable

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, `then` the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def apply(matrix: Matrix, point: Point) -> Point:
    """The point's image."""
    a, b, c, d, e, f = matrix
    x, y = point
    return (a * x + c * y + e, b * x + d * y + f)


def determinant(matrix: Matrix) -> float:
    """The signed factor by which areas grow."""
    return matrix[0] * matrix[3] - matrix[1] * matrix[2]


def inverse(matrix: Matrix) -> Matrix | None:
    """The inverse, or None for a matrix that flattens the plane."""
    a, b, c, d, e, f = matrix
    det = determinant(matrix)
    if abs(det) < 1e-12:
        return None
    return (d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det)


def scale_of(matrix: Matrix) -> float:
    """The mean factor by which lengths grow."""
    return math.sqrt(abs(determinant(matrix)))


def is_similarity(matrix: Matrix) -> bool:
    """Whether circles stay circles, so that a line keeps one width in every direction."""
    a, b, c, d, _, _ = matrix
    size = max(abs(a), abs(b), abs(c), abs(d), 1e-12)
    return abs(a * c + b * d) < 1e-4 * size * size and abs(math.hypot(a, b) - math.hypot(c, d)) < 1e-4 * size


def bounds_of(points: Iterable[Point]) -> Bounds:
    """The smallest upright box around at least one point."""
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def number(value: float, places: int = 4) -> str:
    """A decimal without exponent, trailing zeros or a negative zero."""
    if value.__class__ is int:  # as the thousand corners of a QR symbol are
        return str(value)
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(values: Iterable[float], places: int = 4) -> str:
    """Numbers divided by single spaces."""
    return " ".join([number(value, places) for value in values])
