"""The content model's JSON Schema (draft 2020-12) and the small checker that applies it.

The checker knows the keywords this schema uses and no more; what it says names the JSON path and the remedy.
Sizes are limits of this typesetter: an official document is never near them.
"""

from __future__ import annotations

import re
from typing import Any

from yichuan.lib.gongwen.errors import GongwenError

MAX_CHARACTERS = 400_000  # of all text together

Schema = dict[str, Any]


def _text(limit: int, description: str, **more: Any) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": limit, "description": description, **more}


def _object(properties: dict[str, Schema], required: list[str], description: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "description": description,
    }


def _list(items: Schema, limit: int, description: str, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": limit, "description": description}


_DATE = {"type": "string", "pattern": r"[0-9]{4}-[0-9]{2}-[0-9]{2}"}
_BLOCKS = _list({"$ref": "#/$defs/block"}, 5_000, "blocks in reading order")
_ATTACHMENTS = _list(_text(300, "name as printed, without a mark at its end"), 99, "附件说明: names of the annexes")

_DEFS: dict[str, Schema] = {
    "block": {
        "oneOf": [
            {"$ref": f"#/$defs/{name}"} for name in ("paragraph", "heading", "chapter", "article", "table", "blank")
        ]
    },
    "paragraph": _object(
        {
            "type": {"const": "paragraph"},
            "text": _text(20_000, "one paragraph, no line breaks"),
            "lead": _text(200, "opening words set in the face of lead_level, before the text, on the same line"),
            "lead_level": {"type": "integer", "minimum": 1, "maximum": 4},
            "indent": {"type": "boolean", "description": "two characters at the first line; true unless said"},
        },
        ["type", "text"],
        "running text in 仿宋",
    ),
    "heading": _object(
        {
            "type": {"const": "heading"},
            "level": {"type": "integer", "minimum": 1, "maximum": 4},
            "text": _text(500, "with its number as printed: 一、 （一） 1. （1）"),
        },
        ["type", "level", "text"],
        "黑体 at level 1, 楷体 at level 2, 仿宋 at 3 and 4 (GB/T 9704-2012 7.3.3)",
    ),
    "chapter": _object(
        {"type": {"const": "chapter"}, "text": _text(200, "第一章　总则")},
        ["type", "text"],
        "a chapter's title, centred, 黑体",
    ),
    "article": _object(
        {
            "type": {"const": "article"},
            "number": _text(20, "第一条"),
            "text": _text(20_000, "the article's first paragraph; further ones are paragraphs"),
        },
        ["type", "number", "text"],
        "an article of a regulation, its number in 黑体",
    ),
    "blank": _object({"type": {"const": "blank"}}, ["type"], "one empty line"),
    "table": _object(
        {
            "type": {"const": "table"},
            "columns": _list(
                {"type": "number", "minimum": 0.1, "maximum": 1000},
                20,
                "relative widths; together they fill the text block's 156 mm",
                least=1,
            ),
            "header_rows": {"type": "integer", "minimum": 0, "maximum": 5, "description": "repeated on each page"},
            "rows": _list(
                _list({"$ref": "#/$defs/cell"}, 20, "cells from left to right, those covered by a span left out"),
                2_000,
                "rows from top to bottom",
                least=1,
            ),
            "row_heights_mm": _list(
                {"type": "number", "minimum": 0, "maximum": 200},
                2_000,
                "least height of each row in mm, 0 for as much as the text needs; one number for each row",
            ),
            "font_size_pt": {"type": "number", "minimum": 9, "maximum": 16, "description": "12 unless said"},
        },
        ["type", "columns", "rows"],
        "a ruled table over the width of the text block",
    ),
    "cell": {
        "oneOf": [
            {"type": "string", "maxLength": 5_000, "description": "text; a line break begins a new line"},
            _object(
                {
                    "text": {"type": "string", "maxLength": 5_000},
                    "align": {"enum": ["left", "center", "right"], "description": "center unless said"},
                    "colspan": {"type": "integer", "minimum": 1, "maximum": 20},
                    "rowspan": {"type": "integer", "minimum": 1, "maximum": 2_000},
                },
                ["text"],
                "a cell with alignment or spans",
            ),
        ]
    },
    "section": _object(
        {"title": _text(200, "a line break forces the break there"), "body": _BLOCKS, "attachments": _ATTACHMENTS},
        ["title", "body"],
        "a text with a title of its own that begins on a new page",
    ),
}

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "公文 content",
    **_object(
        {
            "copy_no": {"type": "string", "pattern": r"[0-9]{1,8}", "description": "份号, printed as given"},
            "secrecy": _text(20, "密级和保密期限: 机密★1年", pattern=r"(秘密|机密|绝密)(★.+)?"),
            "urgency": {"enum": ["特急", "加急"], "description": "紧急程度"},
            "issuer_mark": _text(200, "发文机关标志; of a joint document one issuer a line, 文件 added beside them"),
            "doc_no": _text(40, "发文字号: 江府办〔2008〕44号", pattern=r"[^〔〕\n]+〔[0-9]{4}〕[1-9][0-9]*号"),
            "signers": _list(_text(20, "a name"), 8, "签发人, of documents that go upward"),
            "title": _text(200, "标题; a line break forces the break there"),
            "recipients": _text(6_000, "主送机关 as printed, without the colon"),
            "body": _BLOCKS,
            "attachments": _ATTACHMENTS,
            "issuers": _list(_text(60, "an issuer's name"), 9, "发文机关署名", least=1),
            "seal_diameter_mm": {
                "type": ["number", "null"],
                "minimum": 30,
                "maximum": 60,
                "description": "印章: room for a seal of this width on each issuer; 45 unless said, null for none",
            },
            "date": {**_DATE, "description": "成文日期"},
            "note": _text(200, "附注, without its brackets"),
            "enclosures": _list({"$ref": "#/$defs/section"}, 20, "texts issued by this notice (印发件)"),
            "annexes": _list({"$ref": "#/$defs/section"}, 99, "附件, each numbered at its top left"),
            "copy_recipients": _text(6_000, "抄送机关 as printed, without the full stop"),
            "printer": _text(60, "印发机关"),
            "print_date": {**_DATE, "description": "印发日期; the 成文日期 unless said"},
        },
        ["issuer_mark", "title", "body", "issuers", "date"],
        "one official document",
    ),
    "$defs": _DEFS,
}

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def check(value: Any, schema: Schema = SCHEMA, path: str = "$") -> None:
    """Raise ``GongwenError`` at the first place where the value departs from the schema."""
    if "$ref" in schema:
        check(value, _DEFS[schema["$ref"].removeprefix("#/$defs/")], path)
    elif "oneOf" in schema:
        check(value, _alternative(value, schema["oneOf"], path), path)
    else:
        _check_plain(value, schema, path)


def _alternative(value: Any, options: list[Schema], path: str) -> Schema:
    """The alternative that the value means: by its ``type`` word for blocks, by its JSON type for cells."""
    resolved = [_DEFS[option["$ref"].removeprefix("#/$defs/")] if "$ref" in option else option for option in options]
    kinds = {
        option["properties"]["type"]["const"]: option for option in resolved if "type" in option.get("properties", {})
    }
    if kinds:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            raise GongwenError("bad_type", f"{path}.type", f"must be one of {', '.join(kinds)}")
        return kinds[kind]
    for option in resolved:
        if isinstance(value, _TYPES[option["type"]]):
            return option
    raise GongwenError("bad_type", path, f"must be {' or '.join(option['type'] for option in resolved)}")


def _check_plain(value: Any, schema: Schema, path: str) -> None:
    if "const" in schema:
        return  # the word chose this alternative
    if "enum" in schema:
        if not isinstance(value, str) or value not in schema["enum"]:
            raise GongwenError("bad_value", path, f"must be one of {', '.join(schema['enum'])}")
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    fits = any(isinstance(value, _TYPES[kind]) for kind in kinds)
    if not fits or (isinstance(value, bool) and "boolean" not in kinds):
        raise GongwenError("bad_type", path, f"must be {' or '.join(kinds)}")
    if isinstance(value, str):
        _check_text(value, schema, path)
    elif isinstance(value, list):
        _check_list(value, schema, path)
    elif isinstance(value, dict):
        _check_object(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high:
            raise GongwenError("out_of_range", path, f"must lie between {low} and {high}")


def _check_text(value: str, schema: Schema, path: str) -> None:
    if len(value.strip()) < schema.get("minLength", 0):
        raise GongwenError("empty", path, "must not be empty; leave the field out instead")
    if len(value) > schema.get("maxLength", MAX_CHARACTERS):
        raise GongwenError("too_long", path, f"has {len(value)} characters, at most {schema['maxLength']} fit")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        raise GongwenError("bad_form", path, f"must have the form {schema['pattern']}")


def _check_list(value: list[Any], schema: Schema, path: str) -> None:
    if len(value) < schema["minItems"]:
        raise GongwenError("too_few", path, f"must have at least {schema['minItems']} entries")
    if len(value) > schema["maxItems"]:
        raise GongwenError("too_many", path, f"has {len(value)} entries, at most {schema['maxItems']} are taken")
    for index, item in enumerate(value):
        check(item, schema["items"], f"{path}[{index}]")


def _check_object(value: dict[str, Any], schema: Schema, path: str) -> None:
    for name in schema["required"]:
        if name not in value:
            raise GongwenError("missing", f"{path}.{name}", "is required")
    for name, item in value.items():
        if name not in schema["properties"]:
            known = ", ".join(schema["properties"])
            raise GongwenError("unknown_field", f"{path}.{name}", f"is not a field here; known are {known}")
        check(item, schema["properties"][name], f"{path}.{name}")
