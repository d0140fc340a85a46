"""Images in a PDF: their data as they are where a PDF can hold it, their transparency and masks."""

import io
import struct
import zlib

import pytest
from PIL import Image

from support.paper import (
    BLUE,
    BLUE_RGB,
    GREEN_RGB,
    POINT,
    RED_RGB,
    SIDE,
    WHITE_RGB,
    colours,
    filled,
    near,
    opened,
    paper,
    papers,
    scene,
)
from yichuan.lib.ofd.scene.model import Group, Picture, Scene

QUARTERS = ((RED_RGB, (0, 0)), (GREEN_RGB, (8, 0)), (BLUE_RGB, (0, 8)), ((0, 0, 0), (8, 8)))
PLACES = ((25, 25), (75, 25), (25, 75), (75, 75))


def _quarters(mode: str = "RGB") -> Image.Image:
    """16 by 16 pixels: red and green over blue and black."""
    image = Image.new("RGB", (16, 16))
    for colour, corner in QUARTERS:
        image.paste(colour, (*corner, corner[0] + 8, corner[1] + 8))
    return image.convert(mode, dither=Image.Dither.NONE)


def _saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _picture(kind: str, data: bytes, mask: Picture | None = None) -> Picture:
    size = (1, 1) if kind == "svg" else Image.open(io.BytesIO(data)).size
    return Picture(kind, data, *size, mask)  # type: ignore[arg-type]


def _shown(picture: Picture, *under: object, notes: list[str] | None = None) -> bytes:
    return paper(*under, Group((picture,), (100.0, 0.0, 0.0, 100.0, 0.0, 0.0)), notes=notes)  # type: ignore[arg-type]


def test_the_first_row_is_on_top():
    pdf = _shown(_picture("png", _saved(_quarters())))
    assert colours(pdf, *PLACES) == [colour for colour, _ in QUARTERS]


def test_jpeg_data_is_kept_byte_for_byte():
    for image in (_quarters(), _quarters("L")):
        data = _saved(image, "JPEG", quality=95)
        pdf = _shown(_picture("jpeg", data))
        with opened(pdf) as found:
            (kept,) = found.pages[0].Resources.XObject.values()
            assert kept.read_raw_bytes() == data
            assert kept.ColorSpace == ("/DeviceRGB" if image.mode == "RGB" else "/DeviceGray")
        wanted = [image.convert("RGB").getpixel((x + 3, y + 3)) for _, (x, y) in QUARTERS]
        assert all(near(one, other, 12) for one, other in zip(colours(pdf, *PLACES), wanted, strict=True))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "I;16"])
def test_png_data_is_kept_in_every_kind_without_transparency(mode: str):
    image = _quarters("L").convert("I;16") if mode == "I;16" else _quarters(mode)
    data = _saved(image)
    pdf = _shown(_picture("png", data))
    with opened(pdf) as found:
        (kept,) = found.pages[0].Resources.XObject.values()
        assert kept.read_raw_bytes() in data
        assert "/SMask" not in kept
    if mode != "I;16":
        wanted = [image.convert("RGB").getpixel((x + 3, y + 3)) for _, (x, y) in QUARTERS]
        assert colours(pdf, *PLACES) == wanted


def _clear(mode: str) -> bytes:
    """The quarters with the green one clear, and the blue one half so where the mode allows."""
    if mode == "P":
        image = _quarters("P")
        return _saved(image, transparency=image.getpixel((12, 4)))
    if mode == "tRNS":
        return _saved(_quarters(), transparency=GREEN_RGB)
    image = _quarters("RGBA")
    image.paste((*GREEN_RGB, 0), (8, 0, 16, 8))
    image.paste((*BLUE_RGB, 128), (0, 8, 8, 16))
    return _saved(image)


@pytest.mark.parametrize("mode", ["RGBA", "P", "tRNS"])
def test_what_is_clear_in_a_png_shows_what_is_under_it(mode: str):
    pdf = _shown(_picture("png", _clear(mode)), filled(0, 0, 100, 100))
    first, clear, half, last = colours(pdf, *PLACES)
    assert (first, clear, last) == (RED_RGB, RED_RGB, (0, 0, 0))
    assert near(half, (127, 0, 128) if mode == "RGBA" else BLUE_RGB)


def test_a_clear_picture_is_taken_apart_once_for_all_files(monkeypatch: pytest.MonkeyPatch):
    """The picture of a seal, on every letter of its unit."""
    image = _quarters("RGBA")
    image.putpixel((0, 0), (1, 2, 3, 77))
    picture = _picture("png", _saved(image))
    first = _shown(picture)
    monkeypatch.setattr(Image.Image, "convert", None)
    assert _shown(picture) == first


def test_a_gif_and_its_clear_colour():
    image = _quarters("P")
    data = _saved(image, "GIF", transparency=image.getpixel((12, 4)))
    pdf = _shown(_picture("gif", data), filled(0, 0, 100, 100))
    assert colours(pdf, *PLACES) == [RED_RGB, RED_RGB, BLUE_RGB, (0, 0, 0)]


def test_an_interlaced_png_is_written_anew():
    first, second, third, fourth = (bytes((0, *colour)) for colour, _ in QUARTERS)
    passes = first + second + third + fourth[1:]  # Adam7 of 2 by 2: passes 1, 6 and 7, each row after a filter byte
    pdf = _shown(_picture("png", _png_file(2, passes, interlaced=True)))
    assert colours(pdf, *PLACES) == [colour for colour, _ in QUARTERS]


def _png_file(side: int, rows: bytes, *, interlaced: bool) -> bytes:
    """A PNG file of 8-bit RGB by hand."""
    head = struct.pack(">LLBBBBB", side, side, 8, 2, 0, 0, interlaced)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + tag + data + struct.pack(">L", zlib.crc32(tag + data)) for tag, data in chunks
    )


def test_the_dark_of_a_mask_hides():
    mask = Image.new("L", (2, 2), 255)
    mask.putpixel((1, 0), 0)
    for form, kind in (("PNG", "png"), ("JPEG", "jpeg")):
        data = _saved(mask.resize((16, 16), Image.Resampling.NEAREST), form)
        pdf = _shown(_picture("png", _saved(_quarters()), _picture(kind, data)), filled(0, 0, 100, 100, BLUE))
        found = colours(pdf, *PLACES)
        assert all(near(*pair, 8) for pair in zip(found, (RED_RGB, BLUE_RGB, BLUE_RGB, (0, 0, 0)), strict=True))


def test_a_mask_hides_more_of_an_image_that_is_clear_in_part():
    mask = Image.new("L", (16, 16), 255)
    mask.paste(0, (0, 0, 8, 8))
    pdf = _shown(_picture("png", _clear("RGBA"), _picture("png", _saved(mask))))
    hidden, clear, half, last = colours(pdf, *PLACES)
    assert (hidden, clear, last) == (WHITE_RGB, WHITE_RGB, (0, 0, 0))
    assert near(half, (127, 127, 255))


def _jbig2() -> bytes:
    """Segments of a page of 16 by 16, black in its upper left quarter: one region coded as fax."""
    image = Image.new("1", (16, 16), 0)
    image.paste(255, (0, 0, 8, 8))  # TIFF's white is JBIG2's black
    fax = _saved(image, "TIFF", compression="group4")
    with Image.open(io.BytesIO(fax)) as tiff:
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    size = struct.pack(">LL", 16, 16)
    region = size + struct.pack(">LLBB", 0, 0, 0, 1) + fax[offset : offset + length]
    bodies = ((48, size + struct.pack(">LLBH", 0, 0, 0, 0)), (38, region))
    return b"".join(
        struct.pack(">LBBBL", number, kind, 0, 1, len(body)) + body for number, (kind, body) in enumerate(bodies)
    )


def test_jbig2_segments_are_kept_and_drawn():
    pdf = _shown(Picture("jbig2", _jbig2(), 16, 16))
    assert colours(pdf, *PLACES) == [(0, 0, 0), WHITE_RGB, WHITE_RGB, WHITE_RGB]
    with opened(pdf) as found:
        (kept,) = found.pages[0].Resources.XObject.values()
        assert (kept.Filter, kept.read_raw_bytes()) == ("/JBIG2Decode", _jbig2())


def test_the_dark_of_a_jbig2_mask_hides():
    mask = Picture("jbig2", _jbig2(), 16, 16)
    pdf = _shown(_picture("png", _saved(_quarters()), mask), filled(0, 0, 100, 100, BLUE))
    assert colours(pdf, *PLACES) == [BLUE_RGB, GREEN_RGB, BLUE_RGB, (0, 0, 0)]


def test_vector_pictures_stay_vectors():
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="20" height="20" fill="#f00"/>'
        b'<circle cx="30" cy="10" r="10" fill="#00f"/></svg>'
    )
    pdf = papers(Scene((0, 0, SIDE, SIDE), (Group((_picture("svg", svg),), (100 * POINT, 0, 0, 50 * POINT, 0, 0)),)))
    assert colours(pdf, (10, 10), (75, 25), (52, 2), (75, 75)) == [RED_RGB, BLUE_RGB, WHITE_RGB, WHITE_RGB]
    with opened(pdf) as found:
        (form,) = found.pages[0].Resources.XObject.values()
        assert form.Subtype == "/Form"


def test_an_image_is_in_the_file_once():
    picture = _picture("png", _saved(_quarters()))
    again = Picture("png", bytes(bytearray(picture.data)), 16, 16)
    pdf = papers(scene(picture, again), scene(picture))
    with opened(pdf) as found:
        assert len({image.objgen for page in found.pages for image in page.Resources.XObject.values()}) == 1


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg", "svg"])
def test_what_is_no_image_is_a_box_and_noted(kind: str):
    notes: list[str] = []
    pdf = _shown(Picture(kind, b"<svg>" if kind == "svg" else b"nothing", 16, 16), notes=notes)  # type: ignore[arg-type]
    assert notes == ["image_unsupported"]
    assert near(colours(pdf, (0.5, 0.5))[0], (192, 0, 0), 120)


def test_an_image_of_too_many_pixels_is_not_opened():
    notes: list[str] = []
    _shown(Picture("png", _saved(_quarters()), 20_000, 20_000), notes=notes)
    assert notes == ["image_too_large"]


def test_a_picture_in_a_clear_group_is_clear():
    pdf = paper(Group((_picture("png", _saved(_quarters())),), (100.0, 0.0, 0.0, 100.0, 0.0, 0.0), alpha=0.5))
    assert near(colours(pdf, (25, 25))[0], (255, 127, 127))
