"""One entry of the log: everything it holds, where it stands, whether it was altered."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yichuan.audit.models import Entry
from yichuan.audit.objects import objects
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors_tree import text_of
from yichuan.audit.standing import FAULT_HELP, standing_of
from yichuan.audit.telling import lines
from yichuan.audit.unreadable import Unreadable, entries_of
from yichuan.common.errors import NotFound
from yichuan.common.permissions import requires


@requires(AuditPermission.SEE_LOG)
@require_GET
def entry(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The entry beside the list it was found in, or on a page of its own."""
    found = next(iter(entries_of(Entry.objects.filter(uid=uid).values_list("pk", flat=True)[:1]).values()), None)
    if found is None:
        raise NotFound("no_entry", "日志里没有这条记录。请核对记录编号，或者回到日志按时间查找。")
    if isinstance(found, Unreadable):
        return _shown(request, {"line": lines([found])[0], "help": FAULT_HELP})
    standing = standing_of(found)
    about = found.subject_id
    context = {
        "line": lines([found])[0],
        "standing": standing,
        "checkpoint": text_of(standing.checkpoint) if standing.checkpoint else None,
        "digest": standing.digest.hex(),
        "hashes": [each.hex() for each in standing.proof.hashes] if standing.proof else [],
        "document": objects().document_of(found.subject_kind, about) if about else None,
        "help": FAULT_HELP,
    }
    return _shown(request, context)


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    part = "audit/parts/entry.html" if context["line"].readable else "audit/parts/unreadable.html"
    whole = part if request.headers.get("HX-Request") else "audit/entry.html"
    return render(request, whole, context | {"part": part})
