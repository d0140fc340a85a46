"""Images of every kind: what drawers can read stays as it is, the rest is turned into what they can."""

import io
import struct

import pytest
from PIL import Image, ImageChops, ImageDraw

from support.ofd import colour_at, media, notes_of, ofd, svg_of
from yichuan.lib.ofd.package import OfdError
from yichuan.lib.ofd.scene.jbig2 import MAGIC
from yichuan.lib.ofd.scene.pictures import read_picture

WIDTH, HEIGHT = 64, 40


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def sheet() -> Image.Image:
    """A bitmap with a black box in its left upper quarter."""
    image = Image.new("1", (WIDTH, HEIGHT), 255)
    ImageDraw.Draw(image).rectangle((0, 0, WIDTH // 2 - 1, HEIGHT // 2 - 1), fill=0)
    return image


def segment(number: int, kind: int, body: bytes, page: int = 1) -> tuple[bytes, bytes]:
    return struct.pack(">LBBBL", number, kind, 0, page, len(body)), body


def segments(height: int = HEIGHT) -> list[tuple[bytes, bytes]]:
    """JBIG2 segments of `sheet`: page information, a generic region coded as fax (MMR), end of page, end of file."""
    # TIFF's bits are 0 for black, those of JBIG2 are 1.
    fax = saved(ImageChops.invert(sheet()), "TIFF", compression="group4")
    with Image.open(io.BytesIO(fax)) as tiff:
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    page = struct.pack(">LLLLBH", WIDTH, height, 0, 0, 0, 0x8000 | HEIGHT if height != HEIGHT else 0)
    region = struct.pack(">LLLLBB", WIDTH, HEIGHT, 0, 0, 0, 1) + fax[offset : offset + length]
    stripe = [segment(2, 50, struct.pack(">L", HEIGHT - 1))] if height != HEIGHT else []
    return [segment(0, 48, page), segment(1, 38, region), *stripe, segment(3, 49, b""), segment(4, 51, b"", 0)]


def jbig2(*, sequential: bool = True, height: int = HEIGHT) -> bytes:
    parts = segments(height)
    head = MAGIC + bytes([1 if sequential else 0]) + struct.pack(">L", 1)
    if sequential:
        return head + b"".join(head + body for head, body in parts)
    return head + b"".join(head for head, _ in parts) + b"".join(body for _, body in parts)


def page_with(data: bytes, attributes: str = "", **more: bytes) -> bytes:
    """A page with one image of 64 by 40 mm at 10, 10 mm."""
    image = f"<ofd:ImageObject ID='9' Boundary='10 10 64 40' CTM='64 0 0 40 0 0' ResourceID='4' {attributes}/>"
    files = {"Doc_0/Res/a.jb2": data} | {f"Doc_0/Res/{name}": each for name, each in more.items()}
    return ofd(image, resources=media(m4="a.jb2", m5="mask"), entries=files)


@pytest.mark.parametrize("data", [jbig2(), jbig2(sequential=False), jbig2(height=0xFFFFFFFF)])
def test_a_jbig2_image_is_kept_as_a_pdf_wants_it(data: bytes) -> None:
    picture = read_picture(data)
    assert (picture.kind, picture.width, picture.height) == ("jbig2", WIDTH, HEIGHT)
    kept = segments()[:-2] if data != jbig2(height=0xFFFFFFFF) else segments(0xFFFFFFFF)[:-2]
    assert picture.data == b"".join(head + body for head, body in kept)


@pytest.mark.parametrize("data", [jbig2(), jbig2(sequential=False)])
def test_a_jbig2_image_is_shown(data: bytes) -> None:
    svg = svg_of(page_with(data))
    assert max(colour_at(svg, 20, 20)) < 10
    assert colour_at(svg, 60, 20) == (255, 255, 255)
    assert colour_at(svg, 20, 45) == (255, 255, 255)


@pytest.mark.parametrize("cut", [9, 14, 30, 60, -20])
def test_a_torn_jbig2_image_is_named(cut: int) -> None:
    with pytest.raises(OfdError) as caught:
        read_picture(jbig2()[:cut])
    assert caught.value.code == "image_unsupported"


def test_a_jbig2_image_of_no_sense_leaves_a_note_instead_of_a_picture() -> None:
    svg, codes = notes_of(page_with(jbig2(height=5)))
    assert svg
    head, page = segment(0, 48, struct.pack(">LLLLBH", 0, 0, 0, 0, 0, 0))
    svg, codes = notes_of(page_with(MAGIC + b"\x01\0\0\0\x01" + head + page))
    assert "image_unsupported" in codes
    assert "stroke-dasharray" in svg


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PCX", "PPM", "JPEG2000", "WEBP"])
def test_kinds_that_browsers_or_pdf_do_not_read_become_png(kind: str) -> None:
    picture = read_picture(saved(Image.new("RGB", (8, 6), "#ff0000"), kind))
    assert (picture.kind, picture.width, picture.height) == ("png", 8, 6)
    with Image.open(io.BytesIO(picture.data)) as image:
        red, green, blue = image.convert("RGB").getpixel((3, 3))
    assert red > 250
    assert max(green, blue) < 5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_kinds_that_both_read_keep_their_bytes(kind: str) -> None:
    data = saved(Image.new("RGB", (8, 6), "#ff0000"), kind)
    picture = read_picture(data)
    assert (picture.kind, picture.data) == (kind.lower(), data)


@pytest.mark.parametrize("turned", [False, True])
def test_a_cmyk_jpeg_shows_paper_where_most_of_it_is(turned: bool) -> None:
    # A red dot on paper; under the same mark some makers count ink and some the paper left.
    image = Image.new("CMYK", (40, 40), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((12, 12, 28, 28), fill=(0, 255, 255, 0))
    stored = Image.eval(image, lambda value: 255 - value) if turned else image
    picture = read_picture(saved(stored, "JPEG", quality=95))
    assert picture.kind == "png"
    with Image.open(io.BytesIO(picture.data)) as shown:
        paper, dot = shown.getpixel((2, 2)), shown.getpixel((20, 20))
    assert min(paper) > 245
    assert dot[0] > 245
    assert max(dot[1:]) < 10


def test_the_dark_of_a_mask_hides() -> None:
    red = saved(Image.new("RGB", (8, 5), "#ff0000"), "PNG")
    svg = svg_of(page_with(red, "ImageMask='5'", mask=saved(sheet().convert("L"), "PNG")))
    assert colour_at(svg, 20, 20) == (255, 255, 255)
    assert colour_at(svg, 60, 40) == (255, 0, 0)


def test_an_image_of_too_many_pixels_is_named() -> None:
    page = struct.pack(">LLLLBH", 20_000, 20_000, 0, 0, 0, 0)
    head, body = segment(0, 48, page)
    with pytest.raises(OfdError) as caught:
        read_picture(MAGIC + b"\x01\0\0\0\x01" + head + body)
    assert caught.value.code == "image_too_large"


def test_a_photograph_is_placed_as_stored_whatever_its_camera_says() -> None:
    tag = Image.Exif()
    tag[0x112] = 6
    data = saved(Image.new("RGB", (8, 6), "#ff0000"), "JPEG", exif=tag, dpi=(300, 300))
    picture = read_picture(data)
    with Image.open(io.BytesIO(picture.data)) as image:
        assert 0x112 not in image.getexif()
        assert image.info["dpi"] == (300, 300)
        assert image.size == (8, 6)
    tag[0x112] = 1
    upright = saved(Image.new("RGB", (8, 6), "#ff0000"), "JPEG", exif=tag)
    assert read_picture(upright).data == upright
