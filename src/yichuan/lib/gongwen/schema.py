"""The content model's JSON Schema (draft 2020-12); ``schema_check`` applies it.

Sizes are limits of this typesetter: an official document is never near them. Which fields each form has is said in
``forms``.
"""

from __future__ import annotations

from typing import Any

MAX_CHARACTERS = 400_000  # of all text together
MAX_PICTURES = 30
_MAX_PICTURE = 1_400_000  # characters of base64: a file of 1 MB

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

DEFINITIONS: dict[str, Schema] = {
    "block": {
        "oneOf": [
            {"$ref": f"#/$defs/{name}"}
            for name in ("paragraph", "heading", "chapter", "article", "table", "picture", "blank")
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
            "note": _text(2_000, "below the table in its size: 注：…"),
        },
        ["type", "columns", "rows"],
        "a ruled table over the width of the text block",
    ),
    "picture": _object(
        {
            "type": {"const": "picture"},
            "data": _text(_MAX_PICTURE, "a PNG or JPEG file in base64"),
            "width_mm": {"type": "number", "minimum": 10, "maximum": 225, "description": "156 unless said"},
        },
        ["type", "data"],
        "a picture, centred; made smaller where the page does not hold it",
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
        {
            "title": _text(200, "a line break forces the break there"),
            "body": _BLOCKS,
            "attachments": _ATTACHMENTS,
            "landscape": {"type": "boolean", "description": "its pages lie on their side, heads to the left (8)"},
        },
        ["title", "body"],
        "a text with a title of its own that begins on a new page",
    ),
}

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "公文 content",
    **_object(
        {
            "form": {
                "enum": ["document", "letter", "order", "minutes"],
                "description": "公文, 信函格式 (10.1), 命令（令）格式 (10.2), 纪要格式 (10.3); document unless said",
            },
            "copy_no": {"type": "string", "pattern": r"[0-9]{1,8}", "description": "份号, printed as given"},
            "secrecy": _text(20, "密级和保密期限: 机密★1年", pattern=r"(秘密|机密|绝密)(★.+)?"),
            "urgency": {"enum": ["特急", "加急"], "description": "紧急程度"},
            "issuer_mark": _text(200, "发文机关标志; of a joint document one issuer a line, 文件 added beside them"),
            "doc_no": _text(40, "发文字号: 江府办〔2008〕44号", pattern=r"[^〔〕\n]+〔[0-9]{4}〕[1-9][0-9]*号"),
            "serial": _text(20, "令号 of an order, number of minutes: 第3号, 第5期", pattern=r"第[1-9][0-9]*[号期次]"),
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
            "signatures": _list(
                _object(
                    {"post": _text(40, "签发人职务 in full: 市长"), "name": _text(20, "the person's name")},
                    ["post", "name"],
                    "who signs by 签名章",
                ),
                9,
                "签名章 in the seals' place (7.3.5.3), the lead office's first",
                least=1,
            ),
            "signature_stamp_mm": {
                "type": ["array", "null"],
                "items": {"type": "number", "minimum": 5, "maximum": 80},
                "minItems": 2,
                "maxItems": 2,
                "description": "签名章: width and height; 40 × 16 unless said, null to print the names instead",
            },
            "date": {**_DATE, "description": "成文日期"},
            "note": _text(200, "附注, without its brackets"),
            "present": _text(6_000, "出席: units and names, of minutes"),
            "absent": _text(6_000, "请假"),
            "observers": _text(6_000, "列席"),
            "enclosures": _list({"$ref": "#/$defs/section"}, 20, "texts issued by this notice (印发件)"),
            "annexes": _list({"$ref": "#/$defs/section"}, 99, "附件, each numbered at its top left"),
            "copy_recipients": _text(6_000, "抄送机关 as printed, without the full stop"),
            "printer": _text(60, "印发机关"),
            "print_date": {**_DATE, "description": "印发日期; the 成文日期 unless said"},
        },
        ["issuer_mark", "body", "issuers", "date"],
        "one official document",
    ),
    "$defs": DEFINITIONS,
}
