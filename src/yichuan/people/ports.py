"""What this room asks of the rooms above it; `config` says who answers."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from yichuan.common.permissions import Actor
from yichuan.people.models import Account


def unit_of(account: Account) -> uuid.UUID | None:
    """The unit whose administrator looks after the account; None for people of the centre itself."""
    found: uuid.UUID | None = import_string(settings.YICHUAN_UNIT_OF_ACCOUNT)(account)
    return found


def people_of(unit_id: uuid.UUID) -> QuerySet[Account]:
    """The people whom a unit looks after, by name."""
    people: QuerySet[Account] = import_string(settings.YICHUAN_PEOPLE_OF_UNIT)(unit_id)
    return people


def unit_names(unit_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The short names of units, for pages that show several."""
    names: dict[uuid.UUID, str] = import_string(settings.YICHUAN_UNIT_NAMES)({each for each in unit_ids if each})
    return names


def may_suspend(actor: Actor, account: Account) -> bool:
    """Whether `actor` may suspend this account."""
    return bool(import_string(settings.YICHUAN_MAY_SUSPEND)(actor, account))


def suspend_person(*, actor: Actor, account: Account, reason: str) -> None:
    """Suspend the account at once and put it before the auditor (P4). A step; checks the permission."""
    import_string(settings.YICHUAN_SUSPEND_PERSON)(actor=actor, account=account, reason=reason)


@dataclass(frozen=True)
class Card:
    """What a form says of a person: unit, office, title, how to reach them."""

    unit: str
    office: str = ""
    title: str = ""
    phone: str = ""
    mobile: str = ""


def card_of(account: Account) -> Card:
    """The person's card; of people of the centre itself `unit` is the centre."""
    found: Card = import_string(settings.YICHUAN_CARD_OF_ACCOUNT)(account)
    return found


def accounts_of(unit_id: uuid.UUID) -> Any:
    """The accounts the unit's administrator looks after: something that a query takes after `__in`."""
    return import_string(settings.YICHUAN_ACCOUNTS_OF_UNIT)(unit_id)


def demands_of_duties(account: Account) -> frozenset[str]:
    """What the person's duties demand at the login: values of `people.factors.Demand`."""
    found: frozenset[str] = import_string(settings.YICHUAN_LOGIN_POLICY)(account)
    return found
