"""How the 退文告知单 reads: what came back to whom, why, what the checks said, who returned it and when."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.models import Centre
from yichuan.exchange.models import Delivery, ReturnNotice
from yichuan.web.paper_form import Cell, PaperForm

NO_NUMBER = "（没有文号）"


def return_paper(notice: ReturnNotice, delivery: Delivery, said: dict[str, Any]) -> bytes:
    """The notice as PDF on A4; `said` is the payload of the receipt of the return. Not while locks are held."""
    dispatch, document = delivery.dispatch, delivery.dispatch.document
    form = PaperForm(title="退文告知单", number=notice.number, footer=f"{_centre()}生成　文件标识 {delivery.pk}")
    form.note(f"{dispatch.sender.name}：")
    form.note("你单位发来的下列电子公文，经核对不能接收，现予退回，请按退回理由处理后再办。")
    rows = [
        [Cell("标题", label=True), Cell(document.title, span=3)],
        [
            Cell("发文字号", label=True),
            Cell(document.number or NO_NUMBER),
            Cell("发出时间", label=True),
            Cell(_time(dispatch.sent_at)),
        ],
        [Cell("退回理由", label=True, height_mm=30), Cell(said["reason"], span=3)],
        [Cell("校验没有\n通过的项目", label=True), Cell(said.get("failed") or "各项校验通过。", span=3)],
        [
            Cell("退回单位", label=True),
            Cell(str(said.get("acting_unit") or said["unit"]), span=3),
        ],
        [
            Cell("经办人", label=True),
            Cell(said["by"]),
            Cell("退回时间", label=True),
            Cell(_time(datetime.fromisoformat(said["at"]))),
        ],
    ]
    form.table([2, 4, 2, 4], rows)
    form.note(f"公文摘要（SM3）：{said['digest_sm3']}")
    form.note(
        f"交换规则：{profile.current().title}。本告知单由交换中心按退回时的登记生成，以退回单位交换箱的回执密钥签名，"
        "发文单位和退回单位都可以打开。"
    )
    return form.pdf()


def _centre() -> str:
    centre = Centre.objects.first()
    return f"{centre.name}电子公文交换中心" if centre else "电子公文交换中心"


def _time(at: datetime) -> str:
    local = localtime(at, profile.current().zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"
