"""Pictures as the typesetter takes them: it has no way in for bytes but strings, and SVG carries a file as one."""

from __future__ import annotations

import base64

from yichuan.lib.gongwen.blocks import Picture

# How a photograph's orientation (Exif) puts its pixels upright: matrices for a file of w × h pixels.
_UPRIGHT = {
    2: "-1 0 0 1 {w} 0",
    3: "-1 0 0 -1 {w} {h}",
    4: "1 0 0 -1 0 {h}",
    5: "0 1 1 0 0 0",
    6: "0 1 -1 0 {h} 0",
    7: "0 -1 -1 0 {h} {w}",
    8: "0 -1 1 0 0 {w}",
}


def as_svg(picture: Picture) -> str:
    """An SVG of the picture's own size that shows nothing but the file, upright; a JPEG enters the PDF as it is."""
    wide, high = picture.pixels
    width, height = (high, wide) if picture.orientation > 4 else (wide, high)
    matrix = _UPRIGHT.get(picture.orientation, "1 0 0 1 0 0").format(w=width, h=height)
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f'<image width="{width}" height="{height}" transform="matrix({matrix})" '
        f'href="data:image/{kind};base64,{base64.b64encode(picture.data).decode("ascii")}"/></svg>'
    )
