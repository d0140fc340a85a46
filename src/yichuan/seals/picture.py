"""A seal's imprint on the screen, as large as it is on paper."""

import base64

from yichuan.common import memory
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ses.model import parse_seal
from yichuan.seals.models import Seal

MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "svg": "image/svg+xml"}


def picture_svg(seal: Seal) -> str:
    """The imprint as SVG, in millimetres, from the picture in the seal's own structure. Raises OfdError."""
    picture = parse_seal(bytes(seal.der)).picture
    if picture.kind == "ofd":
        return memory.remember(("imprint", seal.pk), lambda: page_to_svg(Package.open(picture.data), 0, prefix="seal-"))
    data = base64.b64encode(picture.data).decode("ascii")
    width, height = picture.width_mm, picture.height_mm
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:{MEDIA_TYPES.get(picture.kind, "image/png")};base64,'
        f'{data}"/></svg>'
    )
