"""A scan or photo of a brass seal's imprint made into the picture of an electronic one (J-19, 附件2).

Found by its ring, straightened, turned upright, freed of its paper, in the seals' red, at 600 dots to the inch and at
true size. Nothing is drawn anew: what the brass seal did not print stays blank.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.imprint_shapes import RED
from yichuan.lib.gongwen.scan_file import open_scan
from yichuan.lib.gongwen.scan_ink import as_levels, coverage, redness, threshold
from yichuan.lib.gongwen.scan_ring import Ellipse, find_ring, settle
from yichuan.lib.gongwen.scan_turn import find_turn
from yichuan.lib.ofd.drawing import raster_ofd

Floats = NDArray[np.floating[Any]]

DPI = 600
SMALLEST_MM, LARGEST_MM = 30.0, 60.0
LEAST_PIXELS = 200  # across the ring: 42 mm at 120 dpi, below which characters run together
_PER_MM = DPI / 25.4
_SMALL = 1400  # longest side of the copy in which the ring is looked for
_ROOM_MM = 1.5  # around the ring while it is measured
_SECTORS = 720
_CLEAR_MM = 0.15  # beyond the ring's edge all is cleared


@dataclass(frozen=True)
class CleanedScan:
    """A cleaned imprint. ``png`` is transparent, ``side_mm`` wide and high, 600 dpi; lengths are mm.

    ``measured_mm`` is the ring's diameter by the dots to the inch that the file states, None where it states none.
    ``turned`` is by how many degrees clockwise the scan stood askew; ``sure`` tells whether that could be seen.
    ``off_centre_mm`` is how far what stands in the middle lies from the ring's centre, ``flatness`` the shorter to the
    longer axis of the ring as scanned, ``ring`` the share of its circumference that was printed.
    """

    png: bytes = field(repr=False)
    side_mm: int
    diameter_mm: float
    measured_mm: float | None
    turned: float
    sure: bool
    off_centre_mm: float
    flatness: float
    ring: float

    def ofd(self) -> bytes:
        """The picture as GB/T 38540 seals carry it: a one-page OFD that holds the PNG."""
        return raster_ofd(self.png, self.side_mm, self.side_mm)


def clean_scan(data: bytes, *, diameter_mm: float, turn: float = 0.0, dpi: float | None = None) -> CleanedScan:
    """Clean a scan.

    :param data: a PNG, JPEG, BMP, TIFF or GIF (see ``scan_file``).
    :param diameter_mm: what the brass seal measures over its ring, 30 to 60; sets the true size.
    :param turn: degrees clockwise by which the result is turned after it was set upright.
    :param dpi: of the scan, where it is known better than the file states.
    :raises GongwenError: ``scan_format``, ``scan_too_large``, ``scan_damaged``, ``scan_not_red``, ``scan_no_ring``,
        ``scan_not_round``, ``scan_too_small``, ``scan_diameter``, ``scan_turn``.
    """
    if not SMALLEST_MM <= diameter_mm <= LARGEST_MM:
        raise GongwenError("scan_diameter", "$.diameter_mm", f"must lie between {SMALLEST_MM} and {LARGEST_MM} mm")
    if not -360 <= turn <= 360:
        raise GongwenError("scan_turn", "$.turn", "must lie between -360 and 360 degrees")
    image, found_dpi = open_scan(data)
    stated = dpi or found_dpi
    rough = _rough(image)
    if 2 * rough.radius < LEAST_PIXELS:
        raise GongwenError("scan_too_small", "$.scan", f"the ring has under {LEAST_PIXELS} pixels; scan at 300 dpi")
    side_mm = math.ceil(diameter_mm)
    near, ring = rough, 0.0
    for _ in range(2):
        ring, near = _measured(image, near, diameter_mm)
    red = redness(_cut(image, near, diameter_mm, diameter_mm + 2 * _ROOM_MM))
    found = find_turn(_inked(red, diameter_mm), diameter_mm / 2 * _PER_MM)
    red = redness(_cut(image, near, diameter_mm, diameter_mm + 2 * _ROOM_MM, found.degrees - turn))
    ink = _inked(red, diameter_mm)
    return CleanedScan(
        png=_png(_middle_part(ink, side_mm)),
        side_mm=side_mm,
        diameter_mm=diameter_mm,
        measured_mm=2 * near.longest / stated * 25.4 if stated else None,
        turned=found.degrees,
        sure=found.sure,
        off_centre_mm=_off_centre(ink, diameter_mm),
        flatness=near.flatness,
        ring=ring,
    )


def _rough(image: Image.Image) -> Ellipse:
    factor = max(1, -(-max(image.size) // _SMALL))
    small = np.asarray(image.reduce(factor))
    red = redness(small)
    found = find_ring(red > threshold(red))
    return Ellipse(found.centre * factor, found.matrix * factor)


def _cut(image: Image.Image, ring: Ellipse, diameter_mm: float, side_mm: float, degrees: float = 0.0) -> Any:
    """A square of paper around the ring's centre, rectified, 600 dpi; what lies ``degrees`` clockwise from the top
    comes to the top."""
    side = round(side_mm * _PER_MM)
    reach = ring.longest * side_mm / diameter_mm * math.sqrt(2) + 4
    left, top = (max(0, math.floor(each - reach)) for each in ring.centre)
    right, bottom = (min(most, math.ceil(each + reach)) for most, each in zip(image.size, ring.centre, strict=True))
    part = image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    factor = max(1, int(ring.radius / (diameter_mm / 2 * _PER_MM)))
    part = part.reduce(factor)
    angle = math.radians(degrees)
    turned = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    way = ring.matrix @ turned / (diameter_mm / 2 * _PER_MM) / factor
    start = (ring.centre - (left, top)) / factor - way @ (side / 2, side / 2)
    rows = (*way[0], start[0], *way[1], start[1])
    return np.asarray(
        part.transform((side, side), Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    )


def _measured(image: Image.Image, ring: Ellipse, diameter_mm: float) -> tuple[float, Ellipse]:
    """The ring by its outer edge, and how much of it was printed."""
    red = redness(_cut(image, ring, diameter_mm, diameter_mm + 2 * _ROOM_MM))
    radius, middle = diameter_mm / 2 * _PER_MM, red.shape[0] / 2
    angle = (np.arange(_SECTORS) + 0.5) * (2 * np.pi / _SECTORS)
    away = np.column_stack((np.sin(angle), -np.cos(angle)))
    far = np.arange(radius * 0.9, radius + 1.3 * _PER_MM, 0.5)
    at = middle + away[:, :, None] * far - 0.5
    profile = _blurred(_sampled(red, at[:, 0], at[:, 1]))
    ridge = profile[:, far < radius * 1.04]
    peak, height = ridge.argmax(axis=1), ridge.max(axis=1)
    seen = height > 0.45 * float(np.quantile(height, 0.75))
    below = (profile < height[:, None] / 2) & (np.arange(len(far)) > peak[:, None])
    seen &= below.any(axis=1) & (height > 0)
    edge = np.where(seen, below.argmax(axis=1), 1)
    every = np.arange(_SECTORS)
    before, after = profile[every, edge - 1], profile[every, edge]
    part = np.divide(before - height / 2, before - after, out=np.zeros(_SECTORS), where=before > after)
    reached = (far[edge - 1] + 0.5 * part.clip(0, 1)) / radius
    points = ring.centre + (away * reached[:, None])[seen] @ ring.matrix.T
    share, better = settle(points, ring, near=0.012) if len(points) > _SECTORS / 4 else (0.0, ring)
    if not share or abs(better.radius / ring.radius - 1) > 0.12:
        raise GongwenError("scan_no_ring", "$.scan", "the ring is too faint to be measured; scan a clear imprint")
    return share * len(points) / _SECTORS, better


def _sampled(red: Floats, x: Floats, y: Floats) -> Floats:
    """Values between pixels."""
    most = red.shape[0] - 2
    column, row = x.astype(int).clip(0, most), y.astype(int).clip(0, most)
    across, down = (x - column).clip(0, 1), (y - row).clip(0, 1)
    upper = red[row, column] * (1 - across) + red[row, column + 1] * across
    lower = red[row + 1, column] * (1 - across) + red[row + 1, column + 1] * across
    blended: Floats = upper * (1 - down) + lower * down
    return blended


def _blurred(profile: Floats) -> Floats:
    """Each sector with its neighbours, against the grain of the paper."""
    smooth: Floats = sum((np.roll(profile, by, axis=0) for by in (-2, -1, 0, 1, 2)), np.zeros_like(profile)) / 5
    return smooth


def _inked(red: Floats, diameter_mm: float) -> Floats:
    """The imprint's ink without specks, 0 to 1."""
    half = red.shape[0] / 2
    line = ((np.arange(red.shape[0]) + 0.5 - half) / _PER_MM).astype(np.float32)
    far = np.hypot(line[:, None], line[None, :])
    radius = diameter_mm / 2
    alpha = coverage(red, far < radius + _CLEAR_MM, (far > radius + 0.45) & (far < radius + _ROOM_MM))
    return alpha * _near(~_near(alpha <= 0.35, 1), 4)


def _near(flags: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """What lies within so many pixels, across and down, of something set."""
    for axis in (0, 1):
        grown = flags.copy()
        for by in range(1, reach + 1):
            grown |= np.roll(flags, by, axis) | np.roll(flags, -by, axis)
        flags = grown
    return flags


def _middle_part(ink: Floats, side_mm: int) -> Floats:
    side = round(side_mm * _PER_MM)
    start = max(0, (ink.shape[0] - side) // 2)
    return ink[start : start + side, start : start + side]


def _off_centre(ink: Floats, diameter_mm: float) -> float:
    line = ((np.arange(ink.shape[0]) + 0.5 - ink.shape[0] / 2) / _PER_MM).astype(np.float32)
    weight = ink * (np.hypot(line[:, None], line[None, :]) < 0.18 * diameter_mm)
    total = float(weight.sum())
    if total <= 0:
        return 0.0
    return math.hypot(float(weight.sum(axis=0) @ line), float(weight.sum(axis=1) @ line)) / total


def _png(ink: Floats) -> bytes:
    levels = as_levels(ink)
    pixels = np.empty((*levels.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = RED, levels
    pixels[levels == 0] = 0
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG", dpi=(DPI, DPI), compress_level=6)
    return written.getvalue()
