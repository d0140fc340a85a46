"""How far a drawn imprint and a cleaned scan differ, laid centre on centre."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper.picture import page_to_png

_DPI = 300
NEAR_MM = 0.3  # within which two lines are one
_REACH = 2 * round(NEAR_MM / 25.4 * _DPI) + 1


def difference(drawn: bytes, scan: bytes) -> float:
    """The share of both imprints' ink, 0 to 1, that has no ink of the other within 0.3 mm.

    :param drawn: the OFD of an imprint of ``imprint``.
    :param scan: the PNG of ``scan.clean_scan``, 600 dpi.
    :raises OfdError: when the drawing cannot be read.
    """
    first = _black(Image.open(io.BytesIO(page_to_png(Package.open(drawn), 0, dpi=_DPI))).getchannel("G"))
    with Image.open(io.BytesIO(scan)) as opened:
        second = _black(Image.eval(opened.getchannel("A").reduce(2), lambda level: 255 - level))
    side = max(*first.size, *second.size) + 2 * _REACH
    one, two = (_on(each, side) for each in (first, second))
    apart = (_ink(one) & ~_ink(_wider(two))).sum() + (_ink(two) & ~_ink(_wider(one))).sum()
    return float(apart) / max(1.0, float(_ink(one).sum() + _ink(two).sum()))


def _black(image: Image.Image) -> Image.Image:
    """Ink as 255."""
    return image.point([255 if level < 128 else 0 for level in range(256)])


def _on(image: Image.Image, side: int) -> Image.Image:
    sheet = Image.new("L", (side, side))
    sheet.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return sheet


def _wider(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.MaxFilter(_REACH))


def _ink(image: Image.Image) -> NDArray[Any]:
    return np.asarray(image) > 0
