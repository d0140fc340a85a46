"""印模单: the imprint at true size on A4, to be measured with a ruler and signed by hand (附件2)."""

import math

from django.utils import timezone

from yichuan.common import clock
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_scan import svg_of
from yichuan.web.paper_form import Cell, PaperForm

TITLE = "电子印章印模单"
RULER_MM = 50
_APART, _RULER_HEIGHT, _EDGE = 12.0, 8.0, 4.0
TRUE_SIZE = (
    f"打印时选“实际大小”或者 100%，不要选“适合纸张”。打印后量上面的标尺：应正好是 {RULER_MM} 毫米，"
    "每小格 1 毫米；不是的，印模的大小就不准，请改打印设置重新打印。"
)


def sheet(imprint: Imprint) -> bytes:
    """The sheet as PDF; not while locks are held."""
    scan = _svg_of_scan(imprint)
    picture, height = _at_true_size([imprint.svg, *([scan] if scan else [])])
    source = imprint.get_source_display() + ("，右为实物公章扫描件" if scan else "")
    approved = f"{imprint.approved_by.name}，{_day(imprint)}" if imprint.approved_by else "还没有批准"
    form = PaperForm(
        title=TITLE,
        number=f"编号 {str(imprint.pk)[:8]}",
        footer=f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M} 打印，请按 100% 打印",
    )
    under = imprint.inputs.get("bottom_line") or imprint.inputs.get("tail") or "无"
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("使用单位", label=True), Cell(imprint.unit.name, span=3)],
            [Cell("印章名称", label=True), Cell(imprint.name, span=3)],
            [Cell("下方文字", label=True), Cell(under), Cell("直径", label=True), Cell(f"{imprint.diameter_mm} 毫米")],
            [Cell("印模来源", label=True), Cell(source), Cell("批准", label=True), Cell(approved)],
            [Cell("印模 SM3", label=True), Cell(f"{imprint.digest[:32]} {imprint.digest[32:]}", span=3)],
        ],
    )
    form.table([1], [[Cell(svg=picture, height_mm=height)]])
    form.note(TRUE_SIZE)
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("实物公章印模（盖章）", label=True, height_mm=50), Cell(span=3)],
            [Cell("单位负责人签字", label=True, height_mm=16), Cell(), Cell("日期", label=True), Cell()],
        ],
    )
    return form.pdf()


def _at_true_size(pictures: list[str]) -> tuple[str, float]:
    """One SVG with the pictures side by side over a ruler, and its height in mm; every unit of it is a millimetre."""
    sides = [float(each.partition('viewBox="0 0 ')[2].partition(" ")[0]) for each in pictures]
    high = max(sides)
    width, height = sum(sides) + _APART * (len(sides) - 1) + 2 * _EDGE, high + _RULER_HEIGHT + 3 * _EDGE
    width = max(width, RULER_MM + 2 * _EDGE)
    drawn, left = "", _EDGE
    for side, each in zip(sides, pictures, strict=True):
        inside = each[each.index(">") + 1 : each.rindex("</svg>")]
        drawn += f'<g transform="translate({left} {_EDGE + (high - side) / 2})">{inside}</g>'
        left += side + _APART
    base = height - _EDGE
    marks = "".join(
        f"M{_EDGE + mm} {base}v-{6 if mm % 10 == 0 else 4.5 if mm % 5 == 0 else 3}" for mm in range(RULER_MM + 1)
    )
    ruler = f'<path d="M{_EDGE} {base}h{RULER_MM}{marks}" fill="none" stroke="#000" stroke-width="0.15"/>'
    size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}{ruler}</svg>', height


def _svg_of_scan(imprint: Imprint) -> str:
    """The scan beside a drawn imprint; a scanned one is its own picture."""
    if imprint.source != Imprint.Source.DRAWN or not imprint.scan:
        return ""
    return svg_of(bytes(imprint.scan), math.ceil(imprint.diameter_mm))


def _day(imprint: Imprint) -> str:
    return f"{timezone.localtime(imprint.approved_at):%Y年%-m月%-d日}" if imprint.approved_at else ""
