"""The end of an import: given up before it began, its file and rows removed on demand or after thirty days."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from yichuan.audit.services.record import record
from yichuan.changes.models import Import, ImportRow, Imprint
from yichuan.changes.services.batch_access import locked_import
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account

KEPT = timedelta(days=30)


def drop_import(*, actor: Account, import_id: uuid.UUID) -> Import:
    """Give up an import that was only looked at, or remove the file and rows of one that ended. A command."""
    with command():
        source = locked_import(actor, import_id)
        if source.state == Import.State.RUNNING:
            raise Refused("running", "正在导入，不能删除。请等它完成。")
        if source.state == Import.State.CHECKED:
            source.state = Import.State.DROPPED
        _remove(source, actor)
    return source


def expire_imports() -> int:
    """Remove what has lain for thirty days; how many. For the ticker."""
    old = Import.objects.filter(removed_at=None, taken_at__lt=clock.now() - KEPT).exclude(state=Import.State.RUNNING)
    removed = 0
    for import_id in list(old.values_list("pk", flat=True)[:50]):
        with command():
            source = Import.objects.select_for_update().get(pk=import_id)
            if source.removed_at is None and source.state != Import.State.RUNNING:
                if source.state == Import.State.CHECKED:
                    source.state = Import.State.DROPPED
                _remove(source, None)
                removed += 1
    return removed


def _remove(source: Import, actor: Actor | None) -> None:
    """The file, the rows and what stands in them; the sweeper takes the blobs. Imprints in use stay. A step."""
    require_transaction()
    if source.removed_at is not None:
        raise Refused("removed_already", "表格和明细已经删除。")
    source.rows.all().delete()
    source.blob, source.file_name, source.removed_at = "", "", clock.now()
    source.save()
    record(verb="changes.remove_import", actor=actor, subject=source, detail={"batch": source.batch_id})


def blob_names() -> Iterator[str]:
    """Every blob that imports and imprints refer to, for the sweeper."""
    yield from Import.objects.exclude(blob="").values_list("blob", flat=True).iterator()
    yield from ImportRow.objects.exclude(blob="").values_list("blob", flat=True).iterator()
    yield from Imprint.objects.values_list("blob", flat=True).iterator()
