"""Pictures in a text, and notes below tables."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from PIL import Image, ImageOps

from support.gongwen import document, font_set, line_with, paragraph, printed_lines, set_document
from support.sheets import painted
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.grid import LEFT_MM, MM, PITCH, SIZE_3, TOP_MM
from yichuan.lib.gongwen.model import Gongwen
from yichuan.lib.gongwen.typeset import typeset


def file(width: int = 80, height: int = 50, kind: str = "PNG", mode: str = "RGB") -> str:
    data = BytesIO()
    Image.new(mode, (width, height), "steelblue" if mode == "RGB" else None).save(data, kind)
    return base64.b64encode(data.getvalue()).decode("ascii")


def picture(**changes: Any) -> dict[str, Any]:
    return {"type": "picture", "data": file()} | changes


def places(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Page, left, top, width and height of each picture, mm."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(document):
        for thing in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
            left, bottom, right, top = (edge / MM for edge in thing.get_bounds())
            found.append((number, left, page.get_height() / MM - top, right - left, top - bottom))
    document.close()
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_stands_in_the_middle_as_wide_as_wanted_and_the_text_goes_on_on_the_grid(kind: str):
    body = [paragraph(), picture(data=file(kind=kind), width_mm=60), paragraph("图后的文字。")]
    pdf = set_document(body=[*body, paragraph()]).pdf
    ((_, left, top, width, height),) = places(pdf)
    assert (width, height) == pytest.approx((60, 37.5), abs=0.1)
    assert left + width / 2 == pytest.approx(LEFT_MM + 78, abs=0.1)
    after = line_with(pdf, "图后的文字")
    before = [line for line in printed_lines(pdf) if line.page == after.page and line.row < after.row][-1]
    assert after.row % 1 == 0
    assert TOP_MM + (before.row * PITCH + SIZE_3) / MM < top
    assert top + height < TOP_MM + after.row * PITCH / MM


def test_a_picture_larger_than_the_page_is_made_smaller():
    annexes = [
        {"title": "图", "body": [picture(data=file(50, 400))]},
        {"title": "图", "landscape": True, "body": [picture(data=file(400, 100), width_mm=225)]},
    ]
    pdf = set_document(annexes=annexes).pdf
    tall, wide = places(pdf)
    assert tall[4] < 225 and tall[4] == pytest.approx(8 * tall[3], rel=0.01)
    assert wide[4] == pytest.approx(225, abs=0.2)  # on its side


def test_the_same_pictures_give_the_same_bytes_and_read_back_equal():
    doc = Gongwen.from_json(document(body=[paragraph(), picture(width_mm=80)]))
    assert typeset(doc, font_set()).pdf == typeset(doc, font_set()).pdf
    assert Gongwen.from_json(doc.to_json()) == doc


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_shown_upright_however_it_lies_in_its_file(orientation: int):
    image = Image.new("RGB", (400, 200), "white")
    image.paste("navy", (0, 0, 100, 50))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = BytesIO()
    image.save(data, "JPEG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(data))
    pdf = set_document(body=[paragraph(), picture(data=base64.b64encode(data.getvalue()).decode(), width_mm=30)]).pdf
    ((page, left, top, width, height),) = places(pdf)
    assert (width, height) == pytest.approx((30, 30 * upright.height / upright.width), abs=0.1)
    dark = upright.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    scale = 30 / upright.width
    wanted = [edge * scale + start for edge, start in zip(dark, (left, top, left, top), strict=True)]
    assert painted(pdf, page, left - 1, top - 1, left + width + 1, top + height + 1) == pytest.approx(wanted, abs=0.4)


@pytest.mark.parametrize(
    "data",
    [
        "字",
        "AAAA",
        file(kind="JPEG", mode="CMYK"),
        file(kind="GIF"),
        file()[:60] + "====",
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(50)).decode(),
    ],
)
def test_what_is_no_png_or_jpeg_is_refused(data: str):
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(document(body=[picture(data=data)]))
    assert (caught.value.code, caught.value.path) == ("picture", "$.body[0].data")


def test_a_jpeg_coded_in_a_rare_way_is_refused():
    data = base64.b64decode(file(kind="JPEG"))
    arithmetic = data.replace(b"\xff\xc0\x00", b"\xff\xc9\x00", 1)
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(document(body=[picture(data=base64.b64encode(arithmetic).decode())]))
    assert "rare kind" in str(caught.value)


def test_too_many_pixels_or_pictures_are_refused():
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(document(body=[picture(data=file(5001, 4000, mode="1"))]))
    assert caught.value.code == "picture"
    with pytest.raises(GongwenError) as caught:
        Gongwen.from_json(document(body=[picture()] * 31))
    assert caught.value.code == "too_many"


def test_a_note_stands_below_its_table_and_the_text_after_it_is_back_on_the_grid():
    table = {"type": "table", "columns": [1], "rows": [["表末"]], "note": "注：本表由各单位填报。"}
    pdf = set_document(body=[paragraph(), table, paragraph("表后的文字。"), paragraph()]).pdf
    last, note, after = (line_with(pdf, words) for words in ("表末", "注：本表", "表后的文字"))
    assert last.row < note.row < after.row
    assert after.row % 1 == 0
