"""Print files and decrypted copies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from support.gongwen import font_set, page_text
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.print_stamp import CopyMark, CopyStamp, print_file

AT = datetime(2008, 5, 26, 9, 41, tzinfo=timezone(timedelta(hours=8)))
PAGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297">'
    '<rect width="210" height="297" fill="#fff"/><path d="M28 37H184V38H28Z"/></svg>'
)
LANDSCAPE = PAGE.replace('width="210mm" height="297mm" viewBox="0 0 210 297"', 'width="420mm" height="297mm"')
STAMP = CopyStamp(3, 5, "江门市环境保护局", "江府办〔2008〕44号", AT, "YC1|江府办〔2008〕44号|3/5|市环保局|" + "A" * 88)
MARK = CopyMark("江门市环境保护局", "江府办〔2008〕44号", AT)


def rendered(pdf: bytes, page: int, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_file([PAGE, PAGE, LANDSCAPE], STAMP, font_set())


def test_every_page_says_which_copy_it_is(printed: bytes):
    for number in range(3):
        text = page_text(printed, number).replace("\n", "")
        for words in (
            "江府办〔2008〕44号",
            "第3份，共5份",
            "江门市环境保护局",
            "2008-05-26 09:41",
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
    pdf = print_file([PAGE, PAGE], MARK, font_set())
    plain = print_file([PAGE], STAMP, font_set())
    for page in range(2):
        assert "脱密下载" in page_text(pdf, page)
        assert page_text(pdf, page).count("副") == 2
    middle = (400, 900, 850, 1300)
    shades = rendered(pdf, 1, 150).crop(middle).getextrema()
    assert rendered(plain, 0, 150).crop(middle).getextrema() == (255, 255)
    assert 200 < shades[0] < 250


def test_a_decrypted_copy_bears_no_qr_of_an_original():
    assert zxingcpp.read_barcodes(rendered(print_file([PAGE], MARK, font_set()), 0, 150)) == []


def test_commands_in_the_stamp_are_only_text():
    unit = '#panic("x") $x$ *粗* </svg>'
    stamp = CopyStamp(1, 1, unit, "江府办〔2008〕44号", AT, "x")
    assert unit.replace(" ", "") in page_text(print_file([PAGE], stamp, font_set()), 0).replace(" ", "")


def test_what_cannot_be_printed_is_refused_by_name():
    def code(pages: list[str], stamp: CopyStamp | CopyMark) -> str:
        with pytest.raises(GongwenError) as caught:
            print_file(pages, stamp, font_set())
        return caught.value.code

    assert code([], STAMP) == "no_pages"
    assert code(["<svg/>"], STAMP) == "bad_page"
    assert code([PAGE.replace("210mm", "9999mm")], STAMP) == "bad_page"
    assert code([PAGE.replace("</svg>", "<g>")], STAMP) == "unset"
    assert code([PAGE], CopyMark("局", "号", AT.replace(tzinfo=None))) == "naive_time"
    assert code([PAGE], CopyMark("局😀", "号", AT.astimezone(UTC))) == "missing_glyph"
    assert code([PAGE], CopyStamp(1, 1, "局", "号", AT, "字" * 200)) == "qr_too_long"


def test_a_time_of_a_named_zone_with_microseconds_is_shown_in_that_zone():
    at = datetime(2008, 5, 26, 1, 41, 7, 123456, tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    text = page_text(print_file([PAGE], CopyStamp(1, 1, "市环保局", "江府办〔2008〕44号", at, "x"), font_set()), 0)
    assert "2008-05-2609:41" in text.replace(" ", "")
