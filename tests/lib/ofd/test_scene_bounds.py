"""Pages made to exhaust their reader end by name, soon and in little memory."""

import io

import pytest
from PIL import Image

from support.ofd import composite, media, notes_of, ofd, square, svg_of
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import OfdError, Package
from yichuan.lib.ofd.scene import SceneReader

MESH = "".join(f"<ofd:Point X='{i % 9}' Y='{i % 7}'/>" for i in range(9_000))


def fill(paint: str) -> str:
    return square(0, 0, f"<ofd:FillColor>{paint}</ofd:FillColor>")


def refused(data: bytes) -> str:
    """The code with which drawing a page ends."""
    with pytest.raises(OfdError) as caught:
        svg_of(data)
    return caught.value.code


def test_patterns_within_patterns_end() -> None:
    inner = square(0, 0)
    for _ in range(6):
        cell = f"<ofd:CellContent>{inner}</ofd:CellContent>"
        inner = fill(f"<ofd:Pattern Width='9' Height='9' ReflectMethod='RowAndColumn'>{cell}</ofd:Pattern>")
    assert refused(ofd(inner)) == "page_too_complex"


def test_a_mirrored_cell_is_written_once() -> None:
    cell = f"<ofd:CellContent>{square(0, 0) * 50}</ofd:CellContent>"
    data = ofd(fill(f"<ofd:Pattern Width='9' Height='9' ReflectMethod='RowAndColumn'>{cell}</ofd:Pattern>"))
    assert svg_of(data).count("<path") == 51


@pytest.mark.parametrize(
    "shading",
    [
        f"<ofd:GouraudShd>{MESH}</ofd:GouraudShd>",
        f"<ofd:LaGouraudShd VerticesPerRow='90'>{MESH}</ofd:LaGouraudShd>",
        "<ofd:AxialShd StartPoint='0 0' EndPoint='9 0'>"
        + "<ofd:Segment><ofd:Color Value='1 2 3'/></ofd:Segment>" * 1000
        + "</ofd:AxialShd>",
    ],
)
def test_a_shading_shown_often_is_paid_for_each_time(shading: str) -> None:
    placed = "<ofd:CompositeObject ID='9' Boundary='10 10 20 20' ResourceID='4'/>"
    assert refused(ofd(placed * 400, resources=composite(fill(shading)))) == "page_too_complex"


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_an_image_that_would_be_unpacked_is_bounded_by_its_bands(kind: str) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (60, 60)).save(out, kind)
    image = "<ofd:ImageObject ID='9' Boundary='10 10 40 40' CTM='40 0 0 40 0 0' ResourceID='4'/>"
    data = ofd(image, resources=media(m4="a"), entries={"Doc_0/Res/a": out.getvalue()})
    package = Package.open(data, Limits(image_pixels=60 * 60 * 4 - 1))
    SceneReader(package).scene(0)
    assert "image_too_large" in [note.code for note in package.notes]
    assert "image_too_large" not in notes_of(data)[1]
