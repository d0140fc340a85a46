"""Revocation lists: wanted in the transaction of the act, signed by the device right after it, then kept (RFC 5280, 5).

A process that dies in between leaves the list wanted; the ticker signs it. So also on schedule, once a day.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from yichuan.common import clock
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.services.device import device, p256_device
from yichuan.keys.services.registry import certificate_of, row_of
from yichuan.keys.states import AUTHORITIES
from yichuan.lib.gm.crl import Crl, Reason, Revocation, make_crl
from yichuan.lib.pdf.issuing import make_list

P256_ISSUING = "ca:p256"
"""The authority of seals on PDF (`services.p256`); its lists are on P-256 too."""
EVERY = timedelta(days=1)
LASTS = timedelta(days=7)
KEPT = 30
"""Lists of one CA that stay in the table: what was published lately can be shown."""


def want_list(issuer: str) -> PublishedList:
    """A new list of this CA; the device is asked as soon as the transaction stands. A step."""
    require_transaction()
    IssuedCertificate.objects.select_for_update().get(pk=row_of(issuer).pk)  # one number after the other
    newest = PublishedList.objects.filter(issuer=issuer).aggregate(newest=Max("number"))["newest"] or 0
    wanted = PublishedList.objects.create(issuer=issuer, number=newest + 1, wanted_at=clock.now())
    transaction.on_commit(_publish_soon)
    return wanted


def publish_lists() -> int:
    """Sign every list that is wanted, and those that are due. Returns how many were kept. A command."""
    for issuer in _authorities():
        with command():
            if _due(issuer, clock.now()):
                want_list(issuer)
    return publish_wanted()


def publish_wanted() -> int:
    """Sign what is wanted: of several lists of one CA the last, which says all that the others would. A command."""
    return sum(_publish(wanted) for issuer in _authorities() if (wanted := _newest_wanted(issuer)) is not None)


def sign_first_list(issuer: str) -> None:
    """The list of a CA that has just been made. A step, where no list can be waited for yet."""
    require_transaction()
    at = clock.now()
    _keep(PublishedList.objects.create(issuer=issuer, number=1, wanted_at=at), _signed(issuer, 1, at))


def _publish_soon() -> None:
    """Behind an act that stands already: nothing that goes wrong here may undo its answer."""
    try:
        publish_wanted()
    except Exception:
        logging.getLogger("yichuan.keys").exception("a revocation list waits for the ticker")


def _publish(wanted: PublishedList) -> bool:
    try:
        made = _signed(wanted.issuer, wanted.number, clock.now())
    except DeviceError:
        logging.getLogger("yichuan.keys").warning("the device did not sign list %s; it is tried again", wanted.number)
        return False
    with command():
        row = PublishedList.objects.select_for_update().filter(pk=wanted.pk, der=None).first()
        if row is None:  # another process was faster
            return False
        _keep(row, made)
    return True


def _signed(issuer: str, number: int, at: datetime) -> Crl:
    """The list of everything of this CA that was ever revoked: what was sealed stays to be judged for decades."""
    above = certificate_of(issuer)
    rows = IssuedCertificate.objects.filter(issuer=issuer, revoked_at__isnull=False)
    revoked = [
        Revocation(int(serial, 16), revoked_at, Reason(reason))
        for serial, revoked_at, reason in rows.order_by("revoked_at", "serial").values_list(
            "serial", "revoked_at", "reason"
        )
        if revoked_at is not None
    ]
    if issuer == P256_ISSUING:
        der = make_list(
            above.der,
            lambda message: p256_device().sign(issuer, message),
            revoked=revoked,
            number=number,
            this_update=at,
            next_update=at + LASTS,
        )
        return Crl.from_der(der)
    return make_crl(
        above,
        lambda message: device().sign(issuer, message),
        revoked=revoked,
        number=number,
        this_update=at,
        next_update=at + LASTS,
        keeps_since=above.not_before,
    )


def _keep(row: PublishedList, made: Crl) -> None:
    row.der, row.this_update, row.next_update = made.der, made.this_update, made.next_update
    row.save(update_fields=["der", "this_update", "next_update"])
    lists = PublishedList.objects.filter(issuer=row.issuer, number__lt=row.number)
    lists.filter(der=None).delete()
    lists.filter(number__lte=row.number - KEPT).delete()


def _authorities() -> list[str]:
    found = IssuedCertificate.objects.filter(use__in=AUTHORITIES).order_by("issued_at")
    return list(dict.fromkeys(found.values_list("label", flat=True)))


def _newest_wanted(issuer: str) -> PublishedList | None:
    return PublishedList.objects.filter(issuer=issuer, der=None).order_by("-number").first()


def _due(issuer: str, at: datetime) -> bool:
    newest = PublishedList.objects.filter(issuer=issuer).order_by("-number").first()
    return newest is None or (newest.this_update is not None and newest.this_update <= at - EVERY)
