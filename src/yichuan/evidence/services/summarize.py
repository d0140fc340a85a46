"""The page in a package, for who opens it without our program: what it holds, in a clerk's words."""

import json
from collections.abc import Sequence
from datetime import datetime

from yichuan.audit.labels import said
from yichuan.audit.models import Entry
from yichuan.compose.models import Document
from yichuan.evidence.services.material import Material
from yichuan.evidence.words import said as moment
from yichuan.exchange.models import Receipt
from yichuan.lib.evidence import Form, Table, summary_page

FOR = {Form.SENDER: "发文单位", Form.RECEIVER: "收文单位", Form.AUDITOR: "审计员"}
_NOTES = (
    "本页只供阅读，本身不是证明。请用 yichuan verify --trust 根证书 证据包.zip 核验全包；不需要网络，也不需要数据库。",
    "根证书要从别处取得，例如交换中心的书面通知，不能只用包里的那一份。",
)


def summary_of(document: Document, form: Form, found: Material, *, centre: str, at: datetime) -> bytes:
    """The page. The title stands in the sender's alone: nobody else may know it by a package."""
    facts = [
        ("交换中心", centre),
        ("给谁", FOR[form]),
        ("发文字号", document.number or "没有文号"),
        *([("标题", document.title)] if form is Form.SENDER else []),
        ("公文摘要（SM3）", document.body_digest),
        ("正文", "在包中：document.ofd" if form is Form.SENDER else "不在包中，只有摘要"),
        ("打包时间", moment(at)),
        ("日志检查点", f"{moment(found.checkpoint.at)} 共 {found.checkpoint.size} 项，{found.checkpoint.short}"),
    ]
    tables = [
        Table("回执", ("种类", "单位", "经办人", "时间", "编号"), _receipts(found.receipts), "没有回执。"),
        Table(
            "日志条目",
            ("日志序号", "时间", "事项", "经办人"),
            [_entry(place, each) for place, each in zip(found.places, found.entries, strict=True)],
            "没有日志条目。",
        ),
    ]
    return summary_page(f"证据包：{document.number or '没有文号'}", facts, tables, _NOTES)


def _receipts(receipts: Sequence[Receipt]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for receipt in receipts:
        payload = json.loads(bytes(receipt.payload))
        rows.append(
            (
                receipt.get_kind_display(),
                str(payload.get("unit", "")),
                str(payload.get("by", "")),
                moment(receipt.at),
                str(receipt.pk),
            )
        )
    return rows


def _entry(place: int, entry: Entry) -> tuple[str, ...]:
    return str(place + 1), moment(entry.at), said(entry.verb, entry.detail), entry.actor_name or "系统"
