"""PDFs made for a test, and how much an OFD page differs from the PDF page that it was made of."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from yichuan.lib.ofd.convert import pdf_to_ofd
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.paper import ofd_to_pdf

DPI = 150
_MOST = 0.0002
"""The share of pixels that may differ: what is left of the edges of glyphs."""
_LEAST_INK = 0.002
_VISIBLE = 48
"""Of 255: a difference that an eye would call another colour."""


def page_with(stream: bytes, resources: str = "", size: tuple[float, float] = (200, 100), **page: object) -> bytes:
    """A bare PDF page with this content stream; `resources` in PDF notation, `page` are further entries."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    pdf.pages[0].Contents = pdf.make_stream(stream)
    pdf.pages[0].Resources = pikepdf.Object.parse(f"<<{resources}>>".encode())
    for key, value in page.items():
        pdf.pages[0].obj[f"/{key}"] = value
    return saved(pdf)


def page_of(stream: bytes, resources: Callable[[pikepdf.Pdf], dict[str, object]]) -> bytes:
    """A bare PDF page of 200 x 100 points whose resources are made by a function of the PDF."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    pdf.pages[0].Contents = pdf.make_stream(stream)
    pdf.pages[0].Resources = pikepdf.Dictionary({f"/{key}": value for key, value in resources(pdf).items()})
    return saved(pdf)


def spoken(text: str) -> pikepdf.Object:
    """An object in PDF notation."""
    return pikepdf.Object.parse(text.encode())


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """The bytes of a PDF."""
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def picture_of(pdf: bytes, page: int = 0) -> Image.Image:
    """A page at 150 dpi, annotations and form fields drawn."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        return document[page].render(scale=DPI / 72).to_pil().convert("RGB")
    finally:
        document.close()


def ofd_picture(ofd: bytes, page: int = 0) -> Image.Image:
    """A page of an OFD at 150 dpi, rasterised by the same engine as PDFs."""
    return picture_of(ofd_to_pdf(Package.open(ofd)), page)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ visibly, in either, from every neighbour of the same place in the other."""
    other = other.resize(one.size) if other.size != one.size else other
    first, second = np.asarray(one, np.int16), np.asarray(other, np.int16)
    return float((_strange(first, second) | _strange(second, first)).mean())


def _strange(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where a pixel lies outside what the other shows within one pixel of it."""
    over = np.maximum(one - _around(other, np.maximum), _around(other, np.minimum) - one)
    return (over > _VISIBLE).any(axis=2)


def _around(pixels: np.ndarray, choose: np.ufunc) -> np.ndarray:
    """The highest or the lowest of each place and its eight neighbours."""
    wide = np.pad(pixels, ((1, 1), (1, 1), (0, 0)), mode="edge")
    across = choose(choose(wide[:, :-2], wide[:, 1:-1]), wide[:, 2:])
    return choose(choose(across[:-2], across[1:-1]), across[2:])


def converted(pdf: bytes, **options: object) -> bytes:
    """The OFD of a PDF."""
    return pdf_to_ofd(pdf, info=DocumentInfo(), **options)


def refused(pdf: bytes, **options: object) -> OfdError:
    """The error that the conversion ends in."""
    with pytest.raises(OfdError) as caught:
        converted(pdf, **options)
    return caught.value


def assert_same_look(pdf: bytes, page: int = 0, most: float = _MOST, **options: object) -> bytes:
    """Convert, draw both and compare; a page that shows nothing proves nothing. Gives the OFD."""
    ofd = converted(pdf, **options)
    before, after = picture_of(pdf, page), ofd_picture(ofd, page)
    assert _ink(before) > _LEAST_INK, "the page of the test is empty"
    found = difference(before, after)
    assert found <= most, f"{found:.3%} of the page look different"
    return ofd


def _ink(picture: Image.Image) -> float:
    grey = picture.convert("L").histogram()
    return 1 - grey[255] / sum(grey)
