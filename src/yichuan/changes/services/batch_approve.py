"""The supervising office approves a batch's list of units; the operator then has them registered (J-6(1), J-8)."""

from django.db.models import F

from yichuan.audit.services.record import record
from yichuan.changes.models import Batch, Import, ImportRow, PlannedUnit
from yichuan.changes.permissions import ChangesPermission as May
from yichuan.changes.services.batch_access import locked_batch, visible_batch
from yichuan.changes.services.import_rows import packed
from yichuan.changes.services.parties import centre_unit
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.sheets.cells import Row
from yichuan.common.transactions import command
from yichuan.org.models import CentreRole
from yichuan.people.models import Account


def approve_batch(*, actor: Account, number: int, version: int) -> Batch:
    """Approve the list as it stands: a later import of units wants a new approval. A command."""
    visible_batch(actor, number)
    with command():
        batch = Batch.objects.select_for_update().get(pk=number)
        if batch.version != version:
            raise Refused("changed_meanwhile", "这个批次刚刚被改过，没有批准。请刷新后看过名单再批。")
        if batch.approved_at is not None:
            raise Refused("approved_already", "这个批次的名单已经批准过了。")
        check(actor, May.APPROVE, centre_unit(CentreRole.Role.SUPERVISING))
        units = batch.planned.filter(unit=None).count()
        if not units:
            raise Refused("nothing_to_approve", "这个批次的名单里没有待加入的单位。请承办单位先导入单位名单。")
        batch.approved_at, batch.approved_by = clock.now(), actor
        batch.version = F("version") + 1
        batch.save()
        record(verb="changes.approve_batch", actor=actor, detail={"batch": number, "units": units})
    batch.refresh_from_db()
    return batch


def register_units(*, actor: Account, number: int) -> Import:
    """Begin to register the units of an approved list; it goes on by slices. A command."""
    with command():
        batch = locked_batch(actor, number)
        if batch.approved_at is None:
            raise Refused("not_approved", "名单还没有经主管单位批准，不能登记。请主管单位的审批人在本页批准。")
        if batch.imports.filter(kind=Import.Kind.JOIN, state=Import.State.RUNNING).exists():
            raise Refused("running", "这一批正在登记，请等它完成。")
        waiting = list(PlannedUnit.objects.filter(batch=batch, unit=None).order_by("order", "pk"))
        if not waiting:
            raise Refused("nothing_to_do", "名单里的单位都已经登记。")
        source = Import.objects.create(
            batch=batch,
            kind=Import.Kind.JOIN,
            state=Import.State.RUNNING,
            file_name="",
            wrapped_key=b"",
            taken_by=actor,
            taken_at=clock.now(),
        )
        ImportRow.objects.bulk_create(
            (
                ImportRow(source=source, number=number, state=ImportRow.State.WAITING, entry=entry_of(planned))
                for number, planned in enumerate(waiting, start=1)
            ),
            batch_size=500,
        )
        record(verb="changes.register_units", actor=actor, subject=source, detail={"batch": batch.number})
    return source


def entry_of(planned: PlannedUnit) -> str:
    """What the row of a planned unit says."""
    return packed(Row(0, {"id": str(planned.pk), "name": planned.name}))


def unapprove(actor: Actor, batch: Batch) -> None:
    """The list has grown: what was approved is not what stands there now. Part of a step."""
    if batch.approved_at is not None:
        Batch.objects.filter(pk=batch.pk).update(approved_at=None, approved_by=None)
        record(verb="changes.batch_list_changed", actor=actor, detail={"batch": batch.number})
    Batch.objects.filter(pk=batch.pk).update(version=F("version") + 1)
