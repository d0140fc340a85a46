"""Exporting what a list shows (导出): a table of at most `MOST_ROWS` rows, on record. It holds no document."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from yichuan.audit.services.record import record
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.archives import moment_in_full
from yichuan.lib.xlsx import workbook
from yichuan.people.models import Account
from yichuan.web.lists import Column

MOST_ROWS = 5_000
MOST_READ = 200
"""With words of the text in the filter every text is opened and compared: so many rows."""

Cell = Callable[[Any], str | int]


def _papers(delivery: Delivery) -> str:
    said = ["未经电话通知"] if delivery.dispatch.without_call else []
    if delivery.papers:
        said.append(f"纸质件 {delivery.papers} 件，已到 {delivery.papers_arrived} 件")
    return "；".join(said)


DELIVERY_CELLS: dict[str, Cell] = {
    "urgency": lambda each: each.dispatch.document.urgency,
    "number": lambda each: each.dispatch.document.number or "",
    "title": lambda each: each.dispatch.document.title,
    "marks": _papers,
    "role": lambda each: each.get_role_display(),
    "sender": lambda each: each.dispatch.sender_name,
    "arrived": lambda each: moment_in_full(each.arrived_at),
    "signed": lambda each: moment_in_full(each.signed_for_at),
    "received": lambda each: moment_in_full(each.received_at),
    "state": lambda each: each.get_state_display(),
}


def _waiting(dispatch: Dispatch) -> int:
    return dispatch.total - dispatch.received - dispatch.signed - dispatch.returned


def _standing(dispatch: Dispatch) -> str:
    if dispatch.withdrawn_at:
        return "已撤回"
    said = [f"{dispatch.returned} 家退回"] if dispatch.returned else []
    said += [f"{_waiting(dispatch)} 家未签收"] if _waiting(dispatch) else []
    return "，".join(said) or ("全部签收" if dispatch.signed else "全部接收")


def _progress(dispatch: Dispatch) -> str:
    return f"已接收 {dispatch.received}，已签收 {dispatch.signed}，退回 {dispatch.returned}，其余 {_waiting(dispatch)}"


DISPATCH_CELLS: dict[str, Cell] = {
    "urgency": lambda each: each.document.urgency,
    "number": lambda each: each.document.number or "",
    "title": lambda each: each.document.title,
    "sent": lambda each: moment_in_full(each.sent_at),
    "progress": _progress,
    "signed": lambda each: f"{each.signed + each.received} / {each.total}",
    "standing": _standing,
}
DOCUMENT_CELLS: dict[str, Cell] = {
    "urgency": lambda each: each.urgency,
    "number": lambda each: each.number or "",
    "title": lambda each: each.title,
    "kind": lambda each: each.kind,
    "author": lambda each: each.author.name,
    "begun": lambda each: moment_in_full(each.created_at),
    "changed": lambda each: moment_in_full(each.changed_at),
    "state": lambda each: each.get_state_display(),
}


def export_list(
    *,
    actor: Account,
    unit_id: uuid.UUID,
    title: str,
    columns: Sequence[Column],
    cells: dict[str, Cell],
    rows: Iterable[Any],
    more: bool,
) -> bytes:
    """The workbook (XLSX) of these rows, in these columns. A command. `more`: there are rows that are left out, which
    its last line says. The caller has narrowed the rows to what the actor may see, and bounded them."""
    table: list[tuple[str | int, ...]] = [("序号", *(column.label for column in columns))]
    for number, row in enumerate(rows, start=1):
        table.append((number, *(cells[column.key](row) for column in columns)))
    count = len(table) - 1
    if more:
        table.append(("", f"只导出了最近的 {count} 件，其余没有导出。请用起止日期等条件分几次导出。"))
    data = workbook(title, table)
    with command():
        detail = {"kind": title, "count": count}
        record(verb="exchange.export_list", actor=actor, unit_id=unit_id, detail=detail)
    return data
