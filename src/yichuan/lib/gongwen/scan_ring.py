"""Finding the ring of a round imprint: the largest round thing in red, its edge fitted by an ellipse.

A scanner's ring is a circle; a photo taken at an angle makes an ellipse of it, which is straightened with the same fit.
Points are (x, y) in pixels, pixel centres at halves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yichuan.lib.gongwen.errors import GongwenError

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]

DIRECTIONS = 360
FLATTEST = 0.75  # the shorter to the longer axis
_LEAST_RING = 0.45  # share of the circumference that must be seen
_LEAST_PIXELS = 60  # of a ring in the small copy
_CELLS = 160
_TRIES = 300
_MOST_PARTS = 12
_NEAR = 0.025  # share of the radius within which a point belongs to the ring


@dataclass(frozen=True)
class Ellipse:
    """Centre, and the symmetric 2×2 matrix that takes the unit circle to the ellipse."""

    centre: Floats
    matrix: Floats

    @property
    def radius(self) -> float:
        """Of the circle of the same area."""
        return float(np.sqrt(np.linalg.det(self.matrix)))

    @property
    def longest(self) -> float:
        """Half of the longer axis: what a round thing measures when it is seen from aslant."""
        return float(np.linalg.eigvalsh(self.matrix)[1])

    @property
    def flatness(self) -> float:
        """The shorter to the longer axis: 1 for a circle."""
        axes = np.linalg.eigvalsh(self.matrix)
        return float(axes[0] / axes[1])

    def distances(self, points: Floats) -> Floats:
        """How far points lie from the centre, the ellipse itself at 1."""
        flat: Floats = np.linalg.norm(np.linalg.solve(self.matrix, (points - self.centre).T), axis=0)
        return flat


def find_ring(ink: Flags) -> Ellipse:
    """The ring in a small copy's red pixels.

    :raises GongwenError: ``scan_no_ring`` or ``scan_not_round``.
    """
    best: tuple[float, Ellipse] | None = None
    flat = False
    for points in _candidates(ink):
        found = _ring_of(points)
        if found is None:
            continue
        share, ring = found
        if ring.flatness < FLATTEST:
            flat = True
        elif best is None or share * ring.radius > best[0]:
            best = share * ring.radius, ring
    if best is not None:
        return best[1]
    if flat:
        raise GongwenError("scan_not_round", "$.scan", "the ring is too flat; lay the paper straight under the camera")
    raise GongwenError("scan_no_ring", "$.scan", "no round imprint is found; scan a clear one on white paper")


def fit_ellipse(points: Floats) -> Ellipse | None:
    """The ellipse nearest to the points (least squares of its equation), None where they lie on none."""
    if len(points) < 8:
        return None
    middle, size = points.mean(axis=0), float(np.ptp(points, axis=0).max()) or 1.0
    x, y = ((points - middle) / size).T
    terms = np.column_stack((x * x, x * y, y * y, x, y))
    a, b, c, d, e = np.linalg.lstsq(terms, np.ones(len(points)), rcond=None)[0]
    form = np.array([[a, b / 2], [b / 2, c]])
    if np.linalg.det(form) <= 1e-9:
        return None
    centre = np.linalg.solve(form, [-d / 2, -e / 2])
    level = 1 + centre @ form @ centre
    axes, turned = np.linalg.eigh(form / level)
    if not np.all(axes > 1e-9):
        return None
    matrix = turned @ np.diag(1 / np.sqrt(axes)) @ turned.T
    return Ellipse(centre * size + middle, matrix * size)


def settle(points: Floats, ellipse: Ellipse, near: float = _NEAR) -> tuple[float, Ellipse]:
    """The ellipse fitted anew to the points near it, until they are the same ones; the share of such points."""
    share = 0.0
    for within in (2 * near, near, near, near / 2):
        close = np.abs(ellipse.distances(points) - 1) < within
        share = float(close.mean())
        fitted = fit_ellipse(points[close])
        if fitted is None or share < 0.1:
            return 0.0, ellipse
        ellipse = fitted
    return float((np.abs(ellipse.distances(points) - 1) < near).mean()), ellipse


def _ring_of(points: Floats) -> tuple[float, Ellipse] | None:
    """The ring through most of the outermost points, with the share of directions in which it is seen."""
    circle = _circle(points)
    if circle is None:
        return None
    share, ring = settle(points, circle, near=2 * _NEAR)
    share, ring = settle(points, ring)
    return (share, ring) if share >= _LEAST_RING else None


def _circle(points: Floats) -> Ellipse | None:
    """Of many circles through three points each, the one that most points lie on."""
    chance = np.random.default_rng(0)  # the same scan gives the same imprint
    first, second, third = points[chance.integers(0, len(points), size=(3, _TRIES))]
    one, two = second - first, third - first
    area = 2 * (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
    size = float(np.ptp(points, axis=0).max())
    sound = np.abs(area) > 0.05 * size**2
    first, one, two, area = first[sound], one[sound], two[sound], area[sound]
    if not len(first):
        return None
    long_one, long_two = (one**2).sum(axis=1), (two**2).sum(axis=1)
    across = (
        np.column_stack((two[:, 1] * long_one - one[:, 1] * long_two, one[:, 0] * long_two - two[:, 0] * long_one))
        / area[:, None]
    )
    centres, radii = first + across, np.linalg.norm(across, axis=1)
    away = np.linalg.norm(points[None] - centres[:, None], axis=2) / radii[:, None]
    count = (np.abs(away - 1) < 2 * _NEAR).sum(axis=1) * (radii > 0.3 * size) * (radii < 0.7 * size)
    best = int(np.argmax(count))
    if count[best] < 0.2 * len(points):
        return None
    return Ellipse(centres[best], np.eye(2) * radii[best])


def _candidates(ink: Flags) -> Iterator[Floats]:
    """Of each red thing that may be round, its outermost points as seen from its middle."""
    cell = max(2, -(-max(ink.shape) // _CELLS))
    high, wide = (-(-side // cell) for side in ink.shape)
    padded = np.zeros((high * cell, wide * cell), bool)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    filled = padded.reshape(high, cell, wide, cell).sum(axis=(1, 3)) >= max(1, cell // 3)
    for reach in (1, 3):
        parts = [
            part for part in _parts(_grown(filled, reach)) if min(np.ptp(part, axis=0)) * cell >= _LEAST_PIXELS / 2
        ]
        for part in sorted(parts, key=len, reverse=True)[:_MOST_PARTS]:
            only = np.zeros_like(filled)
            only[tuple(part.T)] = True
            rows, columns = np.nonzero(np.kron(only, np.ones((cell, cell), bool)) & padded)
            size = (np.ptp(rows) + 1, np.ptp(columns) + 1) if len(rows) else (0, 0)
            if min(size) >= _LEAST_PIXELS and min(size) > 0.5 * max(size):
                yield _outermost(np.column_stack((columns, rows)) + 0.5)


def _grown(cells: Flags, by: int) -> Flags:
    for _ in range(by):
        edged = np.pad(cells, 1)
        cells = edged[1:-1, 1:-1] | edged[:-2, 1:-1] | edged[2:, 1:-1] | edged[1:-1, :-2] | edged[1:-1, 2:]
    return cells


def _parts(cells: Flags) -> list[NDArray[np.intp]]:
    """The connected parts, as rows and columns of their cells."""
    found = []
    left = set(zip(*(each.tolist() for each in np.nonzero(cells)), strict=True))
    while left:
        front = [left.pop()]
        part = []
        while front:
            row, column = front.pop()
            part.append((row, column))
            for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if near in left:
                    left.remove(near)
                    front.append(near)
        found.append(np.array(part))
    return found


def _outermost(points: Floats) -> Floats:
    """The farthest point in each direction from the middle of the box around all."""
    away = points - (points.min(axis=0) + points.max(axis=0)) / 2
    direction = ((np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) % 1) * DIRECTIONS).astype(int) % DIRECTIONS
    far = np.hypot(away[:, 0], away[:, 1])
    order = np.argsort(far)
    last = np.full(DIRECTIONS, -1)
    last[direction[order]] = order  # the farthest is written last
    found: Floats = points[last[last >= 0]]
    return found
