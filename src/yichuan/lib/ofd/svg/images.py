"""Images as data URIs: what browsers and print both read stays as it is, the rest becomes PNG."""

import base64
import io

from PIL import Image

from ..errors import OfdError
from ..limits import MIB, Limits
from ..xmlread import local, parse_xml

_PASSED = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}
_TURNED = ("BMP", "TIFF", "WEBP", "JPEG2000", "PCX", "PPM")
_MOST_PIXELS = 80_000_000
_SVG_LIMITS = Limits(xml_bytes=4 * MIB, xml_depth=32)
_SVG_SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
_SVG_DRAWN = _SVG_SHAPES | {"svg", "g", "title", "desc", "metadata", "defs", "clipPath"}


def image_href(data: bytes) -> str:
    """A data URI for an image file; its kind is told by its content, not by its name.

    Raises OfdError `image_unsupported` or `image_too_large`.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return f"data:image/svg+xml;base64,{base64.b64encode(_checked_svg(data)).decode('ascii')}"
    try:
        with Image.open(io.BytesIO(data), formats=(*_PASSED, *_TURNED)) as picture:
            width, height = picture.size
            if width * height > _MOST_PIXELS:
                raise OfdError("image_too_large", f"The image has {width} x {height} pixels.")
            kind = picture.format or ""
            if kind in _PASSED:
                return f"data:{_PASSED[kind]};base64,{base64.b64encode(data).decode('ascii')}"
            out = io.BytesIO()
            picture.convert("RGBA" if picture.mode in ("RGBA", "LA", "PA", "P") else "RGB").save(out, "PNG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise OfdError("image_too_large", "The image has too many pixels.") from error
    except OfdError:
        raise
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, OverflowError) as error:
        raise OfdError("image_unsupported", f"The image cannot be read ({error}).") from error
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"


def _checked_svg(data: bytes) -> bytes:
    """A vector picture of plain shapes: nothing that runs, loads, repeats itself or styles anything else."""
    root = parse_xml("SVG picture", data, _SVG_LIMITS)
    if local(root) != "svg":
        raise OfdError("image_unsupported", "The image is XML but not SVG.")
    for element in root.iter():
        if isinstance(element.tag, str) and local(element) not in _SVG_DRAWN:
            raise OfdError(
                "image_unsupported", f"The SVG picture holds {local(element)[:40]!r}; only shapes are shown."
            )
        for name in element.attrib:
            plain = str(name).rpartition("}")[2].lower()
            if plain == "href" or plain.startswith("on"):
                raise OfdError("image_unsupported", f"The SVG picture holds the attribute {plain[:40]!r}.")
    return data
