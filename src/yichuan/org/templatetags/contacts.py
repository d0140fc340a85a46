"""The other side's clerk and number, one click from a document. `{% load contacts %}`."""

import uuid
from typing import Any

from django import template

from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors.contacts import contact_of

register = template.Library()


@register.inclusion_tag("org/parts/whom_to_call.html", takes_context=True)
def whom_to_call(context: template.Context, unit_id: uuid.UUID, title: str, panel: bool = False) -> dict[str, Any]:
    """Whom to call at a unit, under `title`; the way into the contact book where the reader may open it."""
    request = context.get("request")
    opens = bool(request and request.user.has_perm(OrgPermission.SEE_CONTACTS))
    return {"contact": contact_of(unit_id), "title": title, "opens": opens, "panel": panel}
