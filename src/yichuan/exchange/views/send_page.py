"""发送: the sending form, and what its picker asks for."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, Refused, Unavailable
from yichuan.common.permissions import requires
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.content import read_content
from yichuan.compose.services.save import own
from yichuan.compose.states import DocumentState
from yichuan.exchange.forms import ROLES, Chosen, SendForm, paper_rows
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.recipients import find, listed, picker_data
from yichuan.exchange.selectors_rules import late_notices_for
from yichuan.exchange.send_rules import SendRulesForm
from yichuan.exchange.services.send import send
from yichuan.web.requests import actor_of, no_store, searched, unit_of

FIELDS = ("main", "copy", "allowance", "paper")
OWN = "allowance-"
EMPTY_ROW = {"name": "", "role": "main", "address": "", "copies": "1"}


@requires(ComposePermission.SEND)
@require_http_methods(["GET", "POST"])
def send_page(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """发送: recipients, allowances, and the button that sends once."""
    document = own(actor_of(request), document_id, ComposePermission.SEND)
    if request.method == "GET":
        if document.state == DocumentState.SENT:
            return redirect("exchange:board", document.dispatch.pk)
        if document.state != DocumentState.SEALED:
            return redirect("compose:show", document.pk)
        return render(request, "exchange/send.html", _context(request, document, {}))
    form, asked = SendForm(request.POST), _asked(request, document)
    try:
        if not form.is_valid():
            raise Refused("stale_form", "这张发送单失效了，请刷新页面。")
        form.read(document.unit, asked.require)
        dispatch = send(
            actor=actor_of(request),
            document=document,
            recipients=form.recipients,
            idempotency_key=form.cleaned_data["key"],
            paper=form.paper,
            call=asked.call(),
            accept_without_call=asked.cleaned_data["without_call"],
            declared=asked.cleaned_data["declared"],
        )
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
        return render(request, "exchange/send.html", _context(request, document, errors), status=refusal.status)
    return redirect("exchange:board", dispatch.pk)


def _context(request: HttpRequest, document: Document, errors: dict[str, str]) -> dict[str, Any]:
    """The page with everything that was typed still on it."""
    given = request.POST
    values = {role.value: given.getlist(role.value) for role in ROLES}
    chosen = Chosen([value for each in values.values() for value in each], document.unit)
    units = [*chosen.units.values(), *(office.unit for office in chosen.offices.values())]
    rules, asked = profile.current(), _asked(request, document)
    try:
        fields, _ = read_content(document)
    except Unavailable:
        if not errors:
            raise
        fields = {}  # the store is down: what was typed matters more than what the document names
    if errors:
        asked.take(errors)
    return {
        "document": document,
        "picker": picker_data(document.unit, units),
        "key": uuid.uuid4(),
        "errors": errors,
        "field_errors": {name: errors.get(name, "") for name in FIELDS},
        "chosen": values,
        "on_paper": {"main": fields.get("recipients", ""), "copy": fields.get("copy_recipients", "")},
        "allowance": given.get("allowance", str(rules.default_allowance))[:20],
        "own_allowances": _own_allowances(request, document),
        "paper_rows": [*paper_rows(given), EMPTY_ROW],
        "rules": rules,
        "send_rules": asked,
        "late_notices": list(late_notices_for(document.unit_id, clock.now())),
        "may_keep_groups": actor_of(request).has_perm(ExchangePermission.CHOOSE_GROUPS, document),
    }


def _asked(request: HttpRequest, document: Document) -> SendRulesForm:
    return SendRulesForm(request.POST or None, document=document, caller=actor_of(request).name)


def _own_allowances(request: HttpRequest, document: Document) -> list[dict[str, str]]:
    """What was asked for single units, so that a refused form loses none of it."""
    given = {name[len(OWN) :]: number for name, number in request.POST.items() if name.startswith(OWN) and number}
    names = Chosen(given, document.unit).named()
    return [
        {"value": value, "text": names[value], "number": str(number)[:20]}
        for value, number in given.items()
        if value in names
    ]


@requires(ComposePermission.SEND)
@require_GET
def find_recipients(request: HttpRequest) -> HttpResponse:
    """For the picker of a large centre: what matches what was typed (`q`), or some units of a group (`in`, `from`)."""
    unit, group = unit_of(request), request.GET.get("in", "")[:50]
    if group:
        start = request.GET.get("from", "0")
        answer = listed(group, unit, int(start) if start.isdecimal() and len(start) < 7 else 0)
    else:
        answer = {"units": find(searched(request, "q"), unit)}
    return no_store(JsonResponse(answer))
