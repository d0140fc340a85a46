"""One more signature field as an incremental update: every byte that was there stays (ISO 32000-1, 7.5.6)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from yichuan.lib.ofd.seams import Strip, seam_strips
from yichuan.lib.ofd.stamp_layout import Imprint, Stamp
from yichuan.lib.ses.seal import Picture

from .appearance import Ink
from .coverage import permission
from .errors import PdfError
from .pages import UPRIGHT, Box, Sheet, sheet
from .reading import OpenPdf, entry, naming, open_pdf

_LARGEST_MM = 300
_PRINT, _READ_ONLY, _LOCKED = 4, 64, 128


@dataclass(frozen=True)
class Placed:
    """A picture on a page, or a part of it: `whole_mm` is where the whole one would stand, `seen_mm` what is seen;
    left, top, width, height from the seen top left corner."""

    sheet: Sheet
    whole_mm: Box
    seen_mm: Box

    @property
    def rectangle(self) -> tuple[float, ...]:
        """What is seen, in the PDF's own coordinates."""
        return tuple(round(each, 3) for each in self.sheet.place(*self.seen_mm))

    @property
    def part(self) -> Box:
        """What is seen of the picture: left, bottom, right, top, where the whole is 0, 0, 1, 1."""
        (x, y, width, height), (seen_x, seen_y, seen_width, seen_height) = self.whole_mm, self.seen_mm
        left, top = (seen_x - x) / width, (seen_y - y) / height
        return left, 1 - top - seen_height / height, left + seen_width / width, 1 - top

    def describe(self) -> dict[str, object]:
        """The place in plain values."""
        return {"page": self.sheet.index + 1, "box_mm": list(self.seen_mm)}


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
    with naming():
        if entry(entry(opened.reader.root, "/AcroForm"), "/XFA") is not None:
            raise PdfError("dynamic_form", "The PDF is an XFA form, which no seal covers; print it to a plain PDF.")
        for each in opened.signed_fields():
            if permission(each) is MDPPerm.NO_CHANGES:
                raise PdfError("no_changes", f"Signature {each.name!r} allows no changes, further seals neither.")
    return opened


def lay_out(pdf: OpenPdf, stamps: Sequence[Imprint], picture: Picture) -> list[Placed]:
    """Where the picture stands: the first one is the signature field's, the others are annotations beside it.

    Raises PdfError `no_stamp`, `seal_picture` (no size, or above a page), `stamp_page`, `stamp_place`, `page_box`,
    `stamps_after_signature` (an earlier signature allows one more field, no annotations), and as OfdError what
    `ofd.seams.seam_strips` raises.
    """
    width, height = float(picture.width_mm), float(picture.height_mm)
    if not (0 < width <= _LARGEST_MM and 0 < height <= _LARGEST_MM):
        raise PdfError("seal_picture", f"The seal's picture is {width} x {height} mm; have the seal made anew.")
    strips: list[Strip] = []
    for stamp in stamps:
        if isinstance(stamp, Stamp):
            strips.append(_whole(sheet(pdf, stamp.page_index), stamp, width, height))
        else:
            sizes = [(each.width_mm, each.height_mm) for each in (sheet(pdf, index) for index in range(pdf.pages))]
            strips += seam_strips(stamp, sizes, (width, height))
    if not strips:
        raise PdfError("no_stamp", "stamps: say on which page the seal is to stand.")
    if len(strips) > 1 and pdf.signed_fields():
        raise PdfError(
            "stamps_after_signature",
            "stamps: the PDF is signed already, which allows one stamp more; put a seam seal first.",
        )
    return [_placed(sheet(pdf, strip.page_index), strip) for strip in strips]


def _whole(page: Sheet, stamp: Stamp, width: float, height: float) -> Strip:
    if not (0 <= stamp.centre_x_mm <= page.width_mm and 0 <= stamp.centre_y_mm <= page.height_mm):
        raise PdfError(
            "stamp_place",
            f"stamps: ({stamp.centre_x_mm}, {stamp.centre_y_mm}) mm lies off page {stamp.page_index + 1} "
            f"of {page.width_mm:.1f} x {page.height_mm:.1f} mm.",
        )
    corner = stamp.centre_x_mm - width / 2, stamp.centre_y_mm - height / 2
    return Strip(stamp.page_index, (*corner, width, height), None)


def _placed(page: Sheet, strip: Strip) -> Placed:
    if strip.clip is None:
        return Placed(page, strip.boundary, strip.boundary)
    left, top, width, height = strip.clip
    return Placed(page, strip.boundary, (strip.boundary[0] + left, strip.boundary[1] + top, width, height))


def append_field(
    pdf: OpenPdf, places: Sequence[Placed], picture: Picture, form: Form, *, name: str, at: datetime
) -> Waiting:
    """The file with one more signature field. `name` is the signer's, `at` the time that readers show (/M)."""
    first, *others = places
    taken = {each.name for each in pdf.fields()}
    field_name = next(f"Signature{number}" for number in range(1, len(taken) + 2) if f"Signature{number}" not in taken)
    value = SignatureObject(timestamp=at, name=name, bytes_reserved=2 * form.reserved)
    value[pdf_name("/Filter")] = pdf_name(form.filter)
    value[pdf_name("/SubFilter")] = pdf_name(form.subfilter)
    with naming():
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf.data))
        spec = SigFieldSpec(field_name, on_page=first.sheet.index, box=first.rectangle)  # type: ignore[arg-type]
        embedding = PdfCMSEmbedder(spec).write_cms(field_name, writer)
        widget = next(embedding).get_object()
        ink = Ink(writer, picture)
        widget[pdf_name("/AP")] = ink.appearance(first.part, UPRIGHT[first.sheet.turned])
        for place in others:
            _annotate(writer, place, ink)
        embedding.send(SigObjSetup(sig_placeholder=value))
        prepared, out = embedding.send(SigIOSetup(md_algorithm=form.digest))
    return Waiting(out.getvalue(), prepared, field_name)


def _annotate(writer: IncrementalPdfFileWriter, place: Placed, ink: Ink) -> None:
    """A stamp annotation (ISO 32000-1, 12.5.6.12) that is printed, and neither moved nor edited."""
    page = writer.find_page_for_modification(place.sheet.index)[0]
    annotation = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Stamp"),
            pdf_name("/Rect"): generic.ArrayObject(generic.FloatObject(each) for each in place.rectangle),
            pdf_name("/F"): generic.NumberObject(_PRINT | _READ_ONLY | _LOCKED),
            pdf_name("/P"): generic.IndirectObject(page.idnum, page.generation, writer),
            pdf_name("/AP"): ink.appearance(place.part, UPRIGHT[place.sheet.turned]),
        }
    )
    writer.register_annotation(page, writer.add_object(annotation))
