"""`{% load acts %}`: the log's entries as the page's 经过."""

from collections.abc import Sequence
from typing import Any

from django import template

from yichuan.audit import labels
from yichuan.audit.models import Entry
from yichuan.audit.unreadable import Unreadable

register = template.Library()


@register.filter
def course(entries: Sequence[Entry | Unreadable]) -> list[dict[str, Any]]:
    return labels.course(entries)
