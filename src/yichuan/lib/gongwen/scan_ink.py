"""Red ink on paper: how red a point is whatever the light, and how much ink the cleaned imprint has there.

Red ink takes green and blue out of the light and leaves the red. The ratio of red to the two others is the same in
shadow and in light, and that of grey pencil, black print and paper is one and the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from yichuan.lib.gongwen.errors import GongwenError

Floats = NDArray[np.floating[Any]]

LEAST_RED = 0.28  # logarithm of the ratio in the reddest parts
_DARK = 14.0  # levels below which colours are noise
_REDDEST = 0.003  # share of a picture that an imprint's ink takes at least
_LEVELS = 17  # alpha is kept in sixteen steps
_LOGARITHMS = np.log(np.arange(256) + _DARK).astype(np.float32)
_HALVES = _LOGARITHMS / 2


def redness(rgb: NDArray[np.uint8]) -> Floats:
    """Per pixel the logarithm of red over green and blue, the paper at 0."""
    found: Floats = _LOGARITHMS[rgb[..., 0]]
    for other in (1, 2):
        found -= _HALVES[rgb[..., other]]
    found -= np.median(found)
    return found


def threshold(red: Floats) -> float:
    """What parts ink from paper in a whole picture.

    :raises GongwenError: ``scan_not_red``.
    """
    reddest = float(np.quantile(red, 1 - _REDDEST))
    if reddest < LEAST_RED:
        raise GongwenError("scan_not_red", "$.scan", "no red imprint is found; scan the original in colour, no copy")
    return 0.45 * reddest


def coverage(red: Floats, inside: NDArray[np.bool_], paper: NDArray[np.bool_]) -> Floats:
    """How much ink there is per pixel, 0 to 1: full where ink is as dense as in most of the imprint.

    :param inside: where the imprint may stand; all else is cleared.
    :param paper: a band of bare paper around it, which tells its tint and noise.
    """
    bare = red[paper]
    tint = float(np.median(bare))
    noise = 1.4826 * float(np.median(np.abs(bare - tint)))
    clear = red - tint
    dense = clear[inside & (clear > 0.3 * float(np.quantile(clear[inside], 0.97)))]
    full = float(np.quantile(dense, 0.6))
    least = max(0.3 * full, min(4.0 * noise, 0.5 * full))
    clear -= least
    clear /= 0.8 * full - least
    return clear.clip(0, 1) * inside


def as_levels(alpha: Floats) -> NDArray[np.uint8]:
    """Alpha from 0 to 255 in sixteen steps, which packs to a third."""
    levels: NDArray[np.uint8] = (np.rint(alpha * (255 / _LEVELS)) * _LEVELS).astype(np.uint8)
    return levels
