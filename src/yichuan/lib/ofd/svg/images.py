"""Pictures as data URIs that browsers read."""

import base64
import io

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name

from ..errors import OfdError
from ..pdfium import PDFIUM
from ..scene.model import Picture

_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml"}


def image_href(picture: Picture) -> str:
    """A data URI for a picture. Raises OfdError `image_unsupported`."""
    kind, data = (picture.kind, picture.data) if picture.kind != "jbig2" else ("png", _png_of_jbig2(picture))
    return f"data:{_TYPES[kind]};base64,{base64.b64encode(data).decode('ascii')}"


def _png_of_jbig2(picture: Picture) -> bytes:
    """Decoded by PDFium, out of a PDF that holds nothing else."""
    source = pikepdf.new()
    page = source.add_blank_page(page_size=(picture.width, picture.height))
    image = source.make_stream(picture.data)
    image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.JBIG2Decode
    image.Width, image.Height, image.BitsPerComponent = picture.width, picture.height, 1
    image.ColorSpace = Name.DeviceGray
    page.Resources = Dictionary(XObject=Dictionary(I=image))
    page.MediaBox = Array([0, 0, picture.width, picture.height])
    page.Contents = source.make_stream(f"{picture.width} 0 0 {picture.height} 0 0 cm /I Do".encode())
    written, out = io.BytesIO(), io.BytesIO()
    source.save(written)
    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(written.getvalue())
            try:
                drawn = document[0].render(scale=1, grayscale=True).to_pil()
            finally:
                document.close()
        drawn.convert("1").save(out, "PNG")
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        raise OfdError("image_unsupported", f"The JBIG2 image cannot be read ({error}).") from error
    return out.getvalue()
