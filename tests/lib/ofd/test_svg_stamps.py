"""Seal stamps on drawn pages."""

import io

import pytest
from PIL import Image

from support.ofd import colour_at, converted, ink, notes_of, picture_of_svg, svg_of
from support.seals import changed, make_seal, pki, sealed_ofd
from yichuan.lib.ofd.drawing import PathShape, picture_ofd
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.scene import SceneReader
from yichuan.lib.ofd.scene.model import Group
from yichuan.lib.ofd.sealing import Stamp
from yichuan.lib.ofd.svg import page_to_svg
from yichuan.lib.ses.model import Picture

RED = (230, 0, 18)
DISC = "M40 20A20 20 0 1 1 0 20A20 20 0 1 1 40 20Z"
BAR = """#set page(width: 100mm, height: 100mm, margin: 0mm)
#place(dx: 30mm, dy: 50mm, rect(width: 20mm, height: 5mm, fill: black))"""
SIGNATURE = "Doc_0/Signs/Sign_0/Signature.xml"


def disc_ofd() -> bytes:
    return picture_ofd([PathShape(DISC, fill=RED)], 40, 40)


def disc_svg() -> bytes:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
    return f'{head}<path d="{DISC}" fill="#e60012"/></svg>'.encode()


def disc_raster(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), RED).save(out, kind.replace("jpg", "jpeg"))
    return out.getvalue()


def sealed(picture: Picture, stamps: list[Stamp] | None = None) -> bytes:
    """A page of 100 mm with a black bar at 30..50, 50..55 mm, sealed at its middle unless `stamps` says otherwise."""
    seal = make_seal(pki().maker, pki().unit, picture=picture)
    return sealed_ofd(converted(BAR), seal=seal, stamps=stamps or [Stamp(0, 50, 50)])


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("ofd", disc_ofd()),
        ("svg", disc_svg()),
        *((kind, disc_raster(kind)) for kind in ("png", "gif", "bmp", "jpg")),
    ],
)
def test_a_seal_s_picture_stands_at_its_place_in_its_size(kind: str, data: bytes) -> None:
    svg = svg_of(sealed(Picture(kind, data, 40, 40)))
    red, green, blue = colour_at(svg, 60, 60)
    assert abs(red - 230) < 4
    assert green < 4
    assert abs(blue - 18) < 6
    assert colour_at(svg, 50, 31) != (255, 255, 255)
    assert colour_at(svg, 50, 71) == (255, 255, 255)


def test_text_under_the_seal_stays_black() -> None:
    assert max(colour_at(svg_of(sealed(Picture("ofd", disc_ofd(), 40, 40))), 40, 52)) < 4
    assert max(colour_at(svg_of(sealed(Picture("png", disc_raster("png"), 40, 40)), text="paths"), 40, 52)) < 4


def test_stamps_are_left_out_when_not_asked_for() -> None:
    assert colour_at(svg_of(sealed(Picture("ofd", disc_ofd(), 40, 40)), stamps=False), 60, 60) == (255, 255, 255)


def test_a_seam_seal_shows_its_slice_only() -> None:
    data = sealed(Picture("ofd", disc_ofd(), 40, 40))
    xml = Package.open(data).read(SIGNATURE)
    sliced = changed(data, {SIGNATURE: xml.replace(b" Boundary=", b' Clip="0 0 20 40" Boundary=')})
    svg = svg_of(sliced)
    assert colour_at(svg, 40, 40)[0] > 200
    assert colour_at(svg, 60, 60) == (255, 255, 255)


def test_a_seal_that_cannot_be_read_leaves_a_box_and_a_note() -> None:
    data = sealed(Picture("ofd", disc_ofd(), 40, 40))
    broken = changed(data, {"Doc_0/Signs/Sign_0/SignedValue.dat": b"nothing", "Doc_0/Signs/Sign_0/Seal.esl": b"less"})
    svg, notes = notes_of(broken)
    assert "stroke-dasharray" in svg
    assert "seal_unreadable" in notes


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG not really",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://evil.example/x.png"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<html/>",
    ],
)
def test_a_picture_that_is_more_than_a_picture_is_not_shown(data: bytes) -> None:
    svg, notes = notes_of(sealed(Picture("svg", data, 40, 40)))
    assert "seal_picture_unreadable" in notes
    assert "data:image" not in svg


def test_a_seal_whose_picture_is_sealed_without_end_stops() -> None:
    data = sealed(Picture("ofd", disc_ofd(), 40, 40))
    for _ in range(4):
        data = sealed(Picture("ofd", data, 40, 40))
    assert page_to_svg(Package.open(data), 0)


def test_a_picture_is_drawn_as_it_was_composed() -> None:
    shapes = [
        PathShape("M0 0H40V40H0ZM10 10H30V30H10Z", fill=(0, 0, 255), even_odd=True),
        PathShape("M20 0L20 40", stroke=(255, 0, 0), stroke_mm=2),
    ]
    svg = svg_of(picture_ofd(shapes, 40, 40), text="paths")
    assert colour_at(svg, 5, 5) == (0, 0, 255)
    assert colour_at(svg, 15, 20) == (255, 255, 255)
    assert colour_at(svg, 20, 20) == (255, 0, 0)
    assert 0.6 < ink(picture_of_svg(svg)) < 0.9


def test_a_picture_shown_often_is_read_once_and_paid_for_each_time() -> None:
    shapes = [PathShape(DISC, fill=RED)] * 50
    data = sealed(Picture("ofd", picture_ofd(shapes, 40, 40), 40, 40), [Stamp(0, 50, 50)] * 4)
    reader = SceneReader(Package.open(data), most_objects=150)
    stamps = [item for item in SceneReader(Package.open(data)).scene(0).items if isinstance(item, Group)][-4:]
    assert len({id(stamp.items[0]) for stamp in stamps}) == 1
    with pytest.raises(OfdError) as caught:
        reader.scene(0)
    assert caught.value.code == "document_too_complex"


def test_a_stamp_is_mixed_with_what_is_under_it() -> None:
    scene = SceneReader(Package.open(sealed(Picture("png", disc_raster("png"), 40, 40)))).scene(0)
    (stamp,) = [item for item in scene.items if isinstance(item, Group) and item.blend == "multiply"]
    assert stamp.matrix == (40, 0, 0, 40, 30, 30)
