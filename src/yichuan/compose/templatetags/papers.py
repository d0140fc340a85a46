"""`{% load papers %}`: the panel of a document's paper attachments."""

from typing import Any

from django import template

from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.name_papers import OPEN
from yichuan.people.models import Account

register = template.Library()


@register.inclusion_tag("compose/parts/papers.html", takes_context=True)
def papers(context: template.Context, document: Document) -> dict[str, Any]:
    """What travels on paper with the document, and while it may change the form that names more."""
    request = context["request"]
    return panel(document, request.user) | {"request": request, "csrf_token": context.get("csrf_token")}


def panel(document: Document, account: Account) -> dict[str, Any]:
    """The context of the panel."""
    return {
        "document": document,
        "papers": list(document.paper_attachments.all()),
        "may_name": document.state in OPEN and account.has_perm(ComposePermission.WRITE, document),
        "typed": {"name": "", "copies": "1"},
    }
