"""An imprint as the seal carries it: a PNG, which every reader of OFD draws whole.

GB/T 38540 takes pictures of several kinds. One that is itself an OFD is sharper still, but readers are known that draw
its lines alone, or nothing of it. At 600 dots to the inch a picture is as fine as what office printers print.
"""

import io
import math
from functools import lru_cache

from PIL import Image

from yichuan.lib.gongwen.imprint_shapes import RED
from yichuan.lib.ofd.drawing import RASTER
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper.picture import page_to_png
from yichuan.lib.ses.seal import Picture

DPI = 600
_STEPS = 16  # from clear to red: four bits a pixel


@lru_cache(maxsize=8)
def seal_picture(ofd: bytes) -> Picture:
    """The picture of a seal: red on clear ground, 600 dpi, the imprint in the middle of whole millimetres.

    The same imprint gives the same bytes, 20 to 50 KB. A cleaned scan keeps its pixels.

    :param ofd: of ``Imprint.ofd`` or ``CleanedScan.ofd``.
    :raises OfdError: when it cannot be read.
    """
    package = Package.open(ofd)
    page = read_document(package).pages[0]
    width, height = math.ceil(page.width_mm), math.ceil(page.height_mm)
    if RASTER in package:
        with Image.open(io.BytesIO(package.read(RASTER)), formats=("PNG",)) as scan:
            ink = scan.getchannel("A")
    else:
        # Red holds no green: what the white ground has lost of it is ink.
        green = Image.open(io.BytesIO(page_to_png(package, 0, dpi=DPI))).getchannel("G")
        ink = green.point([255 - level for level in range(256)])
    return Picture("png", _png(_on_whole(ink, width / page.width_mm, height / page.height_mm)), width, height)


def _on_whole(ink: Image.Image, wider: float, higher: float) -> Image.Image:
    """In the middle of a sheet that is so many times as wide and high."""
    sheet = Image.new("L", (round(ink.width * wider), round(ink.height * higher)))
    sheet.paste(ink, ((sheet.width - ink.width) // 2, (sheet.height - ink.height) // 2))
    return sheet


def _png(ink: Image.Image) -> bytes:
    """Every entry of the palette is the same red, so that no reader's scaling finds another colour at the edges."""
    import numpy as np  # loaded with the first seal that is made: most processes make none

    most = _STEPS - 1
    image = Image.fromarray(np.rint(np.asarray(ink) * (most / 255)).astype(np.uint8)).convert("P")
    image.putpalette(list(RED) * _STEPS)
    out = io.BytesIO()
    clear = bytes(round(step * 255 / most) for step in range(_STEPS))
    image.save(out, "PNG", bits=4, transparency=clear, dpi=(DPI, DPI), compress_level=9)
    return out.getvalue()
