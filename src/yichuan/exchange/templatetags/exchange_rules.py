"""`{% load exchange_rules %}`: what the exchange rules left on a dispatch."""

from typing import Any

from django import template
from django.db.models import Q

from yichuan.common import clock, profile
from yichuan.exchange.models import Delivery, Dispatch, PhoneCall
from yichuan.exchange.selectors_rules import late_notices_for
from yichuan.exchange.services.give_late_notice import over

register = template.Library()
register.filter(over)


@register.inclusion_tag("exchange/parts/rule_marks.html")
def rule_marks(dispatch: Dispatch) -> dict[str, Any]:
    """An urgency other than the ordinary one, and that nobody was telephoned."""
    urgency = dispatch.document.urgency
    urgent = urgency not in ("", profile.current().urgencies[0])
    return {"urgency": urgency if urgent else "", "without_call": dispatch.without_call}


@register.inclusion_tag("exchange/parts/call_records.html")
def calls(dispatch: Dispatch, delivery: Delivery | None = None) -> dict[str, Any]:
    """The sender's calls of notice, and the reminders about one delivery to those who may see it."""
    wanted = Q(kind=PhoneCall.Kind.NOTICE)
    if delivery is not None:
        wanted |= Q(delivery=delivery)
    found = dispatch.calls.filter(wanted).select_related("unit", "recorded_by").order_by("at")
    return {"calls": list(found), "without_call": dispatch.without_call, "panel": delivery is None}


@register.inclusion_tag("exchange/parts/late_notices_line.html")
def late_notices_today(dispatch: Dispatch) -> dict[str, Any]:
    """Until when receivers take the sender's documents today."""
    return {"late_notices": list(late_notices_for(dispatch.unit_id, clock.now()))}
