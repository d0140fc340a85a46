"""A seal's picture as the appearance of a signature (ISO 32000-1, 12.5.5): over the text, multiplied with it."""

from __future__ import annotations

import io
import warnings
import zlib

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf
from yichuan.lib.ses.seal import Picture

from .errors import PdfError
from .pages import Box

_MOST_PIXELS = 16_000_000
_RASTER = ("PNG", "GIF", "BMP", "JPEG")
_Entries = dict[str, dict[str, generic.PdfObject]]


class Ink:
    """A picture in a file that is being written: brought in once, painted as often as it is stamped.

    A picture that is an OFD stays vectors. Raises PdfError `seal_picture` for one that cannot be read.
    """

    def __init__(self, writer: BasePdfFileWriter, picture: Picture) -> None:
        bring = _vectors if picture.kind == "ofd" else _raster
        self._writer = writer
        self._painted, self._width, self._height = bring(writer, picture)

    def appearance(self, part: Box, matrix: tuple[float, ...]) -> generic.DictionaryObject:
        """The appearance that shows the `part` (left, bottom, right, top; the whole is 0, 0, 1, 1), turned by
        `matrix`."""
        multiply = generic.DictionaryObject({pdf_name("/BM"): pdf_name("/Multiply")})
        resources: _Entries = {"/XObject": {"/Seal": self._painted}, "/ExtGState": {"/Over": multiply}}
        scale = f"{1 / self._width:.8f} 0 0 {1 / self._height:.8f} 0 0 cm"
        form = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): _figures(part),
                pdf_name("/Matrix"): _figures(matrix),
                pdf_name("/Resources"): _dictionary(resources),
            },
            stream_data=f"q /Over gs {scale} /Seal Do Q".encode(),
        )
        return generic.DictionaryObject({pdf_name("/N"): self._writer.add_object(form)})


def _vectors(writer: BasePdfFileWriter, picture: Picture) -> tuple[generic.IndirectObject, float, float]:
    """The first page of an OFD, and its size in points."""
    try:
        page = ofd_to_pdf(Package.open(picture.data), pages=[0], info=DocumentInfo())
    except OfdError as error:
        raise PdfError("seal_picture", f"The seal's picture (ofd) cannot be drawn: {error}") from error
    reader = PdfFileReader(io.BytesIO(page))
    left, bottom, right, top = (float(each) for each in reader.root["/Pages"]["/Kids"][0]["/MediaBox"])
    return writer.import_page_as_xobject(reader), right - left, top - bottom


def _raster(writer: BasePdfFileWriter, picture: Picture) -> tuple[generic.IndirectObject, float, float]:
    return writer.add_object(_image(writer, _pixels(picture))), 1, 1


def _pixels(picture: Picture) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(picture.data), formats=_RASTER)
            if image.width * image.height > _MOST_PIXELS:
                raise PdfError("seal_picture", f"The seal's picture has {image.width} x {image.height} pixels.")
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PdfError("seal_picture", f"The seal's picture ({picture.kind}) cannot be read: {error}") from error


def _image(writer: BasePdfFileWriter, pixels: Image.Image) -> generic.StreamObject:
    mask = _samples(pixels.getchannel("A"), "/DeviceGray")
    colours = _samples(pixels.convert("RGB"), "/DeviceRGB")
    colours[pdf_name("/SMask")] = writer.add_object(mask)
    return colours


def _samples(image: Image.Image, space: str) -> generic.StreamObject:
    return generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(image.width),
            pdf_name("/Height"): generic.NumberObject(image.height),
            pdf_name("/ColorSpace"): pdf_name(space),
            pdf_name("/BitsPerComponent"): generic.NumberObject(8),
            pdf_name("/Filter"): pdf_name("/FlateDecode"),
        },
        encoded_data=zlib.compress(image.tobytes(), 9),
    )


def _figures(values: tuple[float, ...]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(each) for each in values)


def _dictionary(entries: _Entries) -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            pdf_name(kind): generic.DictionaryObject({pdf_name(name): value for name, value in named.items()})
            for kind, named in entries.items()
        }
    )
