"""Registering a person of a unit: account, first password, card, filing (P1, P2, J-12, J-14)."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Office, Staff, Unit
from yichuan.org.services.card import card, free_username, trained
from yichuan.org.services.filing import file
from yichuan.people.models import Account
from yichuan.people.services.open_account import first_password, open_account


def register_person(
    *,
    actor: Actor | None,
    unit: Unit | None,
    username: str,
    name: str,
    title: str = "",
    phone: str = "",
    mobile: str = "",
    mail: str = "",
    established: bool = False,
    trained_on: date | None = None,
    office: Office | None = None,
) -> tuple[Account, str]:
    """Open the account and keep the card; the account, and the first password that is shown once. A step.

    An empty `username` takes one from the name's pinyin. Raises `Invalid`, one message a field. The person has no
    post yet: posts are asked for and reviewed.
    """
    require_transaction()
    entry = card(name=name, title=title, phone=phone, mobile=mobile, mail=mail)
    if office is not None and (unit is None or office.unit_id != unit.pk or office.closed_at is not None):
        raise Invalid({"office": "本单位没有这个处室，或者已经撤销。"})
    day = trained(trained_on, timezone.localdate(clock.now()))
    account_name, password = free_username(username, entry.name), first_password()
    try:
        with transaction.atomic():
            account = open_account(actor=actor, username=account_name, name=entry.name, password=password)
    except IntegrityError as error:  # two administrators at the same moment
        raise Invalid({"username": f"账号「{account_name}」刚刚被别人用了，请换一个。"}) from error
    staff = Staff.objects.create(
        account=account,
        unit=unit,
        office=office,
        title=entry.title,
        phone=entry.phone,
        local_number=entry.local_number,
        mobile=entry.mobile,
        mail=entry.mail,
        pinyin=entry.pinyin,
        initials=entry.initials,
        established=established,
        trained_on=day,
    )
    record(verb="org.register_person", actor=actor, unit_id=unit.pk if unit else None, subject=staff)
    file(actor=actor, account=account, unit=unit, what=f"开通账号 {account.username}（{account.name}）")
    return account, password
