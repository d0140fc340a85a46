"""`{% load acts %}`: the log's entries as the page's 经过."""

from typing import Any

from django import template

from yichuan.audit import labels
from yichuan.audit.models import Entry

register = template.Library()


@register.filter
def course(entries: list[Entry]) -> list[dict[str, Any]]:
    return labels.course(entries)
