"""A unit goes (J-10(2), J-10(3)): seals, certificates, boxes, posts, people, name."""

import uuid
from collections.abc import Iterable

from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.exchange.services import take_over
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import AUTHORITIES, CertificateState, Why
from yichuan.org.models import AccessChange, Box, Post, Staff, Unit
from yichuan.org.selectors import not_ended
from yichuan.org.services.access import note_at_once
from yichuan.org.services.close_unit import close_unit
from yichuan.org.services.move_staff import move_staff
from yichuan.people.models import Account
from yichuan.people.services.suspend import suspend
from yichuan.seals.kinds import Cause
from yichuan.seals.services.withdraw import withdraw_seals


def close(
    *,
    actor: Actor,
    boxes: take_over.Plan,
    successor: Unit | None,
    disposal: str,
    reason: str,
    cause: Cause,
    people_to: Unit | None,
) -> None:
    """Close the unit whose boxes were prepared. A step.

    `successor` is who letters reach from now on, `people_to` the unit with which its people are registered after it.
    """
    require_transaction()
    unit = boxes.unit
    people = staff_of(unit)
    withdraw_seals(actor=actor, unit=unit, reason=reason, cause=cause)
    own_boxes = Box.objects.filter(unit=unit).values_list("pk", flat=True)
    revoke_of(actor, [unit.pk, *own_boxes], reason)
    take_over.take_over(actor=actor, plan=boxes)
    close_unit(actor=actor, unit=unit, successor=successor, disposal=disposal)
    for account in people:
        stop(actor=actor, account=account, unit=unit, reason=reason)
    if people_to is not None:
        move_staff(actor=actor, unit=unit, to=people_to)


def staff_of(unit: Unit) -> list[Account]:
    """The people of the unit whose accounts are open, those who serve another unit as well left out."""
    staff = Staff.objects.filter(unit=unit, account__is_active=True).select_related("account").order_by("account_id")
    elsewhere = set(not_ended(Post.objects.exclude(unit=unit)).values_list("account_id", flat=True))
    return [each.account for each in staff if each.account_id not in elsewhere]


def stop(*, actor: Actor, account: Account, unit: Unit, reason: str) -> None:
    """The account is suspended, its certificates end, the auditor is told. A step."""
    suspend(actor=actor, account=account, reason=reason)
    revoke_of(actor, [account.pk], reason)
    kind = AccessChange.Kind.SUSPEND
    note_at_once(actor=actor, kind=kind, account=account, unit=unit, reason=reason)


def certificates_of(holders: Iterable[uuid.UUID]) -> list[IssuedCertificate]:
    """The certificates of these holders that still hold."""
    standing = (CertificateState.VALID, CertificateState.HELD)
    found = IssuedCertificate.objects.filter(holder_id__in=list(holders), state__in=standing)
    return list(found.exclude(use__in=AUTHORITIES).order_by("pk"))


def revoke_of(actor: Actor, holders: Iterable[uuid.UUID], reason: str) -> None:
    """Revoke what these holders still have. A step."""
    for certificate in certificates_of(holders):
        revoke(actor=actor, certificate=certificate, reason=Why.AFFILIATION_CHANGED, words=reason)
