"""Bringing an import in: by slices, each of them whole. Whoever dies in between, the next slice goes on from there."""

import logging
import time
import uuid

from yichuan.audit.services.record import record
from yichuan.changes.models import Import, ImportRow
from yichuan.changes.services.batch_access import locked_import
from yichuan.changes.services.import_do import bring_in
from yichuan.changes.services.import_slice import prepared
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import unavailable
from yichuan.people.models import Account

SLICE = 40  # rows: well under a second, for nobody else writes to SQLite meanwhile
TICK_SECONDS = 20.0
CHANGED = ["state", "note", "account", "unit"]
State = Import.State


def begin_import(*, actor: Account, import_id: uuid.UUID) -> Import:
    """Begin to bring in what is right; the faulty rows stay in the result. A command."""
    with command():
        source = locked_import(actor, import_id)
        if source.state != State.CHECKED:
            raise Refused(
                "wrong_state", f"这次导入现在是「{source.get_state_display()}」，不能再开始一次。请刷新页面。"
            )
        ready = source.rows.filter(state=ImportRow.State.WAITING).count()
        if not ready:
            raise Refused("nothing_to_do", "没有一行可以导入。请按提示改好表格，重新上传。")
        source.state, source.taken_by = State.RUNNING, actor
        source.save(update_fields=["state", "taken_by"])
        record(verb="changes.begin_import", actor=actor, subject=source, detail={"rows": ready})
    return source


def advance(import_id: uuid.UUID, *, seconds: float) -> bool:
    """Go on for about so long; whether there is more. A command a slice."""
    until = time.monotonic() + seconds
    more = True
    while more and time.monotonic() < until:
        try:
            more = _slice(import_id)
        except DeviceError as error:
            raise unavailable(error) from error
    return more


def go_on() -> int:
    """The ticker's share: imports that nobody watches, or whose process died; how many rows are left for later."""
    until = time.monotonic() + TICK_SECONDS
    for import_id in Import.objects.filter(state=State.RUNNING).order_by("taken_at").values_list("pk", flat=True):
        try:
            advance(import_id, seconds=until - time.monotonic())
        except Exception:
            logging.getLogger("yichuan.ticker").exception("the import %s stopped and is tried again", import_id)
    return ImportRow.objects.filter(source__state=State.RUNNING, state=ImportRow.State.WAITING).count()


def _slice(import_id: uuid.UUID) -> bool:
    with command():
        source = Import.objects.select_for_update().get(pk=import_id)
        if source.state != State.RUNNING:
            return False
        rows = list(source.rows.filter(state=ImportRow.State.WAITING).order_by("number")[:SLICE])
        bring_in(prepared(source, rows), rows)
        ImportRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=CHANGED)
        if len(rows) == SLICE:
            return True
        source.state, source.ended_at = State.DONE, clock.now()
        source.save(update_fields=["state", "ended_at"])
        done = source.rows.filter(state=ImportRow.State.DONE).count()
        left = source.rows.exclude(state=ImportRow.State.DONE).count()
        detail = {"batch": source.batch_id, "kind": source.kind, "done": done, "left": left}
        record(verb="changes.end_import", actor=source.taken_by, subject=source, detail=detail)
    return False
