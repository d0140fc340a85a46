"""From lines and tables to the content model's JSON."""

from __future__ import annotations

import re
from typing import Any

from yichuan.lib.gongwen.reading import patterns
from yichuan.lib.gongwen.reading.forms import set_form, take_attendance, take_signatures
from yichuan.lib.gongwen.reading.head import take_head, take_recipients, take_title, title_length, unfold_head
from yichuan.lib.gongwen.reading.lines import Grid, GridCell, Line, Source
from yichuan.lib.gongwen.reading.result import Notes, Reading
from yichuan.lib.gongwen.reading.tail import (
    annex_title,
    take_imprint_block,
    take_listed,
    take_signature,
    unfold_tail,
)

_MOST_COLUMNS = 20
_SAID = {
    "issuer_mark": "发文机关标志",
    "doc_no": "发文字号",
    "title": "标题",
    "issuers": "发文机关署名",
    "date": "成文日期",
}
_NEEDLESS = {"order": ("doc_no", "title"), "minutes": ("doc_no", "title")}
_ORDER = (
    "form", "copy_no", "secrecy", "urgency", "issuer_mark", "doc_no", "serial", "signers", "title", "recipients",
    "body", "attachments", "issuers", "signatures", "date", "note", "present", "absent", "observers",
    "enclosures", "annexes", "copy_recipients", "printer", "print_date",
)  # fmt: skip


def assemble(items: list[Source], notes: Notes) -> Reading:
    """Find the parts in the order of the standard: 版头, title, 主送机关; from the end 版记; then 署名 and 成文日期."""
    content: dict[str, Any] = {}
    rest = take_head(unfold_head(items), content, notes)
    rest = take_recipients(take_title(rest, content), content)
    rest = take_imprint_block(unfold_tail(rest), content, notes)
    set_form(content, notes)
    parts = take_signature(rest, content, notes)
    body = parts.body
    if content.get("form") == "order":
        body = take_signatures(body, content)
    elif content.get("form") == "minutes":
        body = take_attendance(body, content)
    body, names = take_listed(body, notes)
    content["body"] = blocks(body, notes)
    if names:
        content["attachments"] = names
    _take_sections(parts.sections, content, notes)
    for name, said in _SAID.items():
        if name not in content and name not in _NEEDLESS.get(content.get("form", ""), ("doc_no",)):
            notes.add(f"{name}_missing", said, f"没有找到{said}，请填写。")
    return Reading({name: content[name] for name in _ORDER if name in content}, notes.all())


def _take_sections(sections: list[tuple[bool, list[Source]]], content: dict[str, Any], notes: Notes) -> None:
    numbers = []
    for labelled, items in sections:
        title, rest = annex_title(items) if labelled else ("", items)
        count = 0 if title else title_length(rest)
        title = title or "\n".join(item.text for item in rest[:count] if isinstance(item, Line))
        annexes = content.setdefault("annexes" if labelled else "enclosures", [])
        if labelled:
            numbers.append(_number(items[0]))
        if not title:
            listed = content.get("attachments", [])
            title = listed[len(annexes)] if labelled and len(annexes) < len(listed) else ""
            where = items[0].where
            if title:
                notes.add("section_title", where, f"附件没有标题，用附件说明里的名称「{title}」。")
            else:
                title = "附件" if labelled else "随文内容"
                notes.add("section_title", where, f"没有找到标题，暂写「{title}」，请修改。")
        body, names = take_listed(rest[count:], notes)
        section: dict[str, Any] = {"title": title, "body": blocks(body, notes)}
        annexes.append(section | ({"attachments": names} if names else {}))
    wanted = list(range(1, len(numbers) + 1))
    if numbers and numbers != wanted and numbers != [None]:
        notes.add("annex_numbers", "附件", "附件的序号不连续，已按次序重编。")


def _number(label: Source) -> int | None:
    found = patterns.ANNEX.fullmatch(label.text) if isinstance(label, Line) else None
    return patterns.chinese_count(found[1]) if found and found[1] else None


def blocks(items: list[Source], notes: Notes) -> list[dict[str, Any]]:
    """The blocks of a text."""
    result: list[dict[str, Any]] = []
    for item in items:
        if isinstance(item, Grid):
            result += _table(item, notes)
        else:
            result.append(_block(item))
    return result


def _block(line: Line) -> dict[str, Any]:
    block = _styled(line)
    if block["type"] != "paragraph":
        return block
    level = patterns.number_level(line.text)
    lead = 0
    if level:
        lead = line.lead if 0 < line.lead < len(line.text) else patterns.lead_length(line.text, level)
    if lead and level and line.text[lead:].strip():
        return {"type": "paragraph", "lead": line.text[:lead], "lead_level": level, "text": line.text[lead:].lstrip()}
    return block | ({"indent": False} if line.right or line.centred else {})


def _styled(line: Line) -> dict[str, Any]:
    """As ``patterns.line_block``, and a heading where the file's style says so."""
    block = patterns.line_block(line.text)
    whole = line.lead >= len(line.text)
    if block["type"] != "paragraph" or not (line.level or whole) or len(line.text) > 500:
        return block
    level = patterns.number_level(line.text) or line.level
    return {"type": "heading", "level": level, "text": line.text} if level else block


def _table(grid: Grid, notes: Notes) -> list[dict[str, Any]]:
    if len(grid.columns) > _MOST_COLUMNS:
        notes.add("table_flattened", grid.where, f"表格超过 {_MOST_COLUMNS} 列，排不下，已改为文字，请另作附件。")
        return [patterns.line_block(line.text) for line in grid.flattened()]
    if not any(cell.text.strip() for row in grid.rows for cell in row):
        notes.add("table_empty", grid.where, "表格没有文字，没有带入。")
        return []
    table: dict[str, Any] = {
        "type": "table",
        "columns": list(grid.columns),
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
    }
    if 0 < grid.header_rows < len(grid.rows):
        table["header_rows"] = min(grid.header_rows, 5)
    return [table]


def _cell(cell: GridCell) -> str | dict[str, Any]:
    text = re.sub(r"\n{2,}", "\n", cell.text.strip("\n"))
    more = {
        name: value
        for name, value, usual in (
            ("align", cell.align if text else "center", "center"),
            ("colspan", cell.colspan, 1),
            ("rowspan", cell.rowspan, 1),
        )
        if value != usual
    }
    return {"text": text, **more} if more else text
