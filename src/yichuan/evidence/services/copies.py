"""What the code on a printed copy says, and whether that copy is on record (R4).

A stranger learns nothing that does not stand in the code, and thus on the paper in their hand: the record only says
whether it agrees.
"""

import uuid

from yichuan.evidence.words import Group, Line
from yichuan.exchange.models import PrintedCopy
from yichuan.exchange.services.print_codes import read_code
from yichuan.lib.print_code import PrintCode, looks_like_code

NOT_COVERED = "打印码证明有这一份编号原件，不证明纸上的字没有改过。要核对内容，请与电子原件对照，或者向发文单位查询。"


def copy_group(text: str) -> Group | None:
    """The checks on a code; None for a text that does not mean to be one."""
    if not looks_like_code(text):
        return None
    code = read_code(text)
    if code is None:
        return Group("打印码", (Line("签发", "bad", "不是本中心签发的打印码，或者已被改动。"),))
    lines = (
        Line("签发", "ok", "打印码由本中心签发，没有改动。"),
        Line("文号", "ok", code.number or "没有文号"),
        Line("份号", "ok", f"第 {code.copy} 份，该单位可打印 {code.allowance} 份"),
        Line("发给", "ok", code.unit),
        Line("打印时间", "ok", code.printed_at.replace("T", " ")),
        _record(code),
    )
    return Group("打印码", lines)


def _record(code: PrintCode) -> Line:
    copy = PrintedCopy.objects.select_related("delivery__dispatch__document").filter(pk=uuid.UUID(code.copy_id)).first()
    document = copy.delivery.dispatch.document if copy else None
    if copy is None or document is None or copy.state == PrintedCopy.State.FAILED:
        return Line("登记", "bad", "登记簿里没有这一份，请向发文单位核实。")
    if (copy.number, document.body_digest[:32]) != (code.copy, code.digest):
        return Line("登记", "bad", "登记簿里的份号或者原件与打印码不一致，请向发文单位核实。")
    return Line("登记", "ok", "这一份在登记簿里，与打印码一致。")
