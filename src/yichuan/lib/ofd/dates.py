"""Where a document's date (成文日期) stands on the pages of an OFD, for placing a seal over it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from lxml import etree

from .model import Box, read_document
from .package import Package
from .xmlread import children, local, raw_text

_CHINESE = "〇○零一二三四五六七八九十"
_DATE = re.compile(rf"(\d{{4}}|[{_CHINESE}]{{4}})年(\d{{1,2}}|[{_CHINESE}]{{1,3}})月(\d{{1,2}}|[{_CHINESE}]{{1,3}})日")
_SAME_LINE_MM = 1.0

Run = tuple[Box, str]


def date_place(package: Package) -> tuple[int, float, float] | None:
    """Page (from 0) and middle, mm, of the first line that is nothing but a date; None where there is none.

    Only text of the pages themselves is read, not that of templates. Raises OfdError as `read_document`.
    """
    for page in read_document(package).pages:
        for line in _lines(package.xml(page.loc)):
            if _DATE.fullmatch("".join("".join(text for _, text in line).split())):
                left = min(box[0] for box, _ in line)
                right = max(box[0] + box[2] for box, _ in line)
                top = line[0][0][1] + line[0][0][3] / 2
                return page.index, (left + right) / 2, top
    return None


def _lines(root: etree._Element) -> Iterator[list[Run]]:
    """Neighbouring text objects whose middles lie at one height, as lines in the order of the file."""
    line: list[Run] = []
    for element in root.iter():
        run = _run(element) if local(element) == "TextObject" else None
        if run is None:
            continue
        if line and abs(_middle(line[0][0]) - _middle(run[0])) > _SAME_LINE_MM:
            yield line
            line = []
        line.append(run)
    if line:
        yield line


def _run(element: etree._Element) -> Run | None:
    try:
        x, y, width, height = (float(part) for part in (element.get("Boundary") or "").split())
    except ValueError:
        return None
    if not all(map(math.isfinite, (x, y, width, height))):
        return None
    return (x, y, width, height), "".join(raw_text(code) for code in children(element, "TextCode"))


def _middle(box: Box) -> float:
    return box[1] + box[3] / 2
