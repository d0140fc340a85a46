"""Images as data URIs: what browsers and print both read stays as it is, the rest becomes PNG."""

import base64
import io

from PIL import Image

from ..errors import OfdError

_PASSED = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif"}
_TURNED = ("BMP", "TIFF", "WEBP", "JPEG2000", "PCX", "PPM")
_MOST_PIXELS = 80_000_000


def image_href(data: bytes) -> str:
    """A data URI for an image file; its kind is told by its content, not by its name.

    Raises OfdError `image_unsupported` or `image_too_large`.
    """
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
