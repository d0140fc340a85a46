"""附件说明 and the texts it names: annexes and enclosures, each on a new page (GB/T 9704-2012 7.3.4, 7.3.7, 8)."""

from __future__ import annotations

from yichuan.lib.gongwen import grid
from yichuan.lib.gongwen.blocks import Section
from yichuan.lib.gongwen.flow import Item, body_items, gap_item, line_item, set_lines, text_items, title_items
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.lines import Line, Run, text_width


def attachment_items(names: tuple[str, ...], fonts: FontSet, frame: grid.Frame = grid.PORTRAIT) -> list[Item]:
    """附件说明 (7.3.4): below one empty line, names aligned with each other when they run over."""
    if not names:
        return []
    label = "附件："
    items = [gap_item()]
    number_width = 0.0
    if len(names) > 1:
        number_width = max(text_width("fangsong", f"{n}.", fonts) for n in range(1, len(names) + 1))
    start = 2.0 + len(label) + number_width
    for index, name in enumerate(names):
        number = f"{index + 1}." if len(names) > 1 else ""
        lines = set_lines([("fangsong", name)], fonts, first=start, hang=start, width=frame.columns)
        before: list[Run] = []
        if index == 0:
            before.append(Run(2.0, label, "fangsong", float(len(label)), 0.0, True))
        if number:
            before.append(Run(2.0 + len(label), number, "fangsong", text_width("fangsong", number, fonts), 0.0, False))
        lines[0] = Line((*before, *lines[0].runs), lines[0].width)
        items += [line_item(line) for line in lines]
    return items


def section_items(section: Section, label: str, fonts: FontSet) -> list[Item]:
    """An annex (7.3.7: label at the top left in 黑体, title on the third row) or, without label, an enclosure."""
    frame = grid.LANDSCAPE if section.landscape else grid.PORTRAIT
    items: list[Item] = []
    row = 1
    if label:
        row = 2
        for line in set_lines([("heiti", label)], fonts):
            items += text_items(line, cell=grid.CELL, size=grid.SIZE_3)
    title, rows = title_items(section.title, (), fonts, row, frame)
    head = {"kind": "fixed", "rows": row + rows, "items": items + title, "mark": "", "sticky": True}
    return [
        {"kind": "page", "landscape": section.landscape},
        head,
        gap_item(),
        *body_items(section.body, fonts, frame),
        *attachment_items(section.attachments, fonts, frame),
    ]
