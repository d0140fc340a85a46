"""Opening a PDF within bounds: hostile files get a name, not the machine."""

import contextlib
import re
import time
import tracemalloc
import zlib

import pikepdf
import pytest

from support.pdf import signed_pdf, small_pdf
from yichuan.lib.pdf._claims import refuse_claims
from yichuan.lib.pdf.errors import PdfError
from yichuan.lib.pdf.limits import MIB, Limits
from yichuan.lib.pdf.reading import open_pdf


def refused(data: bytes, limits: Limits | None = None) -> str:
    """The code that the file is refused with, within a second or two and 100 MB."""
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(PdfError) as caught:
            open_pdf(data, limits or Limits()).signed_fields()
        assert tracemalloc.get_traced_memory()[1] < 100 * MIB
        assert time.process_time() - begun < 5
    finally:
        tracemalloc.stop()
    return caught.value.code


def file_of(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF with a classic cross-reference table; the objects are numbered from 1."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return out + b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def with_form(*fields: bytes) -> bytes:
    """A PDF whose form has object 4 as its only root field; `fields` are the objects from 4 on."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return file_of(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *fields)


def xref_stream(entries: bytes, data: bytes = b"") -> bytes:
    """A PDF that is one cross-reference stream with these dictionary entries."""
    body = b"1 0 obj\n<</Type/XRef/Root 2 0 R%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        entries,
        len(data),
        data,
    )
    return b"%PDF-1.7\n" + body + b"startxref\n9\n%%EOF\n"


def test_a_sound_file_opens_with_its_pages_and_title() -> None:
    opened = open_pdf(small_pdf(3))
    assert (opened.pages, opened.deviations) == (3, "")
    assert opened.title == "关于做好电子公文交换工作的通知"
    assert opened.fields() == []


def test_a_signature_is_found_under_its_field_name() -> None:
    (field,) = open_pdf(signed_pdf().data).signed_fields()
    assert field.name == "Signature1"
    assert field.value["/SubFilter"] == "/ETSI.CAdES.detached"


def test_what_is_no_pdf_is_named() -> None:
    assert refused(b"PK\x03\x04" + bytes(4000)) == "not_pdf"
    assert refused(b"") == "not_pdf"


def test_a_file_that_is_cut_off_is_broken() -> None:
    data = small_pdf()
    assert refused(data[: len(data) // 2]) == "broken"


def test_a_file_over_the_bound_is_not_read() -> None:
    assert refused(small_pdf(), Limits(file_bytes=100)) == "too_large"


def test_an_encrypted_file_is_named(tmp_path) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(small_pdf())
    with pikepdf.open(plain) as pdf:
        pdf.save(tmp_path / "closed.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refused((tmp_path / "closed.pdf").read_bytes()) == "encrypted"


def test_a_loop_of_cross_reference_sections_ends() -> None:
    data = file_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    start = int(re.findall(rb"startxref\n(\d+)", data)[-1])
    looped = data.replace(b"trailer\n<<", b"trailer\n<</Prev %d " % start)
    assert refused(looped) == "broken"


@pytest.mark.parametrize(
    "entries",
    [
        b"/Size 1000000000/W[0 0 0]",
        b"/Size 3/Index[0 1000000000]/W[0 0 0]",
        b"/Size 3/Index[0 300000 300000 300000]/W[1 2 1]",
        b"/Size 3/Index[0 1000000000 1000000000 -1000000000]/W[0 0 0]",
        b"/Size 3/Index[0 1000000000]/W[-1 0 0]",
        b"/Size 3/Inde#78[0 1000000000 1000000000 -1000000000]/W[0 0 0]",
        b"/Size 3/Index%x\n[0 1000000000 % y\n1000000000 -1000000000]/W[0 0 0]",
    ],
)
def test_entries_of_no_width_do_not_make_the_reader_count_forever(entries: bytes) -> None:
    assert refused(xref_stream(entries)) in ("too_many_objects", "broken", "hidden_names")


@pytest.mark.parametrize(
    "junk", [b"/W%", b"/W%\n", b"%/W%\n", b"/W[ ", b"/W[%\n1", b"/a#", b"1 1 ", b"/", b"/W", b"%/W[%\n1\n", b"/W \0"]
)
def test_a_file_made_to_be_looked_through_again_and_again_is_not(junk: bytes) -> None:
    begun = time.process_time()
    with contextlib.suppress(PdfError):
        refuse_claims(junk * (MIB // len(junk)), Limits())
    assert time.process_time() - begun < 3


def test_a_negative_figure_behind_a_comment_is_found() -> None:
    for figures in (b"/W%a\n[%b\n1 %c\n-1 0]", b"/W [1 -1 0]", b"/Index\0[0 1000000000 -1]"):
        assert refused(xref_stream(b"/Size 3" + figures)) == "broken"
    with pytest.raises(PdfError, match="below zero"):
        refuse_claims(b"/W%a\n[%b\n1 %c\n-1 0]", Limits())
    refuse_claims(b"/W [1 [-250 3]] /W%a\n[1 2 1] /W -1 /WX[-1]", Limits())


def test_a_long_classic_table_is_bounded() -> None:
    data = file_of(*[b"null"] * 2000)
    assert refused(data, Limits(objects=1000)) == "too_many_objects"


def test_a_bomb_in_the_cross_reference_stream_is_named() -> None:
    bomb = zlib.compress(bytes(40 * MIB))
    assert refused(xref_stream(b"/Size 9/W[1 2 1]/Filter/FlateDecode", bomb)) == "bomb"


def test_a_bomb_in_an_object_stream_is_named() -> None:
    bomb = zlib.compress(b"1 0 " + b" " * (90 * MIB))
    table = b"\x02\x00\x04\x00" * 3
    head = b"%PDF-1.7\n"
    packed = b"4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(bomb)
    packed += bomb + b"\nendstream\nendobj\n"
    entry = b"\x00\x00\x00\x00" + table + b"\x01" + len(head).to_bytes(2, "big") + b"\x00"
    xref = b"5 0 obj\n<</Type/XRef/Root 1 0 R/Size 5/W[1 2 1]/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    data = head + packed
    data += xref % (len(entry), entry) + b"startxref\n%d\n%%%%EOF\n" % len(data)
    assert refused(data) == "bomb"


def test_nesting_without_end_is_named() -> None:
    deep = b"[" * 200_000 + b"]" * 200_000
    data = file_of(b"<</Type/Catalog/Pages 2 0 R/X %s>>" % deep, b"<</Type/Pages/Kids[]/Count 0>>")
    assert refused(data) == "too_deep"


def test_a_field_that_is_its_own_child_is_named() -> None:
    assert refused(with_form(b"<</T(a)/FT/Sig/Kids[4 0 R]>>")) == "form_loop"


def test_a_tree_that_doubles_at_each_level_is_not_walked() -> None:
    levels = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(5, 60)]
    assert refused(with_form(*levels, b"<</T(z)/FT/Sig>>")) == "form_loop"


def test_too_many_fields_and_signatures_are_named() -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 55))
    fields = [b"<</T(s)/FT/Sig/V<</Type/Sig>>>>"] * 50
    data = with_form(b"<</T(a)/Kids[%s]>>" % kids, *fields)
    assert refused(data, Limits(fields=20)) == "too_many_fields"
    assert refused(data, Limits(signatures=20)) == "too_many_signatures"


def test_too_many_updates_are_named() -> None:
    twice = signed_pdf(signed_pdf().data).data
    assert refused(twice, Limits(revisions=2)) == "too_many_revisions"


def test_a_file_that_takes_long_to_read_is_given_up() -> None:
    assert refused(signed_pdf().data, Limits(reads=5000)) == "too_complex"


def test_a_stream_of_very_many_objects_is_looked_through_once() -> None:
    """A form of 4,000 fields in an object stream that lists 190,000: read anew for each, that takes hours."""
    count, fields = 190_000, 4_000
    table = b" ".join(b"%d %d" % (number, 13 * (number - 10)) for number in range(10, 10 + count))
    objects = b"<</T(a)>>    " * count
    packed = zlib.compress(table + b" " + objects)
    catalog = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]>>>>" % b" ".join(
        b"%d 0 R" % number for number in range(10, 10 + fields)
    )
    out, places = b"%PDF-1.7\n", []
    stream = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
    for number, body in enumerate(
        (catalog, b"<</Type/Pages/Kids[]/Count 0>>", stream % (count, len(table) + 1, len(packed), packed)), start=1
    ):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    entries = b"".join(b"\x01" + place.to_bytes(4, "big") + b"\0\0" for place in places)
    entries += b"".join(b"\x02" + (3).to_bytes(4, "big") + index.to_bytes(2, "big") for index in range(fields))
    head = b"<</Type/XRef/Root 1 0 R/Size %d/Index[1 3 10 %d]/W[1 4 2]/Length %d>>" % (
        10 + count,
        fields,
        len(entries),
    )
    data = out + b"4 0 obj\n" + head + b"\nstream\n" + entries + b"\nendstream\nendobj\n"
    data += b"startxref\n%d\n%%%%EOF\n" % len(out)
    begun = time.process_time()
    assert len(open_pdf(data).fields()) == fields
    assert time.process_time() - begun < 5


def test_a_page_count_beyond_reason_is_named() -> None:
    opened = open_pdf(file_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 999999999>>"))
    with pytest.raises(PdfError, match="999999999") as caught:
        _ = opened.pages
    assert caught.value.code == "page_count"


def test_a_flawed_file_opens_and_says_so() -> None:
    data = file_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 1>>")
    shifted = data.replace(b"/Size 3", b"/Size 2")
    assert open_pdf(shifted).deviations
