"""Print files and decrypted copies."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from support.gongwen import font_set, page_text
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.print_stamp import CopyMark, CopyStamp, print_file
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.paper import Paper
from yichuan.lib.ofd.scene.model import Scene, Shape, Solid

AT = datetime(2008, 5, 26, 9, 41, tzinfo=timezone(timedelta(hours=8)))
CORNERS = (("M", (28.0, 37.0)), ("L", (184.0, 37.0)), ("L", (184.0, 38.0)), ("L", (28.0, 38.0)))
RULE = Shape(CORNERS, Solid((0, 0, 0)), None)
A4, A3_LANDSCAPE = (210.0, 297.0), (420.0, 297.0)


def pages(*sizes: tuple[float, float]) -> bytes:
    """A PDF of pages of these sizes in mm, a black rule on each."""
    paper = Paper(note=lambda code, message: None)
    for index, (width, height) in enumerate(sizes):
        paper.add(Scene((0.0, 0.0, width, height), (RULE,)), index)
    return paper.finish(DocumentInfo())


CODE = "YC3|江府办〔2008〕44号|3/5|市环保局|2008-05-26T09:41|" + "".join(chr(65 + 7 * i % 26) for i in range(207))
STAMP = CopyStamp(3, 5, "江门市环境保护局", "江府办〔2008〕44号", AT, CODE, log="1024·9f0c5a1122334455")
MARK = CopyMark("江门市环境保护局", "江府办〔2008〕44号", AT)


def rendered(pdf: bytes, page: int, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_file(pages(A4, A4, A3_LANDSCAPE), [STAMP], font_set())


def test_every_page_says_which_copy_it_is(printed: bytes):
    for number in range(3):
        text = page_text(printed, number).replace("\n", "")
        for words in (
            "江府办〔2008〕44号",
            "第3份，共5份",
            "江门市环境保护局",
            "2008-05-26 09:41",
            "日志检查点 1024·9f0c5a1122334455",
            f"第{number + 1}页，共3页",
        ):
            assert words.replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("page", [0, 1, 2])
@pytest.mark.parametrize("dpi", [150, 300])
def test_the_qr_reads_back_from_a_scan(printed: bytes, page: int, dpi: int):
    codes = zxingcpp.read_barcodes(rendered(printed, page, dpi))
    assert [code.text for code in codes] == [STAMP.qr]


def test_the_qr_stands_in_the_bottom_margin_opposite_the_page_number(printed: bytes):
    for page, left in ((0, True), (1, False)):
        (code,) = zxingcpp.read_barcodes(rendered(printed, page, 150))
        corner = code.position.top_left
        assert corner.y > (37 + 225 + 5) / 25.4 * 150
        assert (corner.x < 105 / 25.4 * 150) == left


def test_a_page_keeps_its_own_size(printed: bytes):
    document = pypdfium2.PdfDocument(printed)
    sizes = [tuple(round(points / 72 * 25.4) for points in page.get_size()) for page in document]
    document.close()
    assert sizes == [(210, 297), (210, 297), (420, 297)]


def test_the_page_itself_is_printed(printed: bytes):
    image = rendered(printed, 0, 100)
    assert image.getpixel((round(100 / 25.4 * 100), round(37.5 / 25.4 * 100))) == 0


def test_a_decrypted_copy_says_so_across_each_page_and_stays_legible():
    pdf = print_file(pages(A4, A4), [MARK], font_set())
    plain = print_file(pages(A4), [STAMP], font_set())
    for page in range(2):
        assert "脱密下载" in page_text(pdf, page)
        assert page_text(pdf, page).count("副") == 2
    middle = (400, 900, 850, 1300)
    shades = rendered(pdf, 1, 150).crop(middle).getextrema()
    assert rendered(plain, 0, 150).crop(middle).getextrema() == (255, 255)
    assert 200 < shades[0] < 250


def test_what_a_reader_of_the_paper_must_know_stands_at_the_top_of_every_page():
    header = "盖章纸质件扫描打印，没有电子印章"
    pdf = print_file(pages(A4, A4), [replace(STAMP, header=header)], font_set())
    assert all(header in page_text(pdf, page).replace("\n", "") for page in range(2))
    top = (0, 0, 1240, round(12 / 25.4 * 150))
    assert rendered(pdf, 1, 150).crop(top).getextrema()[0] < 100
    assert rendered(print_file(pages(A4), [STAMP], font_set()), 0, 150).crop(top).getextrema() == (255, 255)


def test_a_decrypted_copy_bears_no_qr_of_an_original():
    assert zxingcpp.read_barcodes(rendered(print_file(pages(A4), [MARK], font_set()), 0, 150)) == []


def test_commands_in_the_stamp_are_only_text():
    unit = '#panic("x") $x$ *粗* </svg>'
    stamp = CopyStamp(1, 1, unit, "江府办〔2008〕44号", AT, "x")
    assert unit.replace(" ", "") in page_text(print_file(pages(A4), [stamp], font_set()), 0).replace(" ", "")


def test_what_cannot_be_printed_is_refused_by_name():
    def code(stamp: CopyStamp | CopyMark, *sizes: tuple[float, float]) -> str:
        with pytest.raises(GongwenError) as caught:
            print_file(pages(*(sizes or (A4,))), [stamp], font_set())
        return caught.value.code

    assert code(STAMP, (1300.0, 297.0)) == "bad_page"
    assert code(MARK, (210.0, 5.0)) == "bad_page"
    assert code(CopyMark("局", "号", AT.replace(tzinfo=None))) == "naive_time"
    assert code(CopyMark("局😀", "号", AT.astimezone(UTC))) == "missing_glyph"
    assert code(CopyStamp(1, 1, "局", "号", AT, "字" * 250)) == "qr_too_long"
    with pytest.raises(GongwenError, match="no copy"):
        print_file(pages(A4), [], font_set())
    with pytest.raises(OfdError) as caught:
        print_file(b"%PDF-1.7 nothing", [STAMP], font_set())
    assert caught.value.code == "pdf_invalid"


def test_copies_follow_each_other_and_share_what_the_pages_hold():
    others = [replace(STAMP, number=number, qr=f"{STAMP.qr}{number}") for number in range(1, 11)]
    ten = print_file(pages(A4, A4), others, font_set())
    one = print_file(pages(A4, A4), others[:1], font_set())
    found = [zxingcpp.read_barcodes(rendered(ten, page, 150))[0].text for page in range(20)]
    assert found == [stamp.qr for stamp in others for _ in range(2)]
    assert "第10份" in page_text(ten, 19).replace(" ", "")
    with pikepdf.open(io.BytesIO(ten)) as pdf:
        rules = {page.obj.Contents[1].objgen for page in pdf.pages}
        fonts = {
            font.objgen for page in pdf.pages for font in page.resources.XObject.YichuanMark.Resources.Font.values()
        }
    assert len(rules) == 2
    assert len(fonts) == 1
    assert len(ten) < 5 * len(one)


def test_the_words_stay_left_or_right_of_the_symbol_and_on_the_page():
    long = replace(STAMP, unit="江门市" + "非常" * 40 + "办公室")
    pdf = print_file(pages(A4, A4), [long], font_set())
    for page, dark in ((0, (28, 34)), (1, (158, 164))):
        image = rendered(pdf, page, 100)
        foot = image.crop((0, round(250 / 25.4 * 100), image.width, image.height))
        left, _, right, _ = foot.point(lambda value: 255 * (value < 128)).getbbox()
        assert left / 100 * 25.4 >= 27
        assert right / 100 * 25.4 <= 183
        (code,) = zxingcpp.read_barcodes(image.resize((image.width * 2, image.height * 2)))
        assert dark[0] <= code.position.top_left.x / 200 * 25.4 <= dark[1]
        assert page_text(pdf, page).replace("\n", "").replace("\r", "").count("非常") == 40


def test_the_same_stamp_makes_the_same_file():
    assert print_file(pages(A4), [STAMP], font_set()) == print_file(pages(A4), [STAMP], font_set())


def test_a_time_of_a_named_zone_with_microseconds_is_shown_in_that_zone():
    at = datetime(2008, 5, 26, 1, 41, 7, 123456, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    stamp = CopyStamp(1, 1, "市环保局", "江府办〔2008〕44号", at, "x")
    text = page_text(print_file(pages(A4), [stamp], font_set()), 0)
    assert "2008-05-2609:41" in text.replace(" ", "")
