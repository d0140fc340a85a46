"""One more signature field as an incremental update: every byte that was there stays (ISO 32000-1, 7.5.6)."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError as PyhankoError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from yichuan.lib.ofd.sealing import Stamp
from yichuan.lib.ses.seal import Picture

from .appearance import appearance
from .coverage import permission
from .errors import PdfError
from .pages import UPRIGHT, Box, Sheet, sheet
from .reading import OpenPdf, entry, named, open_pdf

_LARGEST_MM = 300


@dataclass(frozen=True)
class Placed:
    """A picture on a page: `box_mm` is left, top, width, height from the seen top left corner."""

    sheet: Sheet
    box_mm: Box

    @property
    def box(self) -> Box:
        """The same in the PDF's own coordinates."""
        return self.sheet.place(*self.box_mm)

    def describe(self) -> dict[str, object]:
        """The place in plain values."""
        return {"page": self.sheet.index + 1, "box_mm": list(self.box_mm)}


@dataclass(frozen=True)
class Form:
    """What the signature dictionary says of the signature's kind."""

    filter: str
    subfilter: str
    digest: str
    reserved: int
    """Bytes kept free for the signature value."""


@dataclass(frozen=True)
class Waiting:
    """The file with a hole where the signature value goes, and the digest of all around it."""

    data: bytes = field(repr=False)
    prepared: PreparedByteRangeDigest
    field_name: str

    @property
    def digest(self) -> bytes:
        """The digest of the bytes that the ByteRange covers."""
        return self.prepared.document_digest

    def filled(self, value: bytes) -> bytes:
        """The file with the signature value in its place. PdfError `no_room` when it is longer than was reserved."""
        out = io.BytesIO(self.data)
        try:
            self.prepared.fill_with_cms(out, value)
        except SigningError as error:
            raise PdfError("no_room", f"The signature value of {len(value)} bytes does not fit: {error}") from error
        return out.getvalue()


def openable(pdf: bytes) -> OpenPdf:
    """The PDF, when another signature may be appended to it.

    Raises PdfError: what `open_pdf` raises; `damaged` (only forgiving readers open it); `no_changes` (a signature
    forbids them); `dynamic_form` (its pages are made by a form program, XFA).
    """
    opened = open_pdf(pdf)
    if opened.deviations:
        raise PdfError("damaged", f"The PDF is not sound ({opened.deviations}); save it anew before it is sealed.")
    if entry(entry(opened.reader.root, "/AcroForm"), "/XFA") is not None:
        raise PdfError("dynamic_form", "The PDF is an XFA form, whose pages no seal covers; print it to a plain one.")
    for each in opened.signed_fields():
        if permission(each) is MDPPerm.NO_CHANGES:
            raise PdfError("no_changes", f"Signature {each.name!r} allows no changes, further seals neither.")
    return opened


def placed(pdf: OpenPdf, stamp: Stamp, picture: Picture) -> Placed:
    """Where the picture stands. PdfError `seal_picture` (no size, or above a page), `stamp_page`, `stamp_place`."""
    width, height = picture.width_mm, picture.height_mm
    if not (0 < width <= _LARGEST_MM and 0 < height <= _LARGEST_MM):
        raise PdfError("seal_picture", f"The seal's picture is {width} x {height} mm; have the seal made anew.")
    page = sheet(pdf, stamp.page_index)
    if not (0 <= stamp.centre_x_mm <= page.width_mm and 0 <= stamp.centre_y_mm <= page.height_mm):
        raise PdfError(
            "stamp_place",
            f"stamps: ({stamp.centre_x_mm}, {stamp.centre_y_mm}) mm lies off page {stamp.page_index + 1} "
            f"of {page.width_mm:.1f} x {page.height_mm:.1f} mm.",
        )
    corner = stamp.centre_x_mm - width / 2, stamp.centre_y_mm - height / 2
    return Placed(page, (*corner, float(width), float(height)))


def append_field(pdf: OpenPdf, where: Placed, picture: Picture, form: Form, *, name: str, at: datetime) -> Waiting:
    """The file with one more signature field. `name` is the signer's, `at` the time that readers show (/M)."""
    taken = {each.name for each in pdf.fields()}
    field_name = next(f"Signature{number}" for number in range(1, len(taken) + 2) if f"Signature{number}" not in taken)
    value = SignatureObject(timestamp=at, name=name, bytes_reserved=2 * form.reserved)
    value[pdf_name("/Filter")] = pdf_name(form.filter)
    value[pdf_name("/SubFilter")] = pdf_name(form.subfilter)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf.data))
        box = tuple(round(each, 3) for each in where.box)
        spec = SigFieldSpec(field_name, on_page=where.sheet.index, box=box)  # type: ignore[arg-type] # floats will do
        embedding = PdfCMSEmbedder(spec).write_cms(field_name, writer)
        widget = next(embedding).get_object()
        drawn = appearance(writer, picture, UPRIGHT[where.sheet.turned])
        widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): drawn})
        embedding.send(SigObjSetup(sig_placeholder=value))
        prepared, out = embedding.send(SigIOSetup(md_algorithm=form.digest))
    except (PyhankoError, SigningError, RecursionError, AssertionError, KeyError, TypeError) as error:
        raise named(error) from error
    return Waiting(out.getvalue(), prepared, field_name)
