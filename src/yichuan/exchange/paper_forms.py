"""On paper: the list of whom a dispatch reaches by post (送达名单), and one cover sheet a recipient (公文送达单)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from yichuan.common import clock
from yichuan.exchange.models import Dispatch, PaperRecipient
from yichuan.exchange.selectors_paper import PaperSheet
from yichuan.web.paper_form import Cell, PaperForm


def delivery_list(dispatch: Dispatch, sheet: PaperSheet) -> bytes:
    """送达名单: who gets something on paper, what, how many, where to, and when it went. Not while locks are held."""
    form = PaperForm("公文送达名单", number=dispatch.document.number or "", footer=_printed())
    form.table(*_head(dispatch))
    heads = ("序号", "收件单位", "纸质件", "份数", "地址", "寄出", "收到")
    lines = [[Cell(text, label=True) for text in heads]]
    rows = [
        (row.name, "公文", row.copies, row.address, _day(row.posted_at), row.remark) for row in sheet.recipients
    ] + [
        (delivery.addressee_name, item.name, item.copies, "", _day(item.posted_at), _day(item.arrived_at))
        for delivery in sheet.deliveries
        for item in delivery.on_paper  # type: ignore[attr-defined]
    ]
    for place, row in enumerate(rows, start=1):
        lines.append([Cell(str(place)), *(Cell(str(text)) for text in row)])
    form.table([0.6, 2.2, 2, 0.7, 2.6, 1.2, 1.2], lines)
    form.note(f"共 {len(rows)} 项。")
    return form.pdf()


def cover_sheet(dispatch: Dispatch, recipient: PaperRecipient, attachments: Sequence[str]) -> bytes:
    """公文送达单 for one recipient that is not connected: it travels with the paper and comes back signed."""
    document = dispatch.document
    form = PaperForm("公文送达单", number=document.number or "", footer=_printed())
    rows = [
        ("收件单位", recipient.name),
        ("地址", recipient.address or "没有填写"),
        ("发文单位", dispatch.sender.name),
        ("文件标题", document.title),
        ("发文字号", document.number or "", "紧急程度", document.urgency),
        ("主送抄送", recipient.get_role_display(), "份数", f"{recipient.copies} 份"),
        ("纸质附件", "、".join(attachments) or "没有"),
        ("发出时间", _moment(dispatch.sent_at), "寄出时间", _moment(recipient.posted_at)),
    ]
    form.table([1, 2, 1, 2], [_line(*row) for row in rows])
    form.heading("收件单位签收")
    form.table(
        [1, 2, 1, 2],
        [
            [Cell("收件人签名", label=True, height_mm=20), Cell(), Cell("收到时间", label=True), Cell()],
            [Cell("单位印章", label=True, height_mm=40), Cell(span=3)],
        ],
    )
    form.note("本单位没有接入电子公文交换系统，公文以纸质送达。请签收后将本单退回发文单位。")
    return form.pdf()


def _head(dispatch: Dispatch) -> tuple[list[float], list[list[Cell]]]:
    document = dispatch.document
    return [1, 5], [
        [Cell("文件标题", label=True), Cell(document.title)],
        [Cell("发文单位", label=True), Cell(f"{dispatch.sender.name}，{_moment(dispatch.sent_at)} 发出")],
    ]


def _line(*texts: str) -> list[Cell]:
    """A label and its text, once over the whole width or twice beside each other."""
    if len(texts) == 2:
        return [Cell(texts[0], label=True), Cell(texts[1], span=3)]
    return [Cell(text, label=place % 2 == 0) for place, text in enumerate(texts)]


def _printed() -> str:
    return f"{_moment(clock.now())} 打印"


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%m-%d}" if at else ""
