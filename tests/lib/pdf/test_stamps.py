"""Several stamps and seam seals (骑缝章) under one signature in a PDF."""

import io

import pikepdf
import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support.pdf import DAY, appended, half_red, p256, page_picture, sealed_pdf, signed_pdf, small_pdf
from support.seals import NOW, make_seal, pki
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.seams import Edge, FacingSeal, SeamSeal
from yichuan.lib.ofd.stamp_layout import Imprint, Stamp
from yichuan.lib.pdf.errors import PdfError
from yichuan.lib.pdf.sealing import prepare_sealing
from yichuan.lib.pdf.verifying import verify

RED, WHITE = (230, 0, 18), (255, 255, 255)
TRUST = [*pki().trust, *p256().trust]
RIGHT_MM = 595 * 25.4 / 72


def stamped(pdf: bytes, *stamps: Imprint) -> bytes:
    """Sealed by the unit with a picture of 40 mm whose left half is red."""
    seal = make_seal(pki().maker, pki().unit, picture=half_red())
    to_sign = prepare_sealing(pdf, seal, stamps).for_signer(pki().unit.certificate, NOW)
    return to_sign.attach(pki().unit.key.sign(to_sign.message)).data


def at(page: Image.Image, x_mm: float, y_mm: float) -> tuple[int, ...]:
    return page.getpixel((round(x_mm * 4), round(y_mm * 4)))


def test_several_stamps_are_one_signature() -> None:
    data = stamped(small_pdf(3), Stamp(0, 60, 70), Stamp(2, 100, 200), Stamp(2, 60, 70))
    (found,) = verify(data, trust=TRUST, at=NOW + DAY).signatures
    assert found.valid_and_trusted
    assert found.coverage.whole
    assert at(page_picture(data, 0), 50, 70) == at(page_picture(data, 2), 90, 200) == RED
    assert at(page_picture(data, 2), 50, 70) == RED
    assert at(page_picture(data, 1), 50, 70) == WHITE


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_seam_seal_shows_its_slice_at_the_edge_of_each_page(rotate: int) -> None:
    data = stamped(small_pdf(2, rotate), SeamSeal(Edge.RIGHT, centre_mm=100))
    first, second = page_picture(data, 0), page_picture(data, 1)
    right = first.width / 4
    assert at(first, right - 1, 100) == at(first, right - 19, 81) == at(first, right - 10, 119) == RED
    assert at(first, right - 21, 100) == WHITE
    assert at(second, right - 1, 100) == at(second, right - 19, 100) == WHITE  # the bare half of the picture
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [len(page.obj.Annots) for page in pdf.pages] == [1, 1]
        stamp = pdf.pages[1].obj.Annots[0]
        assert (stamp.Subtype, int(stamp.F)) == ("/Stamp", 4 | 64 | 128)


def test_a_facing_seal_stands_on_both_sides_of_the_opening() -> None:
    data = stamped(small_pdf(2), FacingSeal(Edge.RIGHT, centre_mm=100, share=0.25))
    first, second = page_picture(data, 0), page_picture(data, 1)
    assert at(first, RIGHT_MM - 1, 100) == at(first, RIGHT_MM - 9, 100) == RED
    assert at(first, RIGHT_MM - 11, 100) == WHITE
    assert at(second, 1, 100) == at(second, 9, 100) == RED  # the next quarter of the picture
    assert at(second, 11, 100) == WHITE


def test_a_further_single_seal_leaves_a_seam_seal_valid() -> None:
    data = sealed_pdf(stamped(small_pdf(3), Stamp(0, 60, 70), SeamSeal()))
    assert verify(data, trust=TRUST, at=NOW + DAY).valid_and_trusted


def test_a_seam_seal_after_another_signature_is_refused_since_it_would_break_it() -> None:
    with pytest.raises(PdfError) as caught:
        stamped(signed_pdf(small_pdf(3)).data, SeamSeal())
    assert caught.value.code == "stamps_after_signature"


def test_a_strip_moved_after_signing_is_named() -> None:
    def move(writer: IncrementalPdfFileWriter) -> None:
        strip = writer.root["/Pages"]["/Kids"][1]["/Annots"][0]
        strip[pdf_name("/Rect")] = generic.ArrayObject(generic.NumberObject(each) for each in (0, 0, 9, 9))
        writer.update_container(strip)

    (found,) = verify(appended(stamped(small_pdf(2), SeamSeal()), move), trust=TRUST, at=NOW + DAY).signatures
    assert found.integrity == "failed"


def test_what_cannot_be_laid_out_is_named() -> None:
    for pdf, stamps, code in (
        (small_pdf(), (), "no_stamp"),
        (small_pdf(1), (SeamSeal(),), "seam_pages"),
        (small_pdf(), (Stamp(0, 60, 70), Stamp(7, 1, 1)), "stamp_page"),
    ):
        with pytest.raises((PdfError, OfdError)) as caught:
            stamped(pdf, *stamps)
        assert caught.value.code == code


def test_each_strip_is_described() -> None:
    prepared = prepare_sealing(small_pdf(2), make_seal(pki().maker, pki().unit, picture=half_red()), [SeamSeal()])
    said = prepared.for_signer(pki().unit.certificate, NOW).describe()["stamps"]
    assert [each["page"] for each in said] == [1, 2]
    assert [round(each["box_mm"][2], 3) for each in said] == [20, 20]
