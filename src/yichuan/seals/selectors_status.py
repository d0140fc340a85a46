"""Reading the published status lists."""

from datetime import datetime
from functools import lru_cache

from yichuan.lib.ses.status_list import StatusList as Read
from yichuan.lib.ses.status_list import parse_status_list
from yichuan.seals.models import StatusList


def published(number: int | None = None) -> StatusList | None:
    """The newest list that is signed, or the one with this number if it is kept."""
    signed = StatusList.objects.filter(der__isnull=False)
    return signed.order_by("-number").first() if number is None else signed.filter(number=number).first()


def waiting(since: datetime) -> StatusList | None:
    """The newest list that was wanted before `since` and that nobody has signed yet."""
    return StatusList.objects.filter(der=None, wanted_at__lt=since).order_by("-number").first()


def status_lists() -> list[Read]:
    """What a verification is given: the newest list, if there is one."""
    newest = published()
    return [] if newest is None or newest.der is None else [_read(bytes(newest.der))]


@lru_cache(maxsize=4)
def _read(der: bytes) -> Read:
    """A list, read once: every document that is looked at is checked against it."""
    return parse_status_list(der)
