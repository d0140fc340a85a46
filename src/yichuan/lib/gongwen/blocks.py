"""The blocks of a text: paragraphs, headings, tables, pictures, and the sections that are texts of their own."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from yichuan.lib.gongwen.errors import GongwenError

MAX_PICTURE_PIXELS = 20_000_000
_JPEG_FRAMES = (0xC0, 0xC1, 0xC2)  # sequential and progressive with Huffman codes; not arithmetic, not lossless
_UNREADABLE = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip
_PICTURE_FORMATS = ("PNG", "JPEG")


@dataclass(frozen=True)
class Paragraph:
    text: str
    lead: str = ""
    lead_level: int = 1
    indent: bool = True


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Chapter:
    text: str


@dataclass(frozen=True)
class Article:
    number: str
    text: str


@dataclass(frozen=True)
class Blank:
    pass


@dataclass(frozen=True)
class Cell:
    text: str
    align: str = "center"
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class Table:
    columns: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 0
    row_heights_mm: tuple[float, ...] = ()
    font_size_pt: float = 12.0
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture, centred: ``data`` is the PNG or JPEG file, ``width_mm`` the wanted width (the page bounds it),
    ``pixels`` its width and height as it is seen, ``orientation`` how it lies in the file (Exif).
    """

    data: bytes
    width_mm: float
    pixels: tuple[int, int]
    orientation: int = 1


Block = Paragraph | Heading | Chapter | Article | Blank | Table | Picture


@dataclass(frozen=True)
class Section:
    """An enclosure or an annex: a text with its own title, on a new page; ``landscape`` turns its pages (8)."""

    title: str
    body: tuple[Block, ...]
    attachments: tuple[str, ...] = ()
    landscape: bool = False


def read_section(obj: dict[str, Any], path: str) -> Section:
    return Section(
        title=obj["title"],
        body=read_blocks(obj["body"], f"{path}.body"),
        attachments=tuple(obj.get("attachments", ())),
        landscape=obj.get("landscape", False),
    )


def read_blocks(items: list[dict[str, Any]], path: str) -> tuple[Block, ...]:
    """Blocks from JSON that the schema has passed.

    :raises GongwenError: ``table_shape``, ``row_heights``, ``header_rows``, ``picture``, which the schema cannot say.
    """
    return tuple(_block(item, f"{path}[{index}]") for index, item in enumerate(items))


def _block(obj: dict[str, Any], path: str) -> Block:
    values = {name: value for name, value in obj.items() if name != "type"}
    kinds: dict[str, type[Paragraph | Heading | Chapter | Article | Blank]] = {
        "paragraph": Paragraph,
        "heading": Heading,
        "chapter": Chapter,
        "article": Article,
        "blank": Blank,
    }
    match obj["type"]:
        case "table":
            return _table(values, path)
        case "picture":
            return _picture(values, path)
        case kind:
            return kinds[kind](**values)


def _table(values: dict[str, Any], path: str) -> Table:
    rows = tuple(tuple(Cell(cell) if isinstance(cell, str) else Cell(**cell) for cell in row) for row in values["rows"])
    table = Table(
        columns=tuple(float(width) for width in values["columns"]),
        rows=rows,
        header_rows=values.get("header_rows", 0),
        row_heights_mm=tuple(float(height) for height in values.get("row_heights_mm", ())),
        font_size_pt=float(values.get("font_size_pt", 12.0)),
        note=values.get("note", ""),
    )
    if table.row_heights_mm and len(table.row_heights_mm) != len(rows):
        raise GongwenError("row_heights", f"{path}.row_heights_mm", f"must give a number for each of {len(rows)} rows")
    if table.header_rows >= len(rows) and table.header_rows:
        raise GongwenError("header_rows", f"{path}.header_rows", "must leave at least one row that is not a header")
    _check_spans(table, path)
    return table


def _check_spans(table: Table, path: str) -> None:
    """Every place of the table is covered once: rows with too few or too many cells are named."""
    width, height = len(table.columns), len(table.rows)
    covered: set[tuple[int, int]] = set()
    for y, row in enumerate(table.rows):
        where = f"{path}.rows[{y}]"
        x = 0
        for cell in row:
            while (x, y) in covered:
                x += 1
            if x + cell.colspan > width or y + cell.rowspan > height:
                raise GongwenError(
                    "table_shape", where, f"reaches beyond {width} columns and {height} rows; mend spans"
                )
            places = {(x + i, y + j) for i in range(cell.colspan) for j in range(cell.rowspan)}
            if places & covered:
                raise GongwenError("table_shape", where, "has cells that overlap; mend the spans")
            covered |= places
        if any((x, y) not in covered for x in range(width)):
            raise GongwenError("table_shape", where, f"leaves places of the {width} columns empty; add cells")


def _picture(values: dict[str, Any], path: str) -> Picture:
    """Only a PNG or JPEG of bounded size passes, and only if its pixels can be read."""
    where = f"{path}.data"
    try:
        data = base64.b64decode(values["data"], validate=True)
        with Image.open(BytesIO(data), formats=_PICTURE_FORMATS) as image:
            pixels = image.size
            if pixels[0] * pixels[1] > MAX_PICTURE_PIXELS:
                raise GongwenError(
                    "picture", where, f"has {pixels[0]} × {pixels[1]} pixels, at most {MAX_PICTURE_PIXELS} are taken"
                )
            if image.format == "JPEG" and _jpeg_frame(data) not in _JPEG_FRAMES:
                raise GongwenError(
                    "picture", where, "is a JPEG of a rare kind that not every reader shows; save it again"
                )
            if image.mode == "CMYK":
                raise GongwenError("picture", where, "is made for a printing press (CMYK); save it as RGB")
            image.load()
            said = image.getexif().get(ExifTags.Base.Orientation)
            orientation = said if isinstance(said, int) and 1 <= said <= 8 else 1
    except binascii.Error as error:
        raise GongwenError("picture", where, "is not base64") from error
    except GongwenError:
        raise
    except _UNREADABLE as error:
        raise GongwenError("picture", where, "is not a PNG or JPEG that can be read; export it again") from error
    # Orientations from 5 to 8 lie on their side.
    shown = pixels[::-1] if orientation in range(5, 9) else pixels
    return Picture(data, float(values.get("width_mm", 156.0)), shown, orientation)


def _jpeg_frame(data: bytes) -> int:
    """The marker that tells how a JPEG's pixels are coded; 0 when there is none."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return marker
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0


def plain(item: Any) -> Any:
    """A block or section as JSON, defaults left out."""
    if isinstance(item, Section):
        section: dict[str, Any] = {"title": item.title, "body": [plain(block) for block in item.body]}
        section |= {"attachments": list(item.attachments)} if item.attachments else {}
        return section | ({"landscape": True} if item.landscape else {})
    if isinstance(item, Cell):
        changed = _changed(item, Cell(""), {"text"})
        return changed if len(changed) > 1 else item.text
    if isinstance(item, Table):
        values = _changed(item, Table((), ()), {"columns", "rows"})
        values["columns"] = list(item.columns)
        values["rows"] = [[plain(cell) for cell in row] for row in item.rows]
        if "row_heights_mm" in values:
            values["row_heights_mm"] = list(item.row_heights_mm)
        return {"type": "table", **values}
    if isinstance(item, Picture):
        return {"type": "picture", "data": base64.b64encode(item.data).decode("ascii"), "width_mm": item.width_mm}
    if isinstance(item, Paragraph):
        return {"type": "paragraph", **_changed(item, Paragraph(""), {"text"})}
    return {"type": type(item).__name__.lower(), **vars(item)}


def _changed(item: Any, default: Any, always: set[str]) -> dict[str, Any]:
    return {name: v for name, v in vars(item).items() if name in always or v != getattr(default, name)}
