"""版头, title and 主送机关 (GB/T 9704-2012 7.2, 7.3.1, 7.3.2), found at the beginning of the lines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from yichuan.lib.gongwen.reading import patterns
from yichuan.lib.gongwen.reading.lines import Grid, Line, Source
from yichuan.lib.gongwen.reading.result import Notes, put, quoted

_FIRST_LINES = 25  # where 版头 can be
_FIRST_TABLES = 8
_MOST_TITLE_LINES = 6
_LONGEST_TITLE_LINE = 60
_MARK_SIZE_PT = 26.0
_URGENCIES = ("特急", "加急")
_BLANKS = re.compile(r"\s+")


def unfold_head(items: list[Source]) -> list[Source]:
    """Tables at the beginning that only hold 版头 in place become lines."""
    result: list[Source] = []
    for index, item in enumerate(items):
        if isinstance(item, Grid) and index < _FIRST_TABLES:
            lines = item.flattened()
            if any(_is_head(line.text) for line in lines):
                result += lines
                continue
        result.append(item)
    return result


def _is_head(text: str) -> bool:
    tight = _BLANKS.sub("", text)
    return bool(
        patterns.DOC_NO.fullmatch(text) or patterns.SIGNERS.search(text) or (tight.endswith("文件") and len(tight) < 40)
    )


def take_head(items: list[Source], content: dict[str, Any], notes: Notes) -> list[Source]:
    """Move 版头 into ``content`` and give back what follows it."""
    first = []
    for item in items[:_FIRST_LINES]:
        if not isinstance(item, Line):
            break
        first.append(item)
    number = next((index for index, line in enumerate(first) if _number_of(line)), None)
    end = (number + 1) if number is not None else _mark_end(first)
    mark: list[str] = []
    for line in first[:end]:
        for text in _divided(line.text):
            _place(text, replace(line, text=text), content, mark, notes)
    while end < len(first) and _goes_on(first[end], content, notes):
        end += 1
    if mark:
        content["issuer_mark"] = _mark(mark)
        end = _take_serial(first, end, content)
    return items[end:]


def _take_serial(first: list[Line], end: int, content: dict[str, Any]) -> int:
    """令号 of an order, number of minutes: 第3号, right below the mark."""
    if "doc_no" not in content and content["issuer_mark"].endswith(("令", "纪要")) and end < len(first):
        found = patterns.SERIAL.fullmatch(first[end].text)
        if found:
            content["serial"] = _BLANKS.sub("", found[1])
            return end + 1
    return end


def _number_of(line: Line) -> re.Match[str] | None:
    found = patterns.DOC_NO.fullmatch(line.text)
    if found and (not found[2].strip() or patterns.SIGNERS.fullmatch(found[2].strip())):
        return found
    return None


def _mark_end(first: list[Line]) -> int:
    """Without 发文字号 the head ends with a line that can only be 发文机关标志, or with the last small mark."""
    end = 0
    for index, line in enumerate(first[:8]):
        tight = _BLANKS.sub("", line.text)
        small = any(pattern.fullmatch(tight) for pattern in (patterns.COPY_NO, patterns.SECRECY, patterns.URGENCY))
        large = (line.size_pt or 0) >= _MARK_SIZE_PT
        marked = line.red or tight.endswith(("文件", "令")) or (tight.endswith("纪要") and large)
        flag = marked and len(tight) <= 40 and not tight.startswith("关于")
        if (small and end == index) or flag:
            end = index + 1
        elif not (line.red or large):
            break
    return end


def _divided(text: str) -> list[str]:
    """000001　机密★1年　特急 on one line are three marks; the letters of a name that is spread are not."""
    parts = text.split()
    small = (patterns.COPY_NO, patterns.SECRECY, patterns.URGENCY)
    if len(parts) > 1 and all(any(pattern.fullmatch(part) for pattern in small) for part in parts):
        return parts
    return [text]


def _place(text: str, line: Line, content: dict[str, Any], mark: list[str], notes: Notes) -> None:
    tight = _BLANKS.sub("", text)
    number = _number_of(line)
    if number:
        put(content, "doc_no", _BLANKS.sub("", number[1]), line.where, notes)
        if signers := patterns.SIGNERS.fullmatch(number[2].strip()):
            content["signers"] = _names(signers[1])
    elif signers := patterns.SIGNERS.fullmatch(text):
        content["signers"] = [*content.get("signers", ()), *_names(signers[1])]
    elif (copy := patterns.COPY_NO.fullmatch(tight)) and not mark:
        put(content, "copy_no", copy[1], line.where, notes)
    elif patterns.SECRECY.fullmatch(tight):
        put(content, "secrecy", tight, line.where, notes)
    elif patterns.URGENCY.fullmatch(tight):
        if tight in _URGENCIES:
            put(content, "urgency", tight, line.where, notes)
        else:
            notes.add("urgency_unknown", line.where, f"紧急程度{quoted(tight)}不是特急或加急，没有带入，请选择。")
    elif patterns.RULE.fullmatch(text):
        notes.add("rule_dropped", line.where, "分隔线由排版画出，没有带入。")
    else:
        mark.append(text)


def _goes_on(line: Line, content: dict[str, Any], notes: Notes) -> bool:
    """Right below 发文字号: 签发人 on rows of their own, a drawn rule."""
    if signers := patterns.SIGNERS.fullmatch(line.text):
        content["signers"] = [*content.get("signers", ()), *_names(signers[1])]
        return True
    if patterns.RULE.fullmatch(line.text):
        notes.add("rule_dropped", line.where, "分隔线由排版画出，没有带入。")
        return True
    if content.get("signers") and re.fullmatch(r"[\s　]*(?:\w{2,4}|\w\s\w)(?:[\s　]+(?:\w{2,4}|\w\s\w))?", line.text):
        content["signers"] += _names(line.text)
        return True
    return False


def _names(text: str) -> list[str]:
    """张三　李　四 are two names: single characters belong together."""
    names: list[str] = []
    half = ""
    for part in re.split(r"[\s、，,]+", text.strip()):
        if len(part) == 1:
            half += part
            if len(half) == 2:
                names.append(half)
                half = ""
        elif part:
            names.append(part)
    return names + ([half] if half else [])


def _mark(lines: list[str]) -> str:
    """One issuer a line; of several the 文件 beside them is left to the typesetter."""
    names = [_BLANKS.sub("", text) for text in lines]
    if len(names) > 1 and any(name.endswith("文件") for name in names):
        names = [name.removesuffix("文件") for name in names]
    return "\n".join(name for name in names if name)


def take_title(items: list[Source], content: dict[str, Any]) -> list[Source]:
    """Move the title into ``content`` and give back what follows it."""
    count = title_length(items)
    if count:
        content["title"] = "\n".join(item.text for item in items[:count] if isinstance(item, Line))
    return items[count:]


def title_length(items: list[Source]) -> int:
    """How many lines from the first on are a title; 0 when there is none."""
    lines: list[Line] = []
    for item in items[: _MOST_TITLE_LINES + 1]:
        if not isinstance(item, Line) or (lines and item.new_page):
            break
        lines.append(item)
    if not lines or not _can_be_title(lines[0]):
        return 0
    if lines[0].stands_out:
        return next((n for n, line in enumerate(lines) if n and not _same_title(lines[0], line)), len(lines))
    return _plain_title_length(lines)


def _same_title(first: Line, line: Line) -> bool:
    alike = line.stands_out and (line.size_pt == first.size_pt or None in (line.size_pt, first.size_pt))
    return alike and _can_be_title(line) and not patterns.NOTE.fullmatch(line.text)


def _plain_title_length(lines: list[Line]) -> int:
    """In plain text: as far as the kind of document (通知, 请示, …), else to the next gap or the recipients."""
    count = 0
    for index, line in enumerate(lines):
        if not _can_be_title(line) or (index and line.after_gap):
            break
        count = index + 1
        if patterns.TITLE_END.search("".join(each.text for each in lines[:count])):
            return count
    follows = lines[count] if count < len(lines) else None
    parted = follows is not None and (follows.after_gap or is_recipients(follows.text))
    return count if parted else min(count, 1)


def _can_be_title(line: Line) -> bool:
    text = line.text
    return not (
        len(text) > _LONGEST_TITLE_LINE
        or (text.endswith(("。", "；", "：", ":", "，")) and not line.is_large)  # a fault that the checker names
        or patterns.number_level(text)
        or patterns.DATE.fullmatch(text)
        or patterns.ANNEX.fullmatch(text)
    )


def is_recipients(text: str) -> bool:
    """A line of 主送机关: it ends with a colon, holds no sentence and does not announce what follows."""
    return (
        text.endswith(("：", ":"))
        and not re.search("[。；！？]", text)
        and "：" not in text[:-1]
        and not patterns.INTRODUCES.search(text)
        and not patterns.number_level(text)
    )


def take_recipients(items: list[Source], content: dict[str, Any]) -> list[Source]:
    """Move 主送机关 into ``content``, without the colon, and give back what follows."""
    if items and isinstance(items[0], Line) and is_recipients(items[0].text):
        content["recipients"] = items[0].text[:-1].rstrip()
        return items[1:]
    return items
