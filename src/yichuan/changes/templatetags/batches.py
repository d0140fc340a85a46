"""What the pages of batches show. `{% load batches %}`."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from yichuan.audit.labels import said as said_of
from yichuan.audit.models import Entry
from yichuan.audit.unreadable import TOLD, Unreadable

register = template.Library()


@register.filter
def said(entry: Entry | Unreadable) -> str:
    """What was done."""
    return TOLD if isinstance(entry, Unreadable) else said_of(entry.verb, entry.detail)


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """A control in a cell of a table, whose heading is its label."""
    kind = "form-select" if bound.name == "phase" else "form-control"
    return bound.as_widget(attrs={"class": f"{kind} is-bad" if bound.errors else kind, "aria-label": str(bound.label)})
