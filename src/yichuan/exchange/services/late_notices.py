"""A receiver's word in advance (J-32): until when a sender's documents still count for that day."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from yichuan.common import profile
from yichuan.common.calendar import is_workday
from yichuan.exchange.models import LateNotice


def counted_days(sender_id: uuid.UUID, receiver_ids: Iterable[uuid.UUID], at: datetime) -> dict[uuid.UUID, date]:
    """The counted day of each receiver that notified this sender of a later time: only of those whose day it changes.

    `receiver_ids` are units; `at` is the sending time. A notice that was given after it does not count.
    """
    rules = profile.current()
    local = at.astimezone(rules.zone)
    if local.time() < rules.cut_off or not is_workday(local.date()):
        return {}
    notices = LateNotice.objects.filter(
        Q(sender=sender_id) | Q(sender=None),
        day=local.date(),
        until__gt=local.time(),
        given_at__lte=at,
        withdrawn_at=None,
    )
    told = set(notices.values_list("unit_id", flat=True))
    return dict.fromkeys(told.intersection(receiver_ids), local.date())
