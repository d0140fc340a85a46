"""Path data: the letters of SVG and those of OFD's AbbreviatedData (GB/T 33190-2016 clause 9.2).

Both write absolute coordinates after one letter: move M (OFD also S), line L, quadratic Q, cubic C (OFD: B),
arc A, close Z (OFD: C).
"""

import math
import re
from collections.abc import Iterator

from .errors import OfdError
from .geometry import number, numbers

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\S")
_SVG = {"M": ("M", 2), "L": ("L", 2), "Q": ("Q", 4), "C": ("B", 6), "A": ("A", 7), "Z": ("C", 0), "z": ("C", 0)}
_OFD = {"S": ("M", 2), "M": ("M", 2), "L": ("L", 2), "Q": ("Q", 4), "B": ("C", 6), "A": ("A", 7), "C": ("Z", 0)}
_OFD_ARITIES = {key: count for key, (_, count) in _OFD.items()}
_LARGEST = 1e7


def ofd_path(svg: str) -> str:
    """AbbreviatedData for SVG path data with absolute commands M L H V Q C A Z.

    Raises OfdError `path_invalid` for relative commands and anything unreadable.
    """
    parts: list[str] = []
    x = y = 0.0
    for letter, values in _commands(svg, {key: count for key, (_, count) in _SVG.items()} | {"H": 1, "V": 1}):
        if letter in "HV":
            x, y = (values[0], y) if letter == "H" else (x, values[0])
            parts.append(f"L {numbers((x, y))}")
            continue
        if values:
            x, y = values[-2:]
        parts.append(" ".join((_SVG[letter][0], *(number(value) for value in values))))
    return " ".join(parts)


def svg_path(abbreviated: str) -> str:
    """SVG path data for AbbreviatedData. Raises OfdError `path_invalid`."""
    return "".join(letter + numbers(values, 6) for letter, values in path_segments(abbreviated))


def path_segments(abbreviated: str) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """AbbreviatedData as SVG's letters, each with its absolute numbers; flags of arcs are 0 or 1.

    Raises OfdError `path_invalid`.
    """
    found: list[tuple[str, tuple[float, ...]]] = []
    for letter, values in _commands(abbreviated, _OFD_ARITIES):
        if not found and letter not in "SM":
            found.append(("M", (0.0, 0.0)))
        if letter == "A":
            # Flags may be written as 0.0 or 1.0; SVG wants one digit.
            values = [*values[:3], float(values[3] != 0), float(values[4] != 0), *values[5:]]
        found.append((_OFD[letter][0], tuple(values)))
    return tuple(found)


def _commands(data: str, arities: dict[str, int]) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(data)
    position, letter = 0, ""
    while position < len(tokens):
        if tokens[position].isalpha():
            letter = tokens[position]
            position += 1
        elif arities.get(letter, 0) == 0:
            raise OfdError("path_invalid", f"Path data: unexpected {tokens[position][:20]!r}.")
        count = arities.get(letter)
        if count is None:
            raise OfdError("path_invalid", f"Path data: unknown command {letter!r}.")
        try:
            values = [float(token) for token in tokens[position : position + count]]
        except ValueError as error:
            raise OfdError("path_invalid", f"Path data: {letter} wants {count} numbers.") from error
        if len(values) != count or not all(math.isfinite(v) and abs(v) <= _LARGEST for v in values):
            raise OfdError("path_invalid", f"Path data: {letter} wants {count} numbers of a sane size.")
        position += count
        yield letter, values
        if letter in "MS":
            letter = "L"  # further pairs after a move draw lines (SVG 9.3.3)
