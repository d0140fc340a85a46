"""Small pieces of SVG text: transforms and paths."""

from ..geometry import IDENTITY, Bounds, Matrix, number, numbers
from ..scene.model import Path


def transform(matrix: Matrix, name: str = "transform") -> str:
    """A transform attribute with a leading space; nothing for the identity."""
    if matrix == IDENTITY:
        return ""
    if matrix[:4] == IDENTITY[:4]:
        return f' {name}="translate({numbers(matrix[4:], 6)})"'
    return f' {name}="matrix({numbers(matrix, 6)})"'


def path_data(path: Path) -> str:
    """The path as path data."""
    return "".join([letter + " ".join([number(value, 6) for value in values]) for letter, values in path])


def rectangle(bounds: Bounds) -> str:
    """The place attributes of a rect or a pattern."""
    left, top, right, bottom = bounds
    return f'x="{number(left)}" y="{number(top)}" width="{number(right - left)}" height="{number(bottom - top)}"'
