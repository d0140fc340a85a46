"""Help for tests of scenes: a page's marks in their places, and its picture in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from PIL import Image

from support.chromium import the_browser
from yichuan.lib.ofd.geometry import IDENTITY, Matrix, multiply
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.scene import SceneReader
from yichuan.lib.ofd.scene.model import Group, Item, Scene, Text

PIXELS_A_MM = 4


def scene_of(data: bytes, page: int = 0, **options: object) -> Scene:
    """One page as a scene."""
    return SceneReader(Package.open(data)).scene(page, **options)  # type: ignore[arg-type]


def noted(data: bytes) -> tuple[Scene, list[str]]:
    """The first page as a scene, and the codes of what was noted."""
    package = Package.open(data)
    return SceneReader(package).scene(0), [note.code for note in package.notes]


def marks(items: Iterable[Item], matrix: Matrix = IDENTITY) -> Iterator[tuple[Item, Matrix]]:
    """Everything drawn, with the matrix that takes it to the page."""
    for item in items:
        if isinstance(item, Group):
            yield from marks(item.items, multiply(item.matrix, matrix))
        else:
            yield item, matrix


def groups(items: Iterable[Item]) -> Iterator[Group]:
    """Every group, the outer before the inner."""
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from groups(item.items)


def only(data: bytes) -> Item:
    """The one mark of a page."""
    (found,) = marks(scene_of(data).items)
    return found[0]


def origins(data: bytes, **options: object) -> list[tuple[str, float, float]]:
    """Each glyph's text and its origin on the page, to a hundredth of a millimetre."""
    found = []
    for item, (a, b, c, d, e, f) in marks(scene_of(data, **options).items):
        assert isinstance(item, Text)
        found += [
            (cell.text, round(a * cell.x + c * cell.y + e, 2), round(b * cell.x + d * cell.y + f, 2))
            for cell in item.cells
        ]
    return found


def picture_in_browser(svg: str) -> Image.Image:
    """An SVG page as Chromium shows it, PIXELS_A_MM pixels to the millimetre."""
    scale = PIXELS_A_MM * 25.4 / 96
    page = the_browser().new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=scale)
    page.set_content(f'<body style="margin:0">{svg}')
    page.evaluate("document.fonts.ready")
    data = page.screenshot()
    page.close()
    return Image.open(io.BytesIO(data)).convert("RGB")


def at(picture: Image.Image, x: float, y: float) -> tuple[int, ...]:
    """The colour of the point x, y (mm) of a browser's picture."""
    colour = picture.getpixel((round(x * PIXELS_A_MM), round(y * PIXELS_A_MM)))
    assert isinstance(colour, tuple)
    return colour
