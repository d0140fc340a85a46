"""Forms of their own (GB/T 9704-2012 clause 10): letters, orders and minutes, told by their mark."""

from __future__ import annotations

import re
from typing import Any

from yichuan.lib.gongwen.reading import patterns
from yichuan.lib.gongwen.reading.lines import Line, Source
from yichuan.lib.gongwen.reading.result import Notes

_ATTENDANCE = {"出席": "present", "请假": "absent", "缺席": "absent", "列席": "observers"}


def set_form(content: dict[str, Any], notes: Notes) -> None:
    """Name the form in ``content``; nothing for the usual one."""
    mark = content.get("issuer_mark", "")
    if mark.endswith("令"):
        content["form"] = "order"
    elif mark.endswith("纪要"):
        content["form"] = "minutes"
    elif mark and "\n" not in mark and not mark.endswith("文件") and "doc_no" in content and "printer" not in content:
        content["form"] = "letter"
        notes.add("form_letter", "发文机关标志", "没有「文件」二字和印发机关，按信函格式读入，请核对。")


def take_signatures(body: list[Source], content: dict[str, Any]) -> list[Source]:
    """职务 and names that stand where 署名 does, of an order: 市长　张三."""
    end = len(body)
    while end and (found := _signature(body[end - 1])):
        post, name = found
        content["signatures"] = [{"post": post, "name": name}, *content.get("signatures", ())]
        end -= 1
    return body[:end]


def take_attendance(body: list[Source], content: dict[str, Any]) -> list[Source]:
    """出席, 请假 and 列席 at the end of minutes."""
    kept: list[Source] = []
    for item in body:
        found = patterns.ATTENDANCE.fullmatch(item.text) if isinstance(item, Line) else None
        field = _ATTENDANCE[re.sub(r"\s", "", found[1])] if found else ""
        if found and field not in content:
            content[field] = found[2].strip()
        else:
            kept.append(item)
    return kept


def _signature(item: Source) -> tuple[str, str] | None:
    if not isinstance(item, Line) or re.search("[，。；：、]", item.text):
        return None
    found = patterns.SIGNATURE.fullmatch(item.text)
    return (found[1], re.sub(r"\s", "", found[2])) if found else None
