"""PDF to OFD: images of every filter, colour space and mask look as they did."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

from support.ofd import content
from support.pdfs import assert_same_look, converted, page_of, page_with, refused, spoken
from yichuan.lib.ofd.convert import Bounds
from yichuan.lib.ofd.package import Package

PLACED = b"0 .8 0 rg 0 0 100 100 re f q 120 20 -10 70 40 10 cm /I Do Q"
WIDE, HIGH = 24, 16


def samples(components: int) -> bytes:
    """A picture that differs in every pixel and every component."""
    return bytes(
        (x * 10 * (part + 1) + y * 15) % 256 for y in range(HIGH) for x in range(WIDE) for part in range(components)
    )


def bits() -> bytes:
    return bytes((0b11001100, 0b10101111, 0b00001111)[(x + y // 2) % 3] for y in range(HIGH) for x in range(WIDE // 8))


def image(pdf: pikepdf.Pdf, data: bytes, settings: str, **more: object) -> pikepdf.Stream:
    head = spoken(f"<</Type/XObject/Subtype/Image{settings}>>")
    for key, value in {"/Width": WIDE, "/Height": HIGH, "/BitsPerComponent": 8}.items():
        head[key] = head.get(key, value)
    return pdf.make_stream(data, head, **more)


def page_of_image(data: bytes, settings: str, stream: bytes = PLACED, **more: object) -> bytes:
    return page_of(stream, lambda pdf: {"XObject": Dictionary(I=image(pdf, data, settings, **more))})


def stored(ofd: bytes) -> list[tuple[str, bytes]]:
    package = Package.open(ofd)
    return [(name, package.read(name)) for name in package.names() if "image_" in name]


def encoded(mode: str, kind: str, data: bytes) -> bytes:
    out = io.BytesIO()
    Image.frombytes(mode, (WIDE, HIGH), data).save(out, kind)
    return out.getvalue()


SPACES = {
    "grey": (samples(1), "/ColorSpace/DeviceGray"),
    "RGB": (samples(3), "/ColorSpace/DeviceRGB"),
    "CMYK": (samples(4), "/ColorSpace/DeviceCMYK"),
    "Lab": (samples(3), "/ColorSpace[/Lab<</WhitePoint[.9505 1 1.089]/Range[-128 127 -128 127]>>]"),
    "palette": (bytes(v % 3 for v in samples(1)), "/ColorSpace[/Indexed/DeviceRGB 2<ff000000ff000000ff>]"),
    "palette of two": (bits(), "/BitsPerComponent 1/ColorSpace[/Indexed/DeviceRGB 1<ff8000004080>]"),
    "ink": (
        samples(1),
        "/ColorSpace[/Separation/Spot/DeviceRGB<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[1 .2 0]/N 1>>]",
    ),
    "bits": (bits(), "/BitsPerComponent 1/ColorSpace/DeviceGray"),
    "four bits": (samples(1)[: WIDE // 2 * HIGH], "/BitsPerComponent 4/ColorSpace/DeviceGray"),
    "sixteen bits": (samples(2), "/BitsPerComponent 16/ColorSpace/DeviceGray"),
    "negative": (samples(3), "/ColorSpace/DeviceRGB/Decode[1 0 1 0 1 0]"),
    "stencil": (bits(), "/BitsPerComponent 1/ImageMask true"),
    "negative stencil": (bits(), "/BitsPerComponent 1/ImageMask true/Decode[1 0]"),
}
KEYED = {
    "coloured key": (samples(3), "/ColorSpace/DeviceRGB/Mask[0 120 0 255 0 255]"),
    "key of a palette": (
        bytes(v % 3 for v in samples(1)),
        "/ColorSpace[/Indexed/DeviceRGB 2<ff000000ff000000ff>]/Mask[1 1]",
    ),
}


@pytest.mark.parametrize(("data", "settings"), SPACES.values(), ids=SPACES)
def test_samples_of_any_space_look_the_same(data: bytes, settings: str) -> None:
    assert_same_look(page_of_image(data, settings))


@pytest.mark.parametrize(("data", "settings"), KEYED.values(), ids=KEYED)
def test_pixels_of_some_colours_are_left_out(data: bytes, settings: str) -> None:
    # Between a pixel that shows and one that does not, PDFium smooths a mask by colour otherwise than one by alpha.
    assert_same_look(page_of_image(data, settings), most=0.003)


def test_samples_before_a_predictor_look_the_same() -> None:
    rows = [samples(3)[row * WIDE * 3 : (row + 1) * WIDE * 3] for row in range(HIGH)]
    packed = zlib.compress(b"".join(b"\x00" + row for row in rows))
    settings = f"/ColorSpace/DeviceRGB/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3/Columns {WIDE}>>"
    assert_same_look(page_of_image(packed, settings))


def test_a_fax_page_looks_the_same() -> None:
    out = io.BytesIO()
    picture = Image.frombytes("1", (WIDE, HIGH), bits())
    picture.save(out, "TIFF", compression="group4", strip_size=1 << 20)
    tags = Image.open(io.BytesIO(out.getvalue())).tag_v2
    data = out.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]]
    black = "true" if tags[262] == 1 else "false"
    settings = (
        "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"
        f"/DecodeParms<</K -1/Columns {WIDE}/Rows {HIGH}/BlackIs1 {black}>>"
    )
    assert_same_look(page_of_image(data, settings))


def test_a_jbig2_page_is_unpacked() -> None:
    # One immediate generic region in MMR coding is the shortest JBIG2 page that can be written by hand.
    out = io.BytesIO()
    Image.frombytes("1", (WIDE, HIGH), bits()).save(out, "TIFF", compression="group4", strip_size=1 << 20)
    tags = Image.open(io.BytesIO(out.getvalue())).tag_v2
    coded = out.getvalue()[tags[273][0] : tags[273][0] + tags[279][0]]
    size = WIDE.to_bytes(4, "big") + HIGH.to_bytes(4, "big")
    page = bytes(4) + b"\x30\x00\x01" + (19).to_bytes(4, "big") + size + bytes(8) + b"\x00\x00\x00"
    region = size + bytes(8) + b"\x00\x01" + coded
    segment = (1).to_bytes(4, "big") + b"\x26\x00\x01" + len(region).to_bytes(4, "big") + region
    settings = "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode"
    (name, data) = stored(assert_same_look(page_of_image(page + segment, settings)))[0]
    assert name.endswith(".png")
    assert len(set(Image.open(io.BytesIO(data)).convert("L").get_flattened_data())) == 2


def test_a_jpeg_in_grey_or_rgb_is_carried_byte_for_byte() -> None:
    for mode, space in (("L", "DeviceGray"), ("RGB", "DeviceRGB")):
        data = encoded(mode, "JPEG", samples(len(mode)))
        ofd = assert_same_look(page_of_image(data, f"/ColorSpace/{space}/Filter/DCTDecode"))
        assert [(name[-4:], kept) for name, kept in stored(ofd)] == [(".jpg", data)]


def test_a_jpeg_in_another_rgb_is_turned_into_that_of_screens() -> None:
    data = encoded("RGB", "JPEG", samples(3))
    space = "[/CalRGB<</WhitePoint[.9505 1 1.089]/Gamma[1 1 1]>>]"
    ofd = converted(page_of_image(data, f"/ColorSpace{space}/Filter/DCTDecode"))
    assert [name[-4:] for name, _ in stored(ofd)] == [".png"]


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_packed_pictures_look_the_same(kind: str) -> None:
    filters = {"JPEG": "DCTDecode", "JPEG2000": "JPXDecode"}
    data = encoded("RGB", kind, samples(3))
    assert_same_look(page_of_image(data, f"/ColorSpace/DeviceRGB/Filter/{filters[kind]}/Decode[1 0 1 0 1 0]"))


def test_a_jpeg_in_cmyk_is_carried_in_rgb_and_said_so() -> None:
    notes = []
    data = encoded("CMYK", "JPEG", samples(4))
    assert_same_look(page_of_image(data, "/ColorSpace/DeviceCMYK/Filter/DCTDecode"), notes=notes)
    assert [note.code for note in notes] == ["colour_converted"]


@pytest.mark.parametrize(
    ("kind", "settings", "mask"),
    [
        ("SMask", "/ColorSpace/DeviceGray", samples(1)),
        ("SMask", "/ColorSpace/DeviceGray/Decode[1 0]", samples(1)),
        ("Mask", "/BitsPerComponent 1/ImageMask true", bits()),
        ("Mask", "/BitsPerComponent 1/ImageMask true/Decode[1 0]", bits()),
    ],
    ids=["soft", "negative soft", "stencil", "negative stencil"],
)
@pytest.mark.parametrize("components", [1, 3])
def test_a_masked_picture_lets_its_ground_through(kind: str, settings: str, mask: bytes, components: int) -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        space = "/ColorSpace/DeviceRGB" if components == 3 else "/ColorSpace/DeviceGray"
        picture = image(pdf, samples(components), space)
        picture[f"/{kind}"] = image(pdf, mask, settings)
        return {"XObject": Dictionary(I=picture)}

    assert_same_look(page_of(PLACED, resources))


def test_a_picture_may_be_half_transparent_and_clipped() -> None:
    stream = b"0 .8 0 rg 0 0 100 100 re f q 60 10 m 150 30 l 90 90 l h W n /G gs 120 0 0 70 40 10 cm /I Do Q"

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        picture = image(pdf, samples(3), "/ColorSpace/DeviceRGB")
        return {"XObject": Dictionary(I=picture), "ExtGState": spoken("<</G<</ca .4>>>>")}

    assert_same_look(page_of(stream, resources))


@pytest.mark.parametrize(
    "inline",
    [
        b"/W 4 /H 2 /CS /RGB /BPC 8 /F /AHx ID ff0000 00ff00 0000ff ffffff 000000 888888 ff00ff ffff00>",
        b"/W 8 /H 2 /IM true /F /AHx ID a5 5a>",
        b"/W 8 /H 2 /BPC 1 /CS [/I /RGB 1 <ff000000ff00>] /F /AHx ID a5 5a>",
        b"/W 2 /H 1 /BPC 8 /CS /Own /F /AHx ID 00ff>",
    ],
    ids=["RGB", "stencil", "palette", "named space"],
)
def test_inline_images_look_the_same(inline: bytes) -> None:
    stream = b"q 1 0 0 rg 100 10 -20 60 50 20 cm BI " + inline + b" EI Q"
    assert_same_look(page_with(stream, "/ColorSpace<</Own[/Indexed/DeviceRGB 255<" + "80ff00" * 256 + ">]>>"))


def test_every_inline_image_is_its_own() -> None:
    stream = b"".join(
        b"q 40 0 0 40 %d %d cm BI /W 2 /H 1 /BPC 8 /CS /%s /F /AHx ID %s> EI Q " % (x, y, space, data)
        for x, y, space, data in (
            (5, 5, b"G", b"0080"),
            (50, 5, b"G", b"80ff"),
            (100, 5, b"One", b"0001"),
            (150, 5, b"Two", b"0001"),
            (5, 50, b"One", b"0100"),
            (50, 50, b"G", b"0080"),
        )
    )

    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        tables = [pdf.make_stream(bytes(table)) for table in ([255, 0, 0, 0, 255, 0], [0, 0, 255, 255, 0, 255])]
        one, two = (Array([Name.Indexed, Name.DeviceRGB, 1, table]) for table in tables)
        return {"ColorSpace": Dictionary(One=one, Two=two)}

    assert len(stored(assert_same_look(page_of(stream, resources)))) == 5


def test_a_stencil_is_stored_once_for_each_colour() -> None:
    stream = b"1 0 0 rg q 30 0 0 30 0 0 cm /I Do Q q 30 0 0 30 40 0 cm /I Do Q 0 0 1 rg q 30 0 0 30 80 0 cm /I Do Q"
    ofd = assert_same_look(page_of_image(bits(), "/BitsPerComponent 1/ImageMask true", stream))
    assert len(list(content(ofd).iter("{*}ImageObject"))) == 3
    assert len(stored(ofd)) == 2


def test_an_icc_profile_leads_to_the_colours_of_screens() -> None:
    def resources(pdf: pikepdf.Pdf) -> dict[str, object]:
        profile = pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
        picture = image(pdf, encoded("RGB", "JPEG", samples(3)), "/Filter/DCTDecode")
        picture.ColorSpace = Array([Name.ICCBased, profile])
        return {"XObject": Dictionary(I=picture)}

    assert [name[-4:] for name, _ in stored(assert_same_look(page_of(PLACED, resources)))] == [".jpg"]


@pytest.mark.parametrize(
    ("data", "settings", "named"),
    [
        (samples(3)[:500], "/ColorSpace/DeviceRGB", "fewer pixels"),
        (b"no jpeg", "/ColorSpace/DeviceRGB/Filter/DCTDecode", "damaged"),
        (encoded("RGB", "JPEG", samples(3))[:300], "/ColorSpace/DeviceCMYK/Filter/DCTDecode", "damaged"),
        (b"no jpeg 2000", "/Filter/JPXDecode", "damaged"),
        (samples(3), "/ColorSpace/DeviceRGB/Filter/Frob", "unpacked"),
        (b"\x00" * 64, "/ColorSpace/DeviceGray/Width 0", "empty"),
    ],
    ids=["short", "no JPEG", "half a JPEG", "no JPEG 2000", "unknown filter", "empty"],
)
def test_a_damaged_image_is_refused(data: bytes, settings: str, named: str) -> None:
    error = refused(page_of_image(data, settings))
    assert (error.code, named in error.message) == ("unsupported_image", True), error


def test_an_image_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    pdf = page_of_image(samples(1), "/ColorSpace/DeviceGray")
    assert "coarser" in refused(pdf, bounds=Bounds(image_pixels=100)).message
    assert refused(pdf, bounds=Bounds(document_pixels=100)).code == "unsupported_image"
