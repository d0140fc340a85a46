"""Keeping who qualifies for a post: on the establishment, and trained before the post begins (P8, J-12, G-6)."""

import uuid
from datetime import date

from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotAllowed, NotFound
from yichuan.common.transactions import command
from yichuan.org.models import Staff
from yichuan.org.permissions import OrgPermission as May
from yichuan.org.selectors.staff import for_the_centre
from yichuan.org.services.card import trained
from yichuan.org.services.filing import file
from yichuan.people.models import Account


def record_training(
    *, actor: Account, account_id: uuid.UUID, established: bool, trained_on: date | None, note: str = ""
) -> Staff:
    """Write down both facts about a person. A command. Posts that the person holds already are not touched by it."""
    text = note.strip()
    if len(text) > 120 or hides_something(text):
        raise Invalid({"training_note": "培训说明最多 120 个字，不能有看不见的字符。"})
    day = trained(trained_on, timezone.localdate(clock.now()))
    with command():
        people = Staff.objects.select_for_update(of=("self",)).select_related("account", "unit")
        staff = people.filter(pk=account_id).first()
        if staff is None or not may_record(actor, staff):
            raise NotFound("no_person", "没有这个人，或者不归你登记。")
        if account_id == actor.pk:
            raise NotAllowed("own_training", "自己的在编和培训情况由别的管理员登记。")
        staff.established, staff.trained_on, staff.training_note = established, day, text
        staff.save(update_fields=["established", "trained_on", "training_note"])
        detail = {"established": established, "trained_on": day.isoformat() if day else ""}
        record(verb="org.record_training", actor=actor, unit_id=staff.unit_id, subject=staff, detail=detail)
        what = f"{staff.account.name}：{'在编' if established else '不在编'}，{f'{day} 培训' if day else '未培训'}"
        file(actor=actor, account=staff.account, unit=staff.unit, what=what)
    return staff


def may_record(actor: Account, staff: Staff) -> bool:
    """The administrator of the person's unit, and the system administrator, who looks after those administrators."""
    return for_the_centre(actor, May.REQUEST_CENTRE_ACCESS) or (
        staff.unit is not None and actor.has_perm(May.MANAGE_STAFF, staff.unit)
    )
