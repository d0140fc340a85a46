"""Changing a person's card, also the office they sit in (P1). Whether they qualify has a page of its own."""

import uuid
from typing import Any

from yichuan.audit.services.record import record
from yichuan.common.errors import Invalid
from yichuan.common.transactions import command
from yichuan.org.models import Office, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.card import card
from yichuan.org.services.filing import file
from yichuan.org.services.looked_after import locked_person
from yichuan.people.models import Account

_WORDS = {
    "name": "姓名", "title": "职务", "phone": "办公电话", "mobile": "手机", "mail": "电子邮箱",
    "office": "所在处室",
}  # fmt: skip


def edit_person(
    *,
    actor: Account,
    account_id: uuid.UUID,
    name: str,
    title: str = "",
    phone: str = "",
    mobile: str = "",
    mail: str = "",
    office: Office | None = None,
) -> Staff:
    """Keep the card as it is now. A command; what changed goes to the log by name, and is filed."""
    entry = card(name=name, title=title, phone=phone, mobile=mobile, mail=mail)
    with command():
        person = locked_person(actor, account_id, OrgPermission.MANAGE_STAFF)
        if office is not None and office.pk != person.office_id:
            present = Office.objects.filter(pk=office.pk, unit=person.unit, closed_at=None).exists()
            if not present:
                raise Invalid({"office": "本单位没有这个处室，或者已经撤销。"})
        before: dict[str, Any] = {each: getattr(person, each) for each in _WORDS if each not in ("name", "office")}
        before |= {"name": person.account.name, "office": person.office_id}
        person.title, person.phone, person.mobile, person.mail = entry.title, entry.phone, entry.mobile, entry.mail
        person.pinyin, person.initials, person.local_number = entry.pinyin, entry.initials, entry.local_number
        person.office = office
        after = {each: getattr(person, each) for each in _WORDS if each not in ("name", "office")}
        after |= {"name": entry.name, "office": person.office_id}
        changed = [each for each in _WORDS if before[each] != after[each]]
        if not changed:
            return person
        person.save()
        if "name" in changed:
            person.account.name = entry.name
            person.account.save(update_fields=["name"])
        record(verb="org.edit_person", actor=actor, unit_id=person.unit_id, subject=person, detail={"changed": changed})
        words = "、".join(_WORDS[each] for each in changed)
        file(actor=actor, account=person.account, unit=person.unit, what=f"{entry.name}的登记变更：{words}")
    return person
