"""Approving an imprint (批准印模): the unit's own word, by its head; and deleting one that nobody approved."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.org.selectors.who_can import holders
from yichuan.seals.models import Imprint
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.imprint_access import open_imprint
from yichuan.seals.services.imprint_draw import check_unaltered


def approve(*, actor: Actor, imprint_id: uuid.UUID, digest: str) -> Imprint:
    """Fix the imprint: nothing of it changes after. A command.

    :param digest: of the imprint that the page showed; another one is not approved in its place.
    """
    with command():
        row = open_imprint(actor, imprint_id)
        check(actor, SealsPermission.SIGN_APPLICATION, row.unit)
        if row.digest != digest:
            raise Refused("imprint_other", "这不是页面上显示的那个印模。请刷新页面，看清后再批准。")
        if row.unit_name.valid_to is not None or row.unit.closed_at is not None:
            raise Refused("name_gone", f"「{row.name}」已不是本单位现在的名称，请按现在的名称另外制作印模。")
        if row.made_by_id == actor.pk and _others(actor, row):
            raise Refused("own_imprint", "印模由你制作，请由本单位另一位负责人批准。")
        check_unaltered(row)
        row.approved_by_id, row.approved_at = actor.pk, clock.now()
        row.save(update_fields=["approved_by", "approved_at"])
        detail = {"name": row.name, "digest": row.digest}
        record(verb="seals.approve_imprint", actor=actor, unit_id=row.unit_id, subject=row, detail=detail)
    return row


def drop(*, actor: Actor, imprint_id: uuid.UUID) -> None:
    """Delete an imprint that was not approved (删去印模). A command."""
    with command():
        row = open_imprint(actor, imprint_id)
        check(actor, SealsPermission.APPLY, row.unit)
        if row.applications.exists():
            raise Refused("imprint_used", "印章申请里选用了这个印模，不能删去。请先在申请里换成别的印模。")
        detail = {"name": row.name, "digest": row.digest}
        record(verb="seals.drop_imprint", actor=actor, unit_id=row.unit_id, subject=row, detail=detail)
        row.delete()


def may_approve(actor: Actor, imprint: Imprint) -> bool:
    """Whether the page offers it."""
    if imprint.approved_at is not None or not actor.has_perm(SealsPermission.SIGN_APPLICATION, imprint.unit):
        return False
    return imprint.made_by_id != actor.pk or not _others(actor, imprint)


def _others(actor: Actor, imprint: Imprint) -> bool:
    """Whether somebody else in the unit may approve."""
    held = holders(SealsPermission.SIGN_APPLICATION, imprint.unit)
    return held.filter(unit=imprint.unit).exclude(account=actor.pk).exists()
