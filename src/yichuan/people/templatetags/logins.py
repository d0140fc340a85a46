"""How logins and devices look. `{% load logins %}`."""

import uuid

from django import template
from django.utils.safestring import SafeString

from yichuan.people.models import Device, LoginAttempt, SpotCheck
from yichuan.people.services.spot_check import ITEMS
from yichuan.web.templatetags.yc import badge

register = template.Library()
Outcome = LoginAttempt.Outcome


@register.simple_tag
def outcome_badge(attempt: LoginAttempt) -> SafeString:
    """What came of an attempt."""
    label = Outcome(attempt.outcome).label
    if attempt.outcome == Outcome.DONE:
        return badge(label, "green", "check-lg")
    refused = attempt.outcome in (Outcome.SEALED_OFF, Outcome.UNBOUND, Outcome.SUSPENDED)
    return badge(label, "danger" if refused else "amber", "x-lg")


@register.simple_tag
def device_badge(device: Device) -> SafeString:
    """What is so about a device now; it carries `sealed_off`."""
    if device.retired_at:
        return badge("已注销", "", "dash-lg")
    if getattr(device, "sealed_off", False):
        return badge("已封存", "danger", "shield-lock")
    return badge("已绑定", "green", "check-lg") if device.bound_at else badge("未绑定", "amber", "circle")


@register.filter
def faults(check: SpotCheck) -> list[str]:
    """The items of a check that were not as they should be."""
    return [label for name, label in ITEMS.items() if not check.items.get(name)]


@register.filter
def named(units: dict[uuid.UUID, str], unit_id: uuid.UUID | None) -> str:
    """A unit's short name; people of no unit are the centre's."""
    return units.get(unit_id, "") if unit_id else "交换中心"
