"""`{% load exchange_rules %}`: what the exchange rules left on a dispatch."""

from typing import Any

from django import template
from django.db.models import Q, UUIDField

from yichuan.common import profile
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery, Dispatch, PhoneCall
from yichuan.exchange.selectors_board import Board
from yichuan.exchange.services.give_late_notice import over

register = template.Library()
register.filter(over)
NAMED_AT_MOST = 3


@register.inclusion_tag("exchange/parts/rule_marks.html")
def rule_marks(dispatch: Dispatch) -> dict[str, Any]:
    """An urgency other than the ordinary one, and that nobody was telephoned."""
    urgency = dispatch.document.urgency
    urgent = urgency not in ("", profile.current().urgencies[0])
    return {"urgency": urgency if urgent else "", "without_call": dispatch.without_call}


@register.inclusion_tag("exchange/parts/call_records.html")
def calls(dispatch: Dispatch, delivery: Delivery | None = None) -> dict[str, Any]:
    """The sender's calls of notice, and the reminders about one delivery to those who may see it."""
    if delivery is None:
        found = _notices(dispatch=dispatch.pk)
    else:
        wanted = Q(kind=PhoneCall.Kind.NOTICE) | Q(delivery=delivery)
        found = list(dispatch.calls.filter(wanted).select_related("unit").order_by("at"))
    return {"calls": found, "without_call": dispatch.without_call, "panel": delivery is None}


_notices = Prepared(
    lambda dispatch: (
        PhoneCall.objects.filter(dispatch=dispatch, kind=PhoneCall.Kind.NOTICE).select_related("unit").order_by("at")
    ),
    dispatch=UUIDField(),
)


@register.inclusion_tag("exchange/parts/counted_otherwise.html")
def counted_otherwise(dispatch: Dispatch, board: Board) -> dict[str, Any]:
    """Those of the board for whom it counts for its own day, since they had given notice of a later time (J-32)."""
    own = [each for each in board.lines if each.counted_day and each.follows_id is None]
    names = [each.addressee_name for each in own[:NAMED_AT_MOST]]
    more = len(own) if len(own) > NAMED_AT_MOST else 0
    return {"names": names, "more": more, "day": own[0].counted_day if own else dispatch.counted_day}
