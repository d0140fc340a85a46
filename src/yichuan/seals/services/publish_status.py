"""The status list of seals: wanted in the transaction of the act, signed by the seal maker right after it, then kept.

As with revocation lists (`keys.services.publish`): a process that dies in between leaves the list wanted, and the
ticker signs it; so also on schedule, once a day.
"""

import logging
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from yichuan.common import clock
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import SEAL_MAKER
from yichuan.keys.services.device import device
from yichuan.keys.services.registry import row_of
from yichuan.lib.ses.status_list import Entry, Status, make_status_list
from yichuan.lib.ses.status_list import StatusList as Made
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, StatusList

EVERY = timedelta(days=1)
LASTS = timedelta(days=7)
KEPT = 30
"""The newest lists that stay; of those before them, for good, the last of each month."""

STATUSES = {
    SealState.SUSPENDED: Status.SUSPENDED,
    SealState.WITHDRAWN: Status.WITHDRAWN,
    SealState.HANDED_IN: Status.WITHDRAWN,
    SealState.DESTROYED: Status.DESTROYED,
}


def want_list() -> None:
    """A new list; the device is asked as soon as the transaction stands. A step."""
    require_transaction()
    _next_number(clock.now())
    transaction.on_commit(_publish_soon)


def publish_status() -> int:
    """Sign the list that is wanted, or due. Returns how many were kept, 0 or 1. A command."""
    if not IssuedCertificate.objects.filter(label=SEAL_MAKER).exists():
        return 0
    newest = StatusList.objects.order_by("-number").first()
    if newest is None or (newest.this_update is not None and newest.this_update <= clock.now() - EVERY):
        with command():
            _next_number(clock.now())
    return publish_wanted()


def publish_wanted() -> int:
    """Sign what is wanted: of several lists the last, which says all that the others would. A command."""
    wanted = StatusList.objects.filter(der=None).order_by("-number").first()
    if wanted is None:
        return 0
    try:
        made = _signed(wanted.number, clock.now())
    except DeviceError:
        logging.getLogger("yichuan.seals").warning("the device did not sign status list %s", wanted.number)
        return 0
    with command():
        row = StatusList.objects.select_for_update().filter(pk=wanted.pk, der=None).first()
        if row is None:  # another process was faster
            return 0
        _keep(row, made)
    return 1


def sign_first_list() -> None:
    """The list of a centre that has just been opened. A step, where no list can be waited for yet."""
    require_transaction()
    at = clock.now()
    _keep(_next_number(at), _signed(1, at))


def _next_number(at: datetime) -> StatusList:
    IssuedCertificate.objects.select_for_update().get(pk=row_of(SEAL_MAKER).pk)  # one number after the other
    newest = StatusList.objects.aggregate(newest=Max("number"))["newest"] or 0
    return StatusList.objects.create(number=newest + 1, wanted_at=at)


def _publish_soon() -> None:
    """Behind an act that stands already: nothing that goes wrong here may undo its answer."""
    try:
        publish_wanted()
    except Exception:
        logging.getLogger("yichuan.seals").exception("a status list waits for the ticker")


def _signed(number: int, at: datetime) -> Made:
    """Every seal that ended or rests, ever: what was sealed stays to be judged for decades."""
    rows = Seal.objects.filter(state__in=[state.value for state in STATUSES]).order_by("issued_at", "pk")
    return make_status_list(
        row_of(SEAL_MAKER).certificate,
        lambda message: device().sign(SEAL_MAKER, message),
        entries=[entry_of(seal, at) for seal in rows.defer("der", "certificate")],
        number=number,
        this_update=at,
        next_update=at + LASTS,
    )


def entry_of(seal: Seal, at: datetime) -> Entry:
    """How a seal that may not be used stands on the list: since the first of its ends (`at` where none is known).

    A seal bears its row's number in its structure.
    """
    ends = [each for each in (seal.suspended_at, seal.withdrawn_at, seal.destroyed_at) if each is not None]
    cause = Cause(seal.cause).label if seal.cause else ""
    return Entry(seal.pk.hex, STATUSES[SealState(seal.state)], min(ends, default=at), cause)


def _keep(row: StatusList, made: Made) -> None:
    row.der, row.this_update, row.next_update = made.der, made.this_update, made.next_update
    row.save(update_fields=["der", "this_update", "next_update"])
    StatusList.objects.filter(number__lt=row.number, der=None).delete()
    old = StatusList.objects.filter(number__lte=row.number - KEPT).order_by("number")
    days = [(pk, day) for pk, day in old.values_list("pk", "this_update") if day is not None]
    month_goes_on = [pk for (pk, day), (_, after) in pairwise(days) if _month(day) == _month(after)]
    StatusList.objects.filter(pk__in=month_goes_on).delete()


def _month(day: datetime) -> tuple[int, int]:
    return day.year, day.month
