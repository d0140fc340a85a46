"""Help for tests of imprints: where the outlines of their shapes lie."""

from __future__ import annotations

import re


def points(data: str) -> list[tuple[float, float]]:
    """On-curve and control points of path data, arcs left aside."""
    found = []
    x = y = 0.0
    for letter, body in re.findall(r"([MLHVQCZ])([^A-Z]*)", data):
        numbers = [float(n) for n in re.findall(r"-?[0-9.]+", body)]
        if letter in "HV":
            x, y = (numbers[0], y) if letter == "H" else (x, numbers[0])
            found.append((x, y))
        for index in range(0, len(numbers) - 1, 2):
            x, y = numbers[index : index + 2]
            found.append((x, y))
    return found
