"""Registering a person of a unit: account, first password, card, filing (P1, P2, J-12, J-14)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Office, Staff, Unit
from yichuan.org.services.card import card, free_username, trained
from yichuan.org.services.filing import file_all, filing
from yichuan.people.models import Account
from yichuan.people.services.open_account import first_password, new_account, open_accounts


@dataclass(frozen=True)
class Newcomer:
    """A person who is to be registered. Made by `newcomer`, so what it holds is sound."""

    account: Account
    staff: Staff
    password: str


def register_person(*, actor: Actor | None, unit: Unit | None, username: str, **entry: Any) -> tuple[Account, str]:
    """Open the account and keep the card; the account, and the first password that is shown once. A step.

    Raises `Invalid`, one message a field. The person has no post yet: posts are asked for and reviewed.
    """
    person = newcomer(unit=unit, username=username, **entry)
    try:
        with transaction.atomic():
            register(actor=actor, people=[person])
    except IntegrityError as error:  # two administrators at the same moment
        raise Invalid({"username": f"账号「{person.account.username}」刚刚被别人用了，请换一个。"}) from error
    return person.account, person.password


def newcomer(
    *,
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
    given: Collection[str] = (),
) -> Newcomer:
    """A person for `register`. Raises `Invalid`, one message a field.

    An empty `username` takes one from the name's pinyin; `given` are usernames of others who are not registered yet.
    """
    written = card(name=name, title=title, phone=phone, mobile=mobile, mail=mail)
    if office is not None and (unit is None or office.unit_id != unit.pk or office.closed_at is not None):
        raise Invalid({"office": "本单位没有这个处室，或者已经撤销。"})
    day = trained(trained_on, timezone.localdate(clock.now()))
    password = first_password()
    account = new_account(username=free_username(username, written.name, given), name=written.name, password=password)
    staff = Staff(
        account=account,
        unit=unit,
        office=office,
        title=written.title,
        phone=written.phone,
        local_number=written.local_number,
        mobile=written.mobile,
        mail=written.mail,
        pinyin=written.pinyin,
        initials=written.initials,
        established=established,
        trained_on=day,
    )
    return Newcomer(account, staff, password)


def register(*, actor: Actor | None, people: Sequence[Newcomer]) -> None:
    """Open the accounts and keep the cards of several at once. A step.

    Raises `IntegrityError` where somebody else took one of the usernames at the same moment.
    """
    require_transaction()
    open_accounts(actor=actor, accounts=[person.account for person in people])
    cards = Staff.objects.bulk_create([person.staff for person in people])
    record_all(entry(verb="org.register_person", actor=actor, unit_id=staff.unit_id, subject=staff) for staff in cards)
    file_all(
        filing(actor=actor, account=account, unit=staff.unit, what=f"开通账号 {account.username}（{account.name}）")
        for account, staff in ((person.account, person.staff) for person in people)
    )
