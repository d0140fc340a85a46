"""A unit comes to be (J-8): its place in the address book, its box, its administrator's account."""

from datetime import date
from typing import Any

from django.db.models import Max

from yichuan.changes.content import Administered, NewUnit
from yichuan.changes.models import Application, Plan
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post, Unit
from yichuan.org.selectors import not_ended
from yichuan.org.services.access import request_change
from yichuan.org.services.register_unit import UnitEntry, register_unit
from yichuan.org.services.staff import register_person
from yichuan.people.models import Account


def open_unit(*, actor: Actor, application: Application, plan: Plan, content: NewUnit) -> tuple[Unit, Account]:
    """The unit under the identifiers of the plan, and its administrator, whose post waits for the auditor. A step."""
    require_transaction()
    last = Unit.objects.aggregate(order=Max("order"), batch=Max("batch"))
    entry = UnitEntry(
        code=application.number or "",
        short_name=content.short_name,
        name=content.name,
        rank=content.rank,
        batch=last["batch"] or 1,
        starts=content.starts or date.min,
        order=(last["order"] or 0) + 1,
        kind=content.unit_kind,
    )
    unit = register_unit(entry, actor=actor, unit_id=plan.unit_id, box_id=plan.box_id)
    return unit, open_administrator(actor=actor, unit=unit, content=content, number=application.number or "")


def open_administrator(*, actor: Actor, unit: Unit, content: Administered, number: str) -> Account:
    """The account of the administrator whom the letter names. A step. Its first password is handed over later."""
    account, _ = register_person(
        actor=actor,
        unit=unit,
        username="",
        name=content.admin_name,
        title=content.admin_title,
        phone=content.admin_phone,
        mobile=content.admin_mobile,
        mail=content.admin_mail,
        established=content.admin_established,
        trained_on=content.admin_trained_on,
    )
    ask_for_post(account=account, unit=unit, number=number)
    return account


def ask_for_post(*, account: Account, unit: Unit, number: str) -> None:
    """Ask for the administrator's post; the auditor's review puts it into force (P4). A step."""
    held = not_ended(Post.objects.filter(account=account, unit=unit, duty=Duty.UNIT_ADMIN))
    if not held.exists():
        reason = f"申请 {number} 的来函确定为单位系统管理员"
        ask(AccessChange.Kind.APPOINT, account=account, unit=unit, duty=Duty.UNIT_ADMIN, reason=reason)


def ask(kind: AccessChange.Kind, *, account: Account, reason: str, **more: Any) -> None:
    """Ask in the centre's own name, unless the same was asked for already. A step."""
    try:
        request_change(actor=None, kind=kind, account=account, reason=reason, **more)
    except Refused as refusal:
        if refusal.code != "asked_already":
            raise
