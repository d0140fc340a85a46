"""版记, and what stands between the text and it: 附件说明, 署名, 成文日期, 附注, enclosures and annexes
(GB/T 9704-2012 7.3.4 to 7.3.7, 7.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from yichuan.lib.gongwen.reading import patterns
from yichuan.lib.gongwen.reading.lines import Grid, Line, Source
from yichuan.lib.gongwen.reading.result import Notes, put, quoted

_LAST_ITEMS = 60  # where 版记 can begin
_MOST_AFTER = 3  # lines after 印发 that are still 版记 (印数 and the like)
_LONGEST_ISSUER = 40
_MOST_ISSUERS = 9
_LABELS = {"主送": "recipients", "抄送": "copy_recipients"}


def unfold_tail(items: list[Source]) -> list[Source]:
    """A table at the end that only holds 版记 in place becomes lines."""
    result: list[Source] = []
    for index, item in enumerate(items):
        if isinstance(item, Grid) and len(items) - index <= _MOST_AFTER:
            lines = item.flattened()
            if any(patterns.PRINTED.fullmatch(line.text) for line in lines):
                result += lines
                continue
        result.append(item)
    return result


def take_imprint_block(items: list[Source], content: dict[str, Any], notes: Notes) -> list[Source]:
    """Move 版记 into ``content`` and give back what stands before it (and an annex that stands after)."""
    begin, end = _imprint_range(items)
    if begin is None:
        return items
    field = ""
    for line in (item for item in items[begin:end] if isinstance(item, Line)):
        printed, labelled = patterns.PRINTED.fullmatch(line.text), patterns.COPY_LINE.fullmatch(line.text)
        if printed:
            _take_printed(printed, line, field, content, notes)
        elif labelled:
            field = _LABELS.get(re.sub(r"\s", "", labelled[1]), "copy_recipients")
            if re.sub(r"\s", "", labelled[1]) not in _LABELS:
                notes.add("copy_label", line.where, f"{quoted(labelled[1])}已并入抄送机关。")
            before = [content[field]] if content.get(field) else []
            content[field] = "，".join([*before, labelled[2].strip().rstrip("。.")])
        elif patterns.RULE.fullmatch(line.text):
            notes.add("rule_dropped", line.where, "分隔线由排版画出，没有带入。")
        elif field and "printer" not in content and not _is_printer(line, items[begin:end]):
            content[field] = (content[field] + line.text).rstrip("。.")
        elif "printer" not in content:
            content["printer"] = line.text
        else:
            notes.add("not_placed", line.where, f"版记里的{quoted(line.text)}没有对应的位置，没有带入。")
    return items[:begin] + items[end:]


def _imprint_range(items: list[Source]) -> tuple[int | None, int]:
    start = max(0, len(items) - _LAST_ITEMS)
    lines = {n: item.text for n, item in enumerate(items) if n >= start and isinstance(item, Line)}
    printed = [n for n, text in lines.items() if patterns.PRINTED.fullmatch(text)]
    labels = [n for n, text in lines.items() if patterns.COPY_LINE.fullmatch(text)]
    if not printed:
        # A letter's 版记 is its 抄送机关 alone (10.1), and nothing follows it.
        last = labels[-1] if labels else None
        if last is None or len(items) - last > _MOST_AFTER:
            return None, 0
        return _first_label(labels, last, lines), len(items)
    last = printed[-1]
    begin = _first_label(labels, last, lines)
    if begin == last and not (patterns.PRINTED.fullmatch(lines[last]) or [""])[1]:
        begin = last - 1 if last - 1 in lines else last  # 印发机关 on the line before
    end = last + 1
    while end in lines and end - last <= _MOST_AFTER and _is_closing(lines[end]):
        end += 1
    return begin, end


def _is_closing(text: str) -> bool:
    return bool(re.search(r"印\s*\d+\s*份|^校对|^录入|^打印", text) or patterns.RULE.fullmatch(text))


def _first_label(labels: list[int], last: int, lines: dict[int, str]) -> int:
    """The first of 主送, 抄送, … that nothing but their own lines separates from the end."""
    begin = last
    for label in reversed([n for n in labels if n <= last]):
        between = [lines.get(n) for n in range(label, begin)]
        if any(text is None or patterns.DATE.fullmatch(text) or patterns.ANNEX.fullmatch(text) for text in between):
            break
        begin = label
    return begin


def _is_printer(line: Line, block: list[Source]) -> bool:
    """The last line before 印发 stands alone with the printing office when that line has only the date."""
    index = block.index(line)
    after = block[index + 1] if index + 1 < len(block) else None
    return isinstance(after, Line) and bool(
        (match := patterns.PRINTED.fullmatch(after.text)) and not match[1] and patterns.UNIT_END.search(line.text)
    )


def _take_printed(found: re.Match[str], line: Line, field: str, content: dict[str, Any], notes: Notes) -> None:
    if found[1].strip():
        put(content, "printer", found[1].strip().rstrip("，,"), line.where, notes)
    take_date(found[2], line.where, "print_date", content, notes)


def take_date(text: str, where: str, name: str, content: dict[str, Any], notes: Notes) -> None:
    """Put a date in ISO form into ``content``; what cannot be one, or was not in Arabic numerals, is noted."""
    match = patterns.DATE.fullmatch(text.strip())
    day = patterns.parse_date(match) if match else None
    said = "印发日期" if name == "print_date" else "成文日期"
    if day is None:
        notes.add("bad_date", where, f"{said}{quoted(text)}不是完整的日期，没有带入，请填写。")
        return
    put(content, name, day.isoformat(), where, notes)
    if not text.strip()[:4].isascii():
        notes.add("date_in_chinese", where, f"{said}{quoted(text)}按标准（7.3.5.4、7.4.3）改用半角阿拉伯数字。")


@dataclass(frozen=True)
class Parts:
    """The lines of the text, and of each text that follows it: ``labelled`` ones are annexes."""

    body: list[Source]
    sections: list[tuple[bool, list[Source]]]


def take_signature(items: list[Source], content: dict[str, Any], notes: Notes) -> Parts:
    """Move 署名, 成文日期 and 附注 into ``content``; divide the rest into the text and what follows it."""
    label = next((n for n, item in enumerate(items) if _is_annex(item, alone=True) and n), len(items))
    day = next((n for n, item in enumerate(items[:label]) if n and _is_day(item)), None)
    if day is None:
        return Parts(items[:label], _sections(items[label:]))
    line = items[day]
    assert isinstance(line, Line)  # noqa: S101 - tells the type
    take_date(line.text, line.where, "date", content, notes)
    first = _issuers_from(items, day)
    issuers = [
        name for item in items[first:day] if isinstance(item, Line) for name in re.split(r"\s{2,}|　+", item.text)
    ]
    if issuers:
        content["issuers"] = [name for name in issuers if name]
    after = day + 1
    if after < len(items) and isinstance(note := items[after], Line) and (found := patterns.NOTE.fullmatch(note.text)):
        content["note"] = found[1].strip()
        after += 1
    return Parts(items[:first], _sections(items[after:]))


def _is_day(item: Source) -> bool:
    return isinstance(item, Line) and bool(
        patterns.DATE.fullmatch(item.text) or patterns.UNFINISHED_DATE.fullmatch(item.text)
    )


def _issuers_from(items: list[Source], day: int) -> int:
    first = day
    while first > 1 and day - first < _MOST_ISSUERS and _is_issuer(items[first - 1]):
        first -= 1
    return first


def _is_issuer(item: Source) -> bool:
    if not isinstance(item, Line) or len(item.text) > _LONGEST_ISSUER or re.search("[。，；：:！？、]", item.text):
        return False
    if patterns.number_level(item.text) or patterns.LISTED_NUMBER.match(item.text):
        return False
    return item.right or bool(patterns.UNIT_END.search(item.text))


def _is_annex(item: Source, *, alone: bool = False) -> bool:
    """附件1 on a line of its own, or 附件1：名称 at the top of a page."""
    if not isinstance(item, Line):
        return False
    found = patterns.ANNEX.fullmatch(item.text)
    if not found:
        return False
    if found[2]:
        return item.new_page and not alone
    return not item.text.rstrip().endswith((":", "："))


def _sections(items: list[Source]) -> list[tuple[bool, list[Source]]]:
    sections: list[tuple[bool, list[Source]]] = []
    for item in items:
        if _is_annex(item):
            sections.append((True, [item]))
        elif not sections or (item.new_page and isinstance(item, Line) and item.stands_out and not sections[-1][0]):
            sections.append((False, [item]))
        else:
            sections[-1][1].append(item)
    return sections


def take_listed(body: list[Source], notes: Notes) -> tuple[list[Source], list[str]]:
    """附件说明 at the end of a text: its lines taken out, the names without their numbers."""
    start = next((n for n in range(len(body) - 1, -1, -1) if _begins_list(body[n])), None)
    if start is None or not all(_continues_list(item) for item in body[start + 1 :]):
        return body, []
    names: list[str] = []
    numbers: list[int] = []
    for index, item in enumerate(body[start:]):
        assert isinstance(item, Line)  # noqa: S101 - tells the type
        found = patterns.LISTED.fullmatch(item.text)
        text = found[1].strip() if found and not index else item.text
        number = patterns.LISTED_NUMBER.match(text)
        if number:
            numbers.append(int(number[1]))
            text = text[number.end() :].strip()
        if number or not names:
            names += [text] if text else []
        else:
            names[-1] += text
    if numbers != list(range(1, len(numbers) + 1)) or (numbers and len(numbers) != len(names)):
        notes.add("list_numbers", body[start].where, "附件说明的序号不连续，已按次序重编。")
    return body[:start], names


def _begins_list(item: Source) -> bool:
    return isinstance(item, Line) and bool(patterns.LISTED.fullmatch(item.text))


def _continues_list(item: Source) -> bool:
    return isinstance(item, Line) and (bool(patterns.LISTED_NUMBER.match(item.text)) or not item.text.endswith("。"))


def annex_title(items: list[Source]) -> tuple[str, list[Source]]:
    """The title on an annex's label, if any, and the lines below the label."""
    label = items[0]
    found = patterns.ANNEX.fullmatch(label.text) if isinstance(label, Line) else None
    title = (found[2] or "").strip() if found else ""
    rest = items[1:]
    if rest:
        rest = [replace(rest[0], new_page=False), *rest[1:]]
    return title, rest
