"""The content of a 公文, free of any layout: what the drafter wrote, in the parts GB/T 9704-2012 names.

``Gongwen.from_json`` is the only way in from outside; it refuses what cannot be typeset and names the place.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yichuan.lib.gongwen import blocks, forms, schema
from yichuan.lib.gongwen.blocks import (
    Article,
    Blank,
    Block,
    Cell,
    Chapter,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
)
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.schema_check import check

__all__ = [
    "Article", "Blank", "Block", "Cell", "Chapter", "Gongwen", "Heading", "Paragraph", "Picture", "Section",
    "Signature", "Table", "iter_text",
]  # fmt: skip

DEFAULT_SEAL_MM = 45.0
DEFAULT_STAMP_MM = (40.0, 16.0)
_LINE_BREAKS_ALLOWED = {"title", "issuer_mark"}
_SECTIONS = ("enclosures", "annexes")


@dataclass(frozen=True)
class Signature:
    """签发人职务 and the person whose 签名章 stands beside it (7.3.5.3)."""

    post: str
    name: str


@dataclass(frozen=True)
class Gongwen:
    """One official document. Dates are civil dates; texts are as printed; see ``schema.SCHEMA`` for each field and
    ``forms.FORMS`` for the fields of each form. Empty fields are not printed.
    """

    issuer_mark: str
    title: str
    body: tuple[Block, ...]
    issuers: tuple[str, ...]
    date: datetime.date
    form: str = "document"
    doc_no: str = ""
    serial: str = ""
    copy_no: str = ""
    secrecy: str = ""
    urgency: str = ""
    signers: tuple[str, ...] = ()
    recipients: str = ""
    attachments: tuple[str, ...] = ()
    seal_diameter_mm: float | None = DEFAULT_SEAL_MM
    signatures: tuple[Signature, ...] = ()
    signature_stamp_mm: tuple[float, float] | None = DEFAULT_STAMP_MM
    note: str = ""
    present: str = ""
    absent: str = ""
    observers: str = ""
    enclosures: tuple[Section, ...] = ()
    annexes: tuple[Section, ...] = ()
    copy_recipients: str = ""
    printer: str = ""
    print_date: datetime.date | None = None

    @classmethod
    def from_json(cls, obj: Any) -> Gongwen:
        """Read a JSON value (as ``json.loads`` gives it).

        :raises GongwenError: with the JSON path of the first fault and what to do about it.
        """
        check(obj)
        forms.check_form(obj)
        _check_characters(obj)
        values = {"title": ""} | obj
        for name in ("date", "print_date"):
            if name in values:
                values[name] = _date(values[name], f"$.{name}")
        values["body"] = blocks.read_blocks(obj["body"], "$.body")
        for name in ("issuers", "signers", "attachments"):
            values[name] = tuple(obj.get(name, ()))
        for name in _SECTIONS:
            items = enumerate(obj.get(name, ()))
            values[name] = tuple(blocks.read_section(item, f"$.{name}[{i}]") for i, item in items)
        _count_pictures(values)
        values["signatures"] = tuple(Signature(**item) for item in obj.get("signatures", ()))
        if values.get("signature_stamp_mm"):
            values["signature_stamp_mm"] = tuple(float(size) for size in obj["signature_stamp_mm"])
        if not forms.bears_seal(obj):
            values["seal_diameter_mm"] = None
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """The JSON value that ``from_json`` reads back to an equal document; empty fields are left out."""
        result: dict[str, Any] = {}
        for name, value in vars(self).items():
            if name in ("body", *_SECTIONS):
                if value or name == "body":
                    result[name] = [blocks.plain(item) for item in value]
            elif name == "signatures":
                if value:
                    result[name] = [vars(signature) for signature in value]
            elif name == "signature_stamp_mm":
                if self.signatures:
                    result[name] = list(value) if value else None
            elif name == "seal_diameter_mm":
                result[name] = value
            elif name == "form":
                if value != "document":
                    result[name] = value
            elif isinstance(value, datetime.date):
                result[name] = value.isoformat()
            elif value:
                result[name] = list(value) if isinstance(value, tuple) else value
        return result

    @property
    def one_line_title(self) -> str:
        """The title as lists and metadata show it; orders and minutes without one go by their mark and number."""
        if self.title:
            return self.title.replace("\n", "")
        return self.issuer_mark.replace("\n", "") + self.serial


def iter_text(obj: Any, path: str = "$") -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its path, in order."""
    if isinstance(obj, str):
        yield path, obj
    elif isinstance(obj, list):
        for index, item in enumerate(obj):
            yield from iter_text(item, f"{path}[{index}]")
    elif isinstance(obj, dict):
        for name, item in obj.items():
            if not (name == "data" and obj.get("type") == "picture"):
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


def _count_pictures(values: dict[str, Any]) -> None:
    texts = [values["body"], *(section.body for name in _SECTIONS for section in values[name])]
    count = sum(isinstance(block, Picture) for body in texts for block in body)
    if count > schema.MAX_PICTURES:
        raise GongwenError("too_many", "$", f"has {count} pictures, at most {schema.MAX_PICTURES} are taken")


def _date(text: str, path: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise GongwenError("bad_date", path, f"{text} is not a day of the calendar; write 2008-05-23") from None
