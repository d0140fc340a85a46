"""PDF to OFD: a PDF that is broken, endless or made to exhaust its reader ends in a named error, not in half a page."""

import io
import random
import zlib

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from support.ofd import NOTICE, content, typeset_pdf
from support.pdf_fonts import type1_font
from support.pdfs import converted, page_of, page_with, refused, saved, spoken
from yichuan.lib.ofd.convert import Bounds
from yichuan.lib.ofd.convert.streams import LARGEST_STREAM
from yichuan.lib.ofd.errors import OfdError


def test_a_form_that_draws_itself_is_refused() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        form = pdf.make_stream(b"/F Do", spoken("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>"))
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        return {"XObject": Dictionary(F=form)}

    error = refused(page_of(b"/F Do", resources))
    assert (error.code, "nested" in error.message) == ("unsupported_form", True)


def test_a_pattern_that_paints_with_itself_is_refused() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        head = "<</PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9>>"
        cell = pdf.make_stream(b"/Pattern cs /P scn 0 0 9 9 re f", spoken(head))
        cell.Resources = Dictionary(Pattern=Dictionary(P=cell))
        return {"Pattern": Dictionary(P=cell)}

    assert refused(page_of(b"/Pattern cs /P scn 0 0 9 9 re f", resources)).code == "unsupported_form"


def test_forms_that_multiply_end_at_the_bound_of_operators() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        form = pdf.make_stream(b"0 0 9 9 re f", spoken("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>"))
        for _ in range(12):
            inner = form
            form = pdf.make_stream(b"/F Do " * 8, spoken("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>"))
            form.Resources = Dictionary(XObject=Dictionary(F=inner))
        return {"XObject": Dictionary(F=form)}

    error = refused(page_of(b"/F Do", resources), bounds=Bounds(operators=20_000))
    assert (error.code, "operators" in error.message) == ("pdf_too_large", True)


def test_more_xml_than_the_bound_is_refused() -> None:
    error = refused(page_with(b"0 0 9 9 re f " * 100), bounds=Bounds(characters=5_000))
    assert (error.code, "XML" in error.message) == ("pdf_too_large", True)


@pytest.mark.parametrize("filters", ["/FlateDecode", "[/FlateDecode/FlateDecode]", "[/ASCIIHexDecode/FlateDecode]"])
def test_content_that_unpacks_without_end_is_refused_packed(filters: str) -> None:
    data = zlib.compress(b" " * (LARGEST_STREAM + 1), 9)
    if "[/Flate" in filters:
        data = zlib.compress(data)
    if "Hex" in filters:
        data = data.hex().encode() + b">"
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pdf.make_stream(b"")
    stream.write(data, filter=spoken(filters))
    pdf.pages[0].Contents = stream
    assert refused(saved(pdf)).code == "pdf_too_large"


def test_a_table_of_repeated_strings_is_measured_without_unpacking() -> None:
    # LZW: a clear code, then ever longer runs of one string; a few kilobytes stand for hundreds of megabytes.
    codes = []
    for _ in range(200):
        codes += [(256, 9), (32, 9), *((258 + i, 9 if i < 253 else 10 if i < 765 else 11) for i in range(1700))]
    value = "".join(format(code, f"0{bits}b") for code, bits in codes)
    data = int(value.ljust(-(-len(value) // 8) * 8, "0"), 2).to_bytes(-(-len(value) // 8), "big")
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = pdf.make_stream(b"")
    stream.write(data, filter=Name.LZWDecode)
    pdf.pages[0].Contents = stream
    assert refused(saved(pdf)).code == "pdf_too_large"


def test_more_content_at_once_than_the_bound_is_refused() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        form = pdf.make_stream(b"0 0 9 9 re f " * 60, spoken("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>"))
        return {"XObject": Dictionary(F=form)}

    pdf = page_of(b"/F Do " * 60, resources)
    assert converted(pdf, bounds=Bounds(content_bytes=1_500))
    assert refused(pdf, bounds=Bounds(content_bytes=1_000)).code == "pdf_too_large"


def test_long_content_is_read_piece_by_piece_without_a_seam() -> None:
    image = b"q 9 0 0 9 0 0 cm BI /W 4 /H 4 /BPC 8 /CS /G ID " + b" Q ET ]>) 0 0 m" + b"zz EI Q "
    line = b"[3 1] 0 d BT 3 Tr /F 9 Tf (\\) Q q 0 0 9 9 re f ( ) ) Tj ET 0 0 9 9 re f " + image
    data = converted(page_with(line * 2_200, FONT))
    counts = [len(list(content(data).iter(f"{{*}}{kind}"))) for kind in ("TextObject", "PathObject", "ImageObject")]
    assert counts == [2_200] * 3


def test_a_text_without_end_is_refused() -> None:
    error = refused(page_with(b"BT 3 Tr /F 9 Tf (" + b"x" * 300_000 + b") Tj ET", FONT))
    assert (error.code, "text" in error.message) == ("pdf_too_large", True)


def test_saving_the_state_without_end_is_refused() -> None:
    assert refused(page_with(b"q " * 600)).code == "pdf_invalid"
    assert refused(page_with(b"/A BMC " * 600)).code == "pdf_invalid"


@pytest.mark.parametrize(
    "stream",
    [
        b"1 w 2 m",
        b"(x) Tf",
        b"/F cs",
        b"1 2 3 cm",
        b"[1 2 d",
        b"BT (x) Tj 1 Tr ET",
        b"5 J 0 0 m 9 9 l S",
        b"q q Q Q Q Q",
    ],
)
def test_operands_that_do_not_fit_end_in_a_name(stream: bytes) -> None:
    try:
        converted(page_with(stream))
    except OfdError as error:
        assert error.message.startswith("Page 1")


def test_a_glyph_that_calls_itself_without_end_is_a_damaged_font() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        data, clear, hidden = type1_font(endless=True)
        program = pdf.make_stream(data, Length1=clear, Length2=hidden)
        font = spoken("<</Type/Font/Subtype/Type1/BaseFont/Own/Encoding/WinAnsiEncoding>>")
        font.FontDescriptor = Dictionary(FontFile=program)
        return {"Font": Dictionary(F=pdf.make_indirect(font))}

    assert refused(page_of(b"BT /F 9 Tf (A B) Tj ET", resources)).code == "font_damaged"


def test_half_a_file_is_refused() -> None:
    whole = typeset_pdf(NOTICE)
    for share in (0.3, 0.6, 0.9):
        assert refused(whole[: int(len(whole) * share)]).code == "pdf_invalid"


def squares(pdf: pikepdf.Pdf) -> tuple[pikepdf.Stream, bytes]:
    """A stream for content, and many squares packed for it."""
    many = b"".join(b"%d %d 9 9 re f " % (each % 190, each % 90) for each in range(500))
    return pdf.make_stream(b""), zlib.compress(many)


def test_content_that_ends_too_early_is_refused() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    stream, packed = squares(pdf)
    stream.write(packed[: len(packed) // 2], filter=Name.FlateDecode)
    pdf.pages[0].Contents = stream
    assert "missing" in refused(saved(pdf)).message


def test_a_part_of_the_content_that_is_no_stream_is_refused() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(b"0 0 9 9 re f")))
    pdf.pages[0].obj["/Contents"] = Array([pdf.pages[0].Contents, Name.Nothing])
    assert "missing" in refused(saved(pdf)).message


def test_a_page_that_is_not_in_the_file_is_refused() -> None:
    data = page_with(b"0 0 9 9 re f").replace(b"/Count 1", b"/Count 2")
    assert "lacks 1" in refused(data).message


SOURCES = [typeset_pdf, lambda source: page_with(b"q 1 0 0 rg 0 0 9 9 re f Q BT 3 Tr /F 9 Tf (x) Tj ET", FONT)]
FONT = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


@given(seed=st.integers(0, 2**32), which=st.sampled_from(SOURCES), share=st.floats(0.0001, 0.01))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_mangled_pdf_gives_an_ofd_or_a_named_error(seed: int, which: object, share: float) -> None:
    data = bytearray(which("甲乙丙 office"))
    chance = random.Random(seed)  # noqa: S311 - mangles, guards nothing
    for _ in range(max(1, int(len(data) * share))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        converted(bytes(data))
    except OfdError as error:
        assert error.code.isidentifier()


def test_an_unpacked_page_of_odd_objects_ends_in_a_name() -> None:
    pdf = pikepdf.open(io.BytesIO(page_with(b"/X Do")))
    for odd in (Array([1]), Dictionary(), Name.X, 5):
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(X=odd))
        assert refused(saved(pdf)).code in ("pdf_invalid", "unsupported_operator")


def test_a_number_beyond_64_bits_is_refused_by_name() -> None:
    whole = page_with(b"0 0 9 9 re f")
    start = whole.rindex(b"startxref")
    assert refused(whole[:start] + b"startxref\n4759265358979323846264338327942\n%%EOF\n").code == "pdf_invalid"
