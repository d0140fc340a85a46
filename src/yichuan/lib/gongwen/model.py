"""The content of a 公文, free of any layout: what the drafter wrote, in the parts GB/T 9704-2012 names.

``Gongwen.from_json`` is the only way in from outside; it refuses what cannot be typeset and names the place.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yichuan.lib.gongwen import schema
from yichuan.lib.gongwen.errors import GongwenError

DEFAULT_SEAL_MM = 45.0
_LINE_BREAKS_ALLOWED = {"title", "issuer_mark"}


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


Block = Paragraph | Heading | Chapter | Article | Blank | Table


@dataclass(frozen=True)
class Section:
    """An enclosure or an annex: a text with its own title, on a new page."""

    title: str
    body: tuple[Block, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gongwen:
    """One official document. Dates are civil dates; texts are as printed; see ``schema.SCHEMA`` for each field."""

    issuer_mark: str
    title: str
    body: tuple[Block, ...]
    issuers: tuple[str, ...]
    date: datetime.date
    doc_no: str = ""
    copy_no: str = ""
    secrecy: str = ""
    urgency: str = ""
    signers: tuple[str, ...] = ()
    recipients: str = ""
    attachments: tuple[str, ...] = ()
    seal_diameter_mm: float | None = DEFAULT_SEAL_MM
    note: str = ""
    enclosures: tuple[Section, ...] = ()
    annexes: tuple[Section, ...] = ()
    copy_recipients: str = ""
    printer: str = ""
    print_date: datetime.date | None = field(default=None)

    @classmethod
    def from_json(cls, obj: Any) -> Gongwen:
        """Read a JSON value (as ``json.loads`` gives it).

        :raises GongwenError: with the JSON path of the first fault and what to do about it.
        """
        schema.check(obj)
        _check_characters(obj)
        values = dict(obj)
        for name in ("date", "print_date"):
            if name in values:
                values[name] = _date(values[name], f"$.{name}")
        values["body"] = _blocks(obj["body"], "$.body")
        for name in ("issuers", "signers", "attachments"):
            values[name] = tuple(obj.get(name, ()))
        for name in ("enclosures", "annexes"):
            values[name] = tuple(_section(item, f"$.{name}[{i}]") for i, item in enumerate(obj.get(name, ())))
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """The JSON value that ``from_json`` reads back to an equal document; empty fields are left out."""
        result: dict[str, Any] = {}
        for name, value in vars(self).items():
            if name == "seal_diameter_mm":
                result[name] = value
            elif isinstance(value, datetime.date):
                result[name] = value.isoformat()
            elif name in ("body", "enclosures", "annexes"):
                if value or name == "body":
                    result[name] = [_plain(item) for item in value]
            elif value:
                result[name] = list(value) if isinstance(value, tuple) else value
        return result

    @property
    def one_line_title(self) -> str:
        """The title as lists and metadata show it."""
        return self.title.replace("\n", "")


def iter_text(obj: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its path, in order."""
    if isinstance(obj, str):
        yield path, obj
    elif isinstance(obj, list):
        for index, item in enumerate(obj):
            yield from iter_text(item, f"{path}[{index}]")
    elif isinstance(obj, dict):
        for name, item in obj.items():
            yield from iter_text(item, f"{path}.{name}")


def _check_characters(obj: Any) -> None:
    total = 0
    for path, text in iter_text(obj):
        total += len(text)
        leaf = path.rsplit(".", 1)[-1]
        breaks = leaf in _LINE_BREAKS_ALLOWED or ".rows[" in path
        for char in text:
            if char == "\n" and breaks:
                continue
            # Control, format, private-use and unassigned characters have no shape to print, and some (bidirectional
            # overrides, zero-width ones) would let the printed text differ from the text that is searched.
            if unicodedata.category(char)[0] == "C" or unicodedata.category(char) in ("Zl", "Zp"):
                raise GongwenError(
                    "bad_character", path, f"holds U+{ord(char):04X}, which cannot be printed; remove it"
                )
    if total > schema.MAX_CHARACTERS:
        raise GongwenError("too_long", "$", f"has {total} characters in all, at most {schema.MAX_CHARACTERS} are taken")


def _date(text: str, path: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise GongwenError("bad_date", path, f"{text} is not a day of the calendar; write 2008-05-23") from None


def _section(obj: dict[str, Any], path: str) -> Section:
    return Section(obj["title"], _blocks(obj["body"], f"{path}.body"), tuple(obj.get("attachments", ())))


def _blocks(items: list[dict[str, Any]], path: str) -> tuple[Block, ...]:
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
    return _table(values, path) if obj["type"] == "table" else kinds[obj["type"]](**values)


def _table(values: dict[str, Any], path: str) -> Table:
    rows = tuple(tuple(Cell(cell) if isinstance(cell, str) else Cell(**cell) for cell in row) for row in values["rows"])
    table = Table(
        columns=tuple(float(width) for width in values["columns"]),
        rows=rows,
        header_rows=values.get("header_rows", 0),
        row_heights_mm=tuple(float(height) for height in values.get("row_heights_mm", ())),
        font_size_pt=float(values.get("font_size_pt", 12.0)),
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


def _plain(item: Any) -> Any:
    """A block or section as JSON, defaults left out."""
    if isinstance(item, Section):
        result: dict[str, Any] = {"title": item.title, "body": [_plain(block) for block in item.body]}
        return result | ({"attachments": list(item.attachments)} if item.attachments else {})
    if isinstance(item, Cell):
        changed = _changed(item, Cell(""), {"text"})
        return changed if len(changed) > 1 else item.text
    if isinstance(item, Table):
        values = _changed(item, Table((), ()), {"columns", "rows"})
        values["columns"] = list(item.columns)
        values["rows"] = [[_plain(cell) for cell in row] for row in item.rows]
        if "row_heights_mm" in values:
            values["row_heights_mm"] = list(item.row_heights_mm)
        return {"type": "table", **values}
    if isinstance(item, Paragraph):
        return {"type": "paragraph", **_changed(item, Paragraph(""), {"text"})}
    return {"type": type(item).__name__.lower(), **vars(item)}


def _changed(item: Any, default: Any, always: set[str]) -> dict[str, Any]:
    return {name: v for name, v in vars(item).items() if name in always or v != getattr(default, name)}
