"""Images as the drawers take them: what browsers and PDF both read stays as it is, the rest becomes PNG."""

import io

from PIL import ExifTags, Image, ImageChops, ImageStat

from ..errors import OfdError
from ..limits import MIB, Limits
from ..xmlread import local, parse_xml
from .jbig2 import MAGIC, read_jbig2
from .model import Picture

_PASSED = ("PNG", "JPEG", "GIF")
_TURNED = ("BMP", "TIFF", "WEBP", "JPEG2000", "PCX", "PPM")
_WRITTEN = ("1", "L", "LA", "P", "RGB", "RGBA")
_MARKER, _APP1, _START_OF_SCAN = 0xFF, 0xE1, 0xDA
_HALF_INKED = 4 * 255 / 2
_FAULTS = (OSError, ValueError, SyntaxError, TypeError, LookupError, OverflowError)
_SVG_LIMITS = Limits(xml_bytes=4 * MIB, xml_depth=32)
_SVG_SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
_SVG_DRAWN = _SVG_SHAPES | {"svg", "g", "title", "desc", "metadata", "defs", "clipPath"}


def read_picture(data: bytes, most_pixels: int = Limits.image_pixels) -> Picture:
    """The picture in an image file; its kind is told by its content, not by its name.

    Raises OfdError `image_unsupported` or `image_too_large`.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Picture("svg", _checked_svg(data), 1, 1)
    if data.startswith(MAGIC):
        picture = read_jbig2(data)
        _check_size(picture.width, picture.height, most_pixels)
        return picture
    try:
        with Image.open(io.BytesIO(data), formats=(*_PASSED, *_TURNED)) as image:
            width, height = image.size
            _check_size(width, height, most_pixels)
            match image.format:
                case "PNG":
                    return Picture("png", data, width, height)
                case "GIF":
                    return Picture("gif", data, width, height)
                case "JPEG" if image.mode in ("L", "RGB"):
                    return Picture("jpeg", data if _is_upright(image) else _without_exif(data), width, height)
            # What is unpacked here takes a byte a pixel and band.
            _check_size(width, height * len(image.getbands()), most_pixels)
            out = io.BytesIO()
            shown = _inked(image).convert("RGB") if image.mode == "CMYK" else image
            if shown.mode not in _WRITTEN:
                shown = shown.convert("RGBA" if shown.has_transparency_data else "RGB")
            shown.save(out, "PNG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise OfdError("image_too_large", "The image has too many pixels.") from error
    except OfdError:
        raise
    except _FAULTS as error:
        raise OfdError("image_unsupported", f"The image cannot be read ({error}).") from error
    return Picture("png", out.getvalue(), width, height)


def _is_upright(image: Image.Image) -> bool:
    """Whether no camera says to turn the image: browsers would obey it, but an OFD's images are placed as stored."""
    return b"Exif" not in image.info.get("exif", b"") or image.getexif().get(ExifTags.Base.Orientation, 1) == 1


def _without_exif(data: bytes) -> bytes:
    """A JPEG file without the segments (APP1) in which a camera says how to turn it."""
    kept, position = bytearray(data[:2]), 2
    while position + 4 <= len(data) and data[position] == _MARKER and data[position + 1] != _START_OF_SCAN:
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if data[position + 1] != _APP1:
            kept += data[position:end]
        position = end
    return bytes(kept) + data[position:]


def _inked(image: Image.Image) -> Image.Image:
    """A CMYK image the right way round: files do not tell whether their numbers count ink or paper, and both occur
    under the same mark. Pages are mostly paper, so the reading with less ink is taken."""
    inks = ImageStat.Stat(image).mean
    return image if sum(inks) <= _HALF_INKED else ImageChops.invert(image)


def _check_size(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise OfdError("image_too_large", f"The image has {width} x {height} pixels.")


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
