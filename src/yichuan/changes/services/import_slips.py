"""First passwords of imported people: drawn when their slips are printed, for one unit at a time, and kept nowhere."""

import io
import uuid

import pikepdf
from django.db.models import F, QuerySet

from yichuan.audit.services.record import record
from yichuan.changes.models import Import, ImportRow
from yichuan.changes.services.batch_access import locked_import
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.reset_password import reset_password
from yichuan.people.services.slip import first_password_slip

MOST_AT_ONCE = 60


def print_slips(*, actor: Account, import_id: uuid.UUID, unit_id: uuid.UUID) -> bytes:
    """The slips of a unit's imported people who never logged in, as one PDF. A command.

    Printing again draws new passwords: slips printed before are then worth nothing.
    """
    drawn: list[tuple[Account, str]] = []
    with command():
        source = locked_import(actor, import_id)
        rows = list(_waiting(source, unit_id)[:MOST_AT_ONCE])
        if not rows:
            raise Refused("no_slips", "这个单位没有等着领初始密码的人员：都登录过，或者账号已停用。")
        for row in rows:
            assert row.account is not None  # noqa: S101 - `_waiting` leaves out the others; this tells the type
            drawn.append((row.account, reset_password(actor=actor, account=row.account)))
            row.account.refresh_from_db()
            row.slip_at = clock.now()
        ImportRow.objects.bulk_update(rows, ["slip_at"])
        record(verb="changes.print_slips", actor=actor, unit_id=unit_id, subject=source, detail={"people": len(rows)})
    with pikepdf.new() as whole:
        for account, password in drawn:
            with pikepdf.open(io.BytesIO(first_password_slip(account, password))) as slip:
                whole.pages.extend(slip.pages)
        written = io.BytesIO()
        whole.save(written)
    return written.getvalue()


def _waiting(source: Import, unit_id: uuid.UUID) -> QuerySet[ImportRow]:
    """Those who have not got a slip come first."""
    people = source.rows.filter(
        unit=unit_id, account__is_active=True, account__last_login=None, account__must_change_password=True
    )
    return people.select_related("account").order_by(F("slip_at").asc(nulls_first=True), "number")
