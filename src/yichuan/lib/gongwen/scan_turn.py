"""Which way up an imprint stands: its name arches over the top, and a star repeats itself five times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_ANGLES, _RADII = 1440, 160
_TEXT = (0.64, 0.93)  # where the name stands, in radii
_STAR = (0.10, 0.31)
_MIDDLE = (0.08, 0.5)
_ONE_SIDED = 0.1  # share of the name's ink that must weigh to one side
_STARRY = 0.12  # strength of the fivefold pattern
_LOOK = 12.0  # degrees in which an axis of symmetry is looked for
_AGREE = 22.0


@dataclass(frozen=True)
class Turn:
    """How far the imprint is turned clockwise from upright, in degrees within ±180, and whether that is sure."""

    degrees: float
    sure: bool


def find_turn(ink: Floats, radius: float) -> Turn:
    """The turn of a rectified imprint.

    :param ink: square, its centre the ring's, 0 to 1.
    :param radius: of the ring's outer edge, in pixels.
    """
    polar = _polar(ink, radius)
    top, one_sided = _harmonic(_between(polar, *_TEXT), 1)
    star, starry = _harmonic(_between(polar, *_STAR), 5)
    sure = one_sided >= _ONE_SIDED
    if starry >= _STARRY:
        near = top if sure else 0.0
        turn = star + 72.0 * round((near - star) / 72.0)
        return Turn(_within(turn), sure and abs(_within(turn - near)) <= _AGREE)
    if not sure:
        return Turn(0.0, False)
    return Turn(_within(_axis(_rows(polar, *_MIDDLE), top)), True)


def _polar(ink: Floats, radius: float) -> Floats:
    """Rows by angle clockwise from the top, columns by radius from 0 to 1."""
    angle = np.arange(_ANGLES) * (2 * np.pi / _ANGLES)
    far = (np.arange(_RADII) + 0.5) * (radius / _RADII)
    middle = ink.shape[0] / 2
    columns = (middle + np.outer(np.sin(angle), far)).astype(int).clip(0, ink.shape[1] - 1)
    rows = (middle - np.outer(np.cos(angle), far)).astype(int).clip(0, ink.shape[0] - 1)
    taken: Floats = ink[rows, columns]
    return taken


def _rows(polar: Floats, start: float, end: float) -> Floats:
    return polar[:, int(start * _RADII) : int(end * _RADII)]


def _between(polar: Floats, start: float, end: float) -> Floats:
    total: Floats = _rows(polar, start, end).sum(axis=1)
    return total


def _harmonic(profile: Floats, order: int) -> tuple[float, float]:
    """The direction of a profile's maxima in degrees, and how strong it is against the whole."""
    whole = float(profile.sum())
    if whole <= 0:
        return 0.0, 0.0
    angle = np.arange(len(profile)) * (2 * np.pi / len(profile))
    found = complex((profile * np.exp(-1j * order * angle)).sum())
    return float(-np.degrees(np.angle(found)) / order), abs(found) / whole


def _axis(middle: Floats, near: float) -> float:
    """The axis of symmetry of what stands in the middle, looked for around ``near``."""
    if not middle.any():
        return near
    step = 360 / _ANGLES
    offsets = np.arange(1, _ANGLES // 2)
    first = round(near / step)
    tried = range(first - round(_LOOK / step), first + round(_LOOK / step) + 1)
    likeness = [
        float((middle[(axis + offsets) % _ANGLES] * middle[(axis - offsets) % _ANGLES]).sum()) for axis in tried
    ]
    return tried[int(np.argmax(likeness))] * step


def _within(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0
