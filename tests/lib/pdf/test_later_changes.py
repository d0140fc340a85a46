"""What is appended to a signed PDF, or done to its signed bytes: allowed things pass, attacks are named."""

import io
import re

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field

from support.pdf import DAY, PICTURE, STAMP, appended, others_signature, p256, sealed_pdf, signed_pdf, small_pdf
from support.seals import NOW, pki
from yichuan.lib.ofd.report import SignatureReport
from yichuan.lib.pdf.reading import open_pdf
from yichuan.lib.pdf.update import Form, append_field, lay_out
from yichuan.lib.pdf.verifying import verify

BOTH = [pytest.param("p256", id="P-256"), pytest.param("sm2", id="SM2")]


def made(kind: str, pdf: bytes | None = None) -> bytes:
    return signed_pdf(pdf).data if kind == "p256" else sealed_pdf(pdf)


def reports(data: bytes) -> tuple[SignatureReport, ...]:
    return verify(data, trust=[*p256().trust, *pki().trust], at=NOW + DAY).signatures


def finding(signature: SignatureReport, name: str) -> tuple[bool | None, str]:
    return next((each.ok, each.finding) for each in signature.steps if each.name == name)


def form_pdf() -> bytes:
    """A PDF with one text field, empty."""
    with pikepdf.open(io.BytesIO(small_pdf(1))) as pdf:
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="amount", V="1",
                Rect=[10, 10, 90, 30],
            )
        )  # fmt: skip
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), DA="/Helv 0 Tf 0 g")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.root["/Pages"]["/Kids"][0]


def other_content(writer: IncrementalPdfFileWriter) -> None:
    page = first_page(writer)
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 700 Td (Pay a million) Tj ET")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def sticker(writer: IncrementalPdfFileWriter) -> None:
    """A free text annotation over the page."""
    page = first_page(writer)
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(each) for each in (0, 0, 500, 800)),
            pdf_name("/Contents"): generic.TextStringObject("another text"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.update_container(page)


def other_catalog(writer: IncrementalPdfFileWriter) -> None:
    """The page tree exchanged for one that shows something else."""
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject(list(pages["/Kids"])[::-1])
    writer.update_container(pages)


def empty_field(writer: IncrementalPdfFileWriter) -> None:
    """A signature field without a signature, with a picture."""
    append_signature_field(writer, SigFieldSpec("Sticker", box=(0, 0, 500, 800)))


def filled_field(writer: IncrementalPdfFileWriter) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    field = next(each for each in (fields[number] for number in range(len(fields))) if each["/T"] == "amount")
    field["/V"] = generic.TextStringObject("1000000")
    writer.update_container(field)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("change", [other_content, sticker, other_catalog])
def test_a_page_changed_by_an_update_is_named(kind: str, change) -> None:
    (found,) = reports(appended(made(kind), change))
    assert finding(found, "byte_range") == (True, "range_revision")
    assert finding(found, "data_hash") == (True, "bytes_match")
    assert finding(found, "later_changes") == (False, "changes_suspicious")
    assert found.integrity == "failed"
    assert found.coverage.uncovered
    assert not found.valid_and_trusted


@pytest.mark.parametrize("kind", BOTH)
def test_an_unsigned_field_with_a_picture_is_named(kind: str) -> None:
    found = reports(appended(made(kind), empty_field))[0]
    assert finding(found, "later_changes")[0] is False
    assert not found.valid_and_trusted


def painted_field(writer: IncrementalPdfFileWriter) -> None:
    """A signature field without a signature or a picture, that asks readers for a white ground."""
    append_signature_field(writer, SigFieldSpec("Ground", box=(0, 0, 500, 800)))
    field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    field.pop(pdf_name("/AP"), None)
    ground = generic.ArrayObject([generic.NumberObject(1)])
    field["/MK"] = generic.DictionaryObject({pdf_name("/BG"): ground})
    writer.update_container(field)


def drawn_anew(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/NeedAppearances"] = generic.BooleanObject(True)
    writer.update_container(form)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("finds", [(painted_field, "changes_unsigned_field"), (drawn_anew, "changes_drawn_anew")])
def test_what_makes_readers_draw_something_new_is_named(kind: str, finds) -> None:
    change, expected = finds
    (found,) = reports(appended(made(kind, form_pdf()), change))
    assert finding(found, "later_changes") == (False, expected)
    assert found.coverage.uncovered
    assert not found.valid_and_trusted


def test_metadata_appended_is_called_what_it_is() -> None:
    def titled(writer: IncrementalPdfFileWriter) -> None:
        title = generic.DictionaryObject({pdf_name("/Title"): generic.TextStringObject("another")})
        writer.set_info(writer.add_object(title))

    (found,) = reports(appended(made("p256"), titled))
    assert finding(found, "later_changes") == (True, "changes_data")


@pytest.mark.parametrize("kind", BOTH)
def test_a_form_filled_in_after_signing_is_not_what_was_signed(kind: str) -> None:
    (found,) = reports(appended(made(kind, form_pdf()), filled_field))
    assert finding(found, "later_changes") == (None, "changes_form")
    assert found.coverage.uncovered == ("amount",)
    assert not found.valid_and_trusted


@pytest.mark.parametrize("first", BOTH)
@pytest.mark.parametrize("second", BOTH)
def test_a_further_signature_is_allowed_and_named(first: str, second: str) -> None:
    one, two = reports(made(second, made(first)))
    assert finding(one, "later_changes") == (True, "changes_allowed")
    assert "Signature2" in next(each.note for each in one.steps if each.name == "later_changes")
    assert one.valid_and_trusted
    assert two.valid_and_trusted
    assert (one.coverage.whole, two.coverage.whole) == (False, True)


STRAY = b"4 0 obj\n<</Type /Page>>\nendobj\n"


def the_old_end(data: bytes) -> bytes:
    """An end that points to the cross-reference there is already."""
    return b"startxref\n" + re.findall(rb"startxref\s+(\d+)", data)[-1] + b"\n%%EOF\n"


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("tail", [lambda data: b"%" + b"x" * 50 + b"\n", lambda data: STRAY + the_old_end(data)])
def test_bytes_after_the_end_that_belong_to_no_update_are_named(kind: str, tail) -> None:
    data = made(kind)
    (found,) = reports(data + tail(data))
    assert finding(found, "byte_range") == (False, "range_broken")
    assert found.coverage.uncovered
    assert not found.valid_and_trusted


@pytest.mark.parametrize("kind", BOTH)
def test_bytes_after_a_later_signature_are_named_for_both(kind: str) -> None:
    found = reports(made(kind, made(kind)) + STRAY)
    assert [finding(each, "byte_range")[0] for each in found] == [False, False]


def ranged(data: bytes, change) -> bytes:
    """The file with other figures in its ByteRange, of the same length."""
    match = re.search(rb"/ByteRange \[([\d ]+)\]", data)
    assert match is not None
    figures = [int(each) for each in match[1].split()]
    written = b" ".join(str(each).encode() for each in change(figures))
    return data[: match.start(1)] + written.ljust(len(match[1])) + data[match.end(1) :]


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    "change",
    [
        lambda r: [r[0], r[1] - 9, r[2], r[3]],
        lambda r: [r[0], r[1], r[2] + 9, r[3] - 9],
        lambda r: [r[0], r[1], r[2], r[3] - 40],
        lambda r: [0, r[1], r[1], 0],
        lambda r: [0, 0, 0, 0],
        lambda r: [9, r[1] - 9, r[2], r[3]],
        lambda r: [r[0], r[1], r[2]],
        lambda r: [r[0], r[1], r[2], r[3] + 3],
    ],
)
def test_a_range_that_leaves_anything_out_is_named(kind: str, change) -> None:
    (found,) = reports(ranged(made(kind), change))
    assert finding(found, "byte_range") == (False, "range_broken")
    assert found.integrity == "failed"
    assert finding(found, "data_hash") == (None, "not_compared")
    said = next(each.note_zh for each in found.steps if each.name == "byte_range")
    assert not re.search("[a-z]{3}", said.replace("ByteRange", ""))


@pytest.mark.parametrize("kind", BOTH)
def test_a_value_with_something_hidden_behind_it_is_noted(kind: str) -> None:
    data = made(kind)
    match = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", data)
    assert match is not None
    end = int(match[3]) - 1
    found = reports(data[: end - 8] + b"CAFEBABE" + data[end:])[0]
    assert finding(found, "deviations") == (None, "padding")


@pytest.mark.parametrize("kind", BOTH)
def test_the_signature_of_one_file_says_nothing_of_another(kind: str) -> None:
    data, other = made(kind), made(kind, small_pdf(3))
    value = re.compile(rb"/Contents <([0-9A-Fa-f]+)>")
    taken = value.search(other)
    here = value.search(data)
    assert taken is not None and here is not None
    assert len(taken[1]) == len(here[1])
    found = reports(data[: here.start(1)] + taken[1] + data[here.end(1) :])[0]
    assert finding(found, "data_hash") == (False, "bytes_differ")


def test_a_further_signature_where_the_first_forbids_changes_is_named() -> None:
    certified = others_signature(small_pdf(), p256().unit, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    assert reports(certified)[0].integrity == "ok"
    opened = open_pdf(certified)  # not by `prepare_signing`: that refuses
    form = Form("/Adobe.PPKLite", "/ETSI.CAdES.detached", "sha256", 4096)
    waiting = append_field(opened, lay_out(opened, [STAMP], PICTURE), PICTURE, form, name="x", at=NOW)
    found = reports(waiting.filled(signed_pdf()._value.dump()))[0]
    assert finding(found, "later_changes")[0] is False
    assert found.integrity == "failed"
