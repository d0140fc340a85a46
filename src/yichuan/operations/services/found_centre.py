"""`yichuan init`: a centre with its keys, its three administrators and, where named, the units that run it.

All of it is one transaction: what is interrupted leaves an empty database, and init can be run again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from yichuan.common import clock
from yichuan.common.characters import skeleton
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.lib.gm.x509 import Certificate
from yichuan.operations.services.open_centre import make_centre
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import CentreRole, Unit
from yichuan.org.services.appoint import appoint
from yichuan.org.services.card import plain
from yichuan.org.services.found_administrators import found, require_three
from yichuan.org.services.register_unit import UnitEntry, register_unit
from yichuan.org.services.staff import register_person
from yichuan.people.models import Account

FIRST_BATCH = 1


@dataclass(frozen=True)
class Person:
    """Who gets an account: somebody on the establishment and trained (P8), as whoever runs init affirms."""

    username: str
    name: str


@dataclass(frozen=True)
class FirstUnit:
    """A unit that runs the centre: its roles (J-5, J-6), its own administrator, and who acts in its roles."""

    name: str
    short_name: str
    roles: tuple[CentreRole.Role, ...]
    people: Mapping[Duty, Person]
    code: str = ""


@dataclass(frozen=True)
class Founding:
    """Everything that init is told. Passwords are not among it: the centre draws them."""

    centre: str
    profile: str
    administrators: Mapping[Duty, Person]
    units: tuple[FirstUnit, ...] = ()


@dataclass(frozen=True)
class Opened:
    """One account that was opened: what its slip says. The password stands nowhere else."""

    account: Account
    password: str
    place: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class Founded:
    """What init made."""

    root: Certificate
    accounts: tuple[Opened, ...]


def found_centre(founding: Founding) -> Founded:
    """Open the centre with its people. A command; a refusal leaves nothing."""
    with command():
        if Account.objects.exists() or Unit.objects.exists():
            raise Refused("not_empty", "数据库里已经有人员或单位，不是空的，不能在这里开通新的交换中心。")
        root = make_centre(plain(founding.centre), founding.profile)
        today = timezone.localdate(clock.now())
        opened = _administrators(founding.administrators, today)
        for order, first in enumerate(founding.units, start=1):
            opened += _unit(first, order, today, [each.account for each in opened])
    return Founded(root, tuple(opened))


def _administrators(people: Mapping[Duty, Person], today: date) -> list[Opened]:
    if set(people) != ADMINISTRATORS:
        raise ValueError("init needs a system administrator, a security officer and an auditor")
    require_three({duty: Account(username=plain(who.username), name=plain(who.name)) for duty, who in people.items()})
    opened = [_open(people[duty], None, (duty,), "交换中心", today) for duty in sorted(people)]
    found({each.duties[0]: each.account for each in opened})
    return opened


def _unit(first: FirstUnit, order: int, today: date, others: Iterable[Account]) -> list[Opened]:
    """Register the unit with its roles and its people; somebody with two posts has one account (J-16)."""
    unit = register_unit(
        UnitEntry(
            code=first.code or f"{order:04d}",
            short_name=plain(first.short_name),
            name=plain(first.name),
            rank="department",
            batch=FIRST_BATCH,
            starts=today,
            order=order,
        )
    )
    CentreRole.objects.bulk_create([CentreRole(role=role, unit=unit) for role in first.roles])
    duties: dict[Person, list[Duty]] = {}
    for duty, person in first.people.items():
        duties.setdefault(person, []).append(duty)
    taken = {skeleton(account.name): account.name for account in others}
    opened = []
    for person, held in duties.items():
        if skeleton(person.name) in taken:
            raise Invalid({held[0]: f"「{person.name}」已经是交换中心的管理员或另一单位的人员，一人只能有一个账号。"})
        opened.append(_open(person, unit, tuple(held), unit.short_name, today))
        for duty in held:
            appoint(actor=None, account=opened[-1].account, unit=unit, duty=duty)
    return opened


def _open(person: Person, unit: Unit | None, duties: tuple[Duty, ...], place: str, today: date) -> Opened:
    if not plain(person.username):
        raise Invalid({duties[0]: f"请写明{duties[0].label}的账号。"})
    try:
        account, password = register_person(
            actor=None, unit=unit, username=person.username, name=person.name, established=True, trained_on=today
        )
    except Invalid as refusal:
        raise Invalid({duties[0]: f"{duties[0].label}：{refusal.message}"}) from refusal
    return Opened(account, password, place, duties)
