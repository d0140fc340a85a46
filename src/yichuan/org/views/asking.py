"""新的权限变更: person, then post, then what it opens and why (P3, P4)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.org.duties import (
    ADJUSTABLE_DUTIES,
    OFFICE_DUTIES,
    OPERATING_DUTIES,
    SUPERVISING_DUTIES,
    UNIT_DUTIES,
    Duty,
    adjustable,
    permissions_of,
)
from yichuan.org.models import AccessChange, CentreRole, Office, Post, Staff, Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import not_ended, opened_by
from yichuan.org.selectors.access import facts_of
from yichuan.org.selectors.candidates import candidates
from yichuan.org.selectors.permission_words import grouped
from yichuan.org.selectors.staff import staff_of
from yichuan.org.services.access import ask_for_change
from yichuan.org.services.access_rules import may_ask_about
from yichuan.web.requests import actor_of, searched, unit_of

Kind = AccessChange.Kind
PEOPLE_SHOWN = 20
Choice = tuple[str, str, Duty, Office | None]


@requires(OrgPermission.REQUEST_ACCESS)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A post in one's own unit."""
    unit = unit_of(request)
    person = chosen_person(_given(request, "account"))
    if person is not None and person.unit_id not in (unit.pk, None):
        raise NotFound("no_person", "这个人不是本单位的人员。")
    offices = Office.objects.filter(unit=unit, closed_at=None)
    choices: list[Choice] = [(duty.value, duty.label, duty, None) for duty in UNIT_DUTIES]
    choices += [
        (f"{duty.value}:{office.pk}", f"{office.name} {duty.label}", duty, office)
        for office in offices
        for duty in OFFICE_DUTIES
    ]
    text = searched(request, "q")
    found = list(staff_of(unit.pk, text=text, state="")[:PEOPLE_SHOWN])
    return _appointment(request, person, unit, choices, {"found": found, "back": "org:access", "here": "org:ask"})


@requires(OrgPermission.REQUEST_CENTRE_ACCESS)
@require_http_methods(["GET", "POST"])
def ask_centre(request: HttpRequest) -> HttpResponse:
    """A post of the centre, or a unit's administrator."""
    person = chosen_person(_given(request, "account"))
    choices: list[Choice] = []
    if person is not None:
        duties = [Duty.UNIT_ADMIN] if person.unit_id else []
        roles = set(CentreRole.objects.filter(unit=person.unit_id).values_list("role", flat=True))
        duties += SUPERVISING_DUTIES if CentreRole.Role.SUPERVISING in roles else ()
        duties += OPERATING_DUTIES if CentreRole.Role.OPERATING in roles else ()
        duties += [Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER]
        choices = [(duty.value, duty.label, duty, None) for duty in duties]
    context = {
        "found": candidates(searched(request, "q")),
        "back": "org:centre_access",
        "here": "org:ask_centre",
        "needs_text": True,
    }
    return _appointment(request, person, person.unit if person else None, choices, context)


@requires(OrgPermission.SEE_ACCESS)
@require_http_methods(["GET", "POST"])
def ask_post(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """免去岗位 or 调整权限 of one post."""
    actor = actor_of(request)
    posts = not_ended(Post.objects.select_related("account", "unit", "office"))
    post = posts.filter(pk=post_id).first()
    if post is None or not may_ask_about(actor, post):
        raise NotFound("no_post", "没有这个岗位，或者不归你申请变更。")
    adjusts = post.duty in ADJUSTABLE_DUTIES
    ticked = set(request.POST.getlist("permissions")) if request.method == "POST" else set(opened_by(post))
    context: dict[str, Any] = {
        "post": post,
        "adjusts": adjusts,
        "groups": _ticks(post.duty, ticked) if adjusts else grouped(opened_by(post)),
        "reason": request.POST.get("reason", ""),
        "kind": request.POST.get("kind", Kind.DISMISS),
    }
    if request.method == "POST":
        kind = Kind.ADJUST if request.POST.get("kind") == Kind.ADJUST else Kind.DISMISS
        permissions = _own(post.duty, ticked) if kind == Kind.ADJUST else None
        given = {"kind": kind, "account": post.account, "post": post, "permissions": permissions}
        return _asked(request, given, "org/ask_post.html", context)
    return render(request, "org/ask_post.html", context)


def chosen_person(given: str) -> Staff | None:
    """The person whose identifier this is."""
    try:
        account_id = uuid.UUID(given)
    except ValueError:
        return None
    return Staff.objects.select_related("account", "unit", "office").filter(pk=account_id).first()


def _given(request: HttpRequest, name: str) -> str:
    return (request.POST or request.GET).get(name, "")[:100]


def _appointment(
    request: HttpRequest, person: Staff | None, unit: Unit | None, choices: list[Choice], context: dict[str, Any]
) -> HttpResponse:
    wanted = _given(request, "post")
    chosen = next((choice for choice in choices if choice[0] == wanted), None) if person else None
    context |= {
        "q": searched(request, "q"),
        "person": person,
        "facts": facts_of(person) if person else "",
        "choices": choices,
        "chosen": chosen,
        "here": reverse(context["here"]),
        "back": reverse(context["back"]),
        "reason": request.POST.get("reason", ""),
    }
    if chosen is None or person is None:
        return render(request, "org/ask.html", context)
    _, _, duty, office = chosen
    adjusts = duty in ADJUSTABLE_DUTIES
    ticked = set(request.POST.getlist("permissions")) if request.method == "POST" else set(permissions_of(duty))
    context |= {"adjusts": adjusts, "groups": _ticks(duty, ticked) if adjusts else grouped(permissions_of(duty))}
    if request.method != "POST":
        return render(request, "org/ask.html", context)
    given = {
        "kind": Kind.APPOINT,
        "account": person.account,
        "unit": None if duty in (Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER) else unit,
        "office": office,
        "duty": duty,
        "permissions": _own(duty, ticked) if adjusts else None,
    }
    return _asked(request, given, "org/ask.html", context)


def _asked(request: HttpRequest, given: dict[str, Any], template: str, context: dict[str, Any]) -> HttpResponse:
    """Lay the request before the auditor, or say on the page what keeps it back."""
    try:
        change = ask_for_change(actor=actor_of(request), reason=context["reason"], **given)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        of_post = next((errors[name] for name in ("duty", "unit", "office") if name in errors), "")
        shown = {"refusal": refusal, "errors": {"post": of_post} | errors}
        return render(request, template, context | shown, status=422)
    return redirect("org:change", change.pk)


def _ticks(duty: str, ticked: set[str]) -> list[dict[str, Any]]:
    """What may be ticked for such a post, in groups, with what is ticked."""
    return [
        {"label": group.label, "ticks": [(each, str(each) in ticked) for each in group.permissions]}
        for group in grouped(adjustable(duty))
    ]


def _own(duty: str, ticked: set[str]) -> list[str] | None:
    """What was ticked, or None where that is the template."""
    return None if ticked == permissions_of(duty) else sorted(ticked)
