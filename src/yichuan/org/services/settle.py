"""Whose administrator looks after an account when its person takes up a post (P1, G-5)."""

from yichuan.common.transactions import require_transaction
from yichuan.org.duties import ADMINISTRATORS
from yichuan.org.models import Staff, Unit


def settle(staff: Staff, *, duty: str, unit: Unit | None) -> None:
    """Register the person with the post's unit if they have none; the centre's own people belong to no unit. A step.

    Else the administrator of somebody's old unit could give the centre's auditor a new password.
    """
    require_transaction()
    if duty in ADMINISTRATORS:
        staff.unit = staff.office = None
    elif staff.unit_id is None:
        staff.unit = unit
    staff.save(update_fields=["unit", "office"])
