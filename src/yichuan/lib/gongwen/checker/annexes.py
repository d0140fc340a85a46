"""附件说明 and the annexes it announces (GB/T 9704-2012 7.3.4, 7.3.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yichuan.lib.gongwen.checker.findings import Finding, finding
from yichuan.lib.gongwen.checker.values import END_MARKS, bodies, objects_of, text_of, texts_of

_REFERENCE = re.compile(r"[见按附]附件\s*(\d{1,2})")


def check_annexes(obj: dict[str, Any]) -> Iterator[Finding]:
    """Names without marks and numbers; the same names, in the same order, on the annexes."""
    listed = [(f"$.attachments[{index}]", name) for index, name in enumerate(texts_of(obj, "attachments"))]
    for number, section in enumerate(objects_of(obj, "enclosures")):
        path = f"$.enclosures[{number}].attachments"
        listed += [(f"{path}[{index}]", name) for index, name in enumerate(texts_of(section, "attachments"))]
    for path, name in listed:
        if name.strip().endswith(tuple(END_MARKS)):
            yield finding("attachment_mark", path, shown=name)
        if re.match(r"\d{1,2}\s*[.．、](?!\d)", name):
            yield finding("attachment_number", path, shown=name)
    titles = [text_of(section, "title") for section in objects_of(obj, "annexes")]
    yield from _agreement([name for _, name in listed], titles)
    yield from _references(obj, max(len(listed), len(titles)))


def _agreement(names: list[str], titles: list[str]) -> Iterator[Finding]:
    if titles and not names:
        yield finding("annexes_not_listed", "$.attachments", count=len(titles))
    elif names and not titles:
        yield finding("annexes_absent", "$.annexes", count=len(names))
    elif len(names) != len(titles):
        yield finding("annexes_count", "$.annexes", count=len(names), other=len(titles))
    else:
        for index, (name, title) in enumerate(zip(names, titles, strict=True)):
            if _same(name) != _same(title):
                yield finding("annex_title", f"$.annexes[{index}].title", count=index + 1, shown=title, other=name)


def _references(obj: dict[str, Any], known: int) -> Iterator[Finding]:
    for path, blocks in bodies(obj):
        for index, block in enumerate(blocks):
            for number in _REFERENCE.findall(text_of(block, "text")):
                if int(number) > known:
                    yield finding("annex_reference", f"{path}[{index}].text", count=number)


def _same(text: str) -> str:
    return re.sub(r"[\s《》]", "", text).rstrip(END_MARKS)
