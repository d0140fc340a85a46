"""Scenes put on paper by hand: a page of 100 by 100 points, and what PDFium makes of it."""

from __future__ import annotations

import io
from functools import cache

import pikepdf
import pypdfium2
from PIL import Image

from support.gongwen import font_cache
from yichuan.lib.ofd.fontfile import FontResource, GlyphSource
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.paper import Paper
from yichuan.lib.ofd.scene.model import Cell, Face, Group, Item, Link, Paint, Path, Scene, Shape, Solid, Text

POINT = 25.4 / 72
SIDE = 100 * POINT
_SCALE = 4
RED, GREEN, BLUE, BLACK = Solid((255, 0, 0)), Solid((0, 255, 0)), Solid((0, 0, 255)), Solid((0, 0, 0))
WHITE_RGB, RED_RGB, GREEN_RGB, BLUE_RGB = (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255)


def scene(*items: Item, links: tuple[Link, ...] = ()) -> Scene:
    """A page whose items are given in points."""
    return Scene((0.0, 0.0, SIDE, SIDE), (Group(items, (POINT, 0.0, 0.0, POINT, 0.0, 0.0)),), links)


def paper(*items: Item, links: tuple[Link, ...] = (), notes: list[str] | None = None) -> bytes:
    """A PDF of one such page; what was noted goes into `notes`."""
    return papers(scene(*items, links=links), notes=notes)


def papers(*scenes: Scene, notes: list[str] | None = None) -> bytes:
    """A PDF of several pages."""
    made = Paper(lambda code, message: notes.append(code) if notes is not None else None)
    for index, each in enumerate(scenes):
        made.add(each, index)
    return made.finish(DocumentInfo())


def drawn(pdf: bytes, page: int = 0, scale: float = _SCALE) -> Image.Image:
    """A page as pixels, `scale` of them to a point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def colours(pdf: bytes, *points: tuple[float, float]) -> list[tuple[int, ...]]:
    """The colours at these points of the first page."""
    image = drawn(pdf)
    return [image.getpixel((round(x * _SCALE), round(y * _SCALE))) for x, y in points]


def near(one: tuple[int, ...], other: tuple[int, ...], within: int = 6) -> bool:
    """Whether two colours are the same to the eye."""
    return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))


def inked(pdf: bytes, box: tuple[float, float, float, float] = (0, 0, 100, 100)) -> tuple[float, float, float, float]:
    """The box, in points, of everything in a part of the first page that is darker than half grey."""
    left, top, right, bottom = (round(value * _SCALE) for value in box)
    part = drawn(pdf).convert("L").crop((left, top, right, bottom)).point(lambda value: 255 * (value < 128))
    found = part.getbbox()
    assert found is not None, "nothing is drawn there"
    return tuple(value / _SCALE + shift for value, shift in zip(found, (*box[:2], *box[:2]), strict=True))  # type: ignore[return-value]


def ink(pdf: bytes) -> float:
    """How much of the first page is black, from 0 to 1."""
    grey = drawn(pdf).convert("L")
    return 1 - sum(value * count for value, count in enumerate(grey.histogram())) / 255 / (grey.width * grey.height)


def said(pdf: bytes, page: int = 0) -> str:
    """The text of a page as PDFium copies it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document[page].get_textpage().get_text_range())
    finally:
        document.close()


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The PDF's objects."""
    return pikepdf.open(io.BytesIO(pdf))


def box(left: float, top: float, right: float, bottom: float) -> Path:
    """An upright rectangle."""
    return (("M", (left, top)), ("L", (right, top)), ("L", (right, bottom)), ("L", (left, bottom)), ("Z", ()))


def filled(left: float, top: float, right: float, bottom: float, fill: Paint = RED) -> Shape:
    """A painted rectangle."""
    return Shape(box(left, top, right, bottom), fill, None)


@cache
def song() -> GlyphSource:
    """宋体, TrueType."""
    return GlyphSource.of((font_cache() / "FandolSong-Regular.ttf").read_bytes())


def face(source: GlyphSource | None = None, *, embedded: bool = True) -> Face:
    """A face of the font, 宋体 unless told otherwise."""
    resource = FontResource("3", "FandolSong", "", False, False, False, False, None)
    return Face(resource, source or song(), embedded)


def text(said: str, x: float, y: float, size: float = 10, step: float | None = None, **options: object) -> Text:
    """Characters of 宋体 on a line, `step` apart."""
    source = song()
    cells = tuple(
        Cell(char, source.lookup(char), x + place * (size if step is None else step), y)
        for place, char in enumerate(said)
    )
    return Text(face(), size, cells, **{"fill": BLACK, **options})  # type: ignore[arg-type]
