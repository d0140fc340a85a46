"""Taking along what a search of the log found: a table of at most `MOST_ROWS` entries, on record."""

from typing import Any

from django.utils.timezone import localdate, localtime

from yichuan.audit.asked import asked
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.services.record import record
from yichuan.audit.services.search_log import detail_of
from yichuan.audit.telling import Line, lines
from yichuan.audit.unreadable import Unreadable
from yichuan.common import clock
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.lib.xlsx import workbook

MOST_ROWS = 5_000
HEAD = ("序号", "时间", "人员", "单位", "动作", "详细", "记录编号")


def export_log(*, actor: Actor, fields: dict[str, Any]) -> bytes:
    """The workbook (XLSX) of what the checked fields of `LogForm` ask for, the newest first. A command.

    Its last line says so where there is more than it holds.
    """
    check(actor, AuditPermission.SEE_LOG, None)
    found = asked(fields, localdate(clock.now())).found(None, MOST_ROWS)
    table = [HEAD, *(_row(line) for line in lines(found.entries))]
    if found.looked_to is not None:
        table.append(("", f"只往前查到 {_moment(found.looked_to)}，更早的没有导出。请加上起止日期分几次导出。"))
    elif found.older is not None:
        table.append(("", f"只导出了最近的 {MOST_ROWS} 条，其余没有导出。请加上起止日期分几次导出。"))
    data = workbook("日志", table)
    with command():
        record(verb="audit.export", actor=actor, detail=detail_of(fields) | {"count": len(found.entries)})
    return data


def _row(line: Line) -> tuple[str | int, ...]:
    detail = "；".join(f"{name}：{value}" for name, value in line.detail)
    entry = line.entry
    if isinstance(entry, Unreadable):
        at, uid = _moment(entry.at) if entry.at else "", str(entry.uid or "")
        return line.place or "", at, "", "", line.text, detail, uid
    return line.place or "", _moment(entry.at), entry.actor_name, line.unit, line.text, detail, str(entry.uid)


def _moment(at: Any) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"
