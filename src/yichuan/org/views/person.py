"""One person: card, posts, history, and what an administrator does with the account."""

import uuid
from collections.abc import Callable
from typing import Any

from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.selectors import history
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.org.forms.people import CardForm, ReasonForm, TrainingForm
from yichuan.org.models import Post, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.staff import AccountState, with_posts
from yichuan.org.services.account_state import reset_person, resume_person, suspend_person, unlock_person
from yichuan.org.services.edit_person import edit_person
from yichuan.org.services.leave import leave
from yichuan.org.services.looked_after import GONE, visible_person, why_not
from yichuan.org.services.qualification import may_record
from yichuan.org.views.staff import first_password_page
from yichuan.people.models import Account, Device
from yichuan.people.services.slip import first_password_slip
from yichuan.web.requests import actor_of, file, posted


@requires(OrgPermission.SEE_CONTACTS)
@require_GET
def person(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """The person's page, for whoever looks after the account."""
    return person_page(request, visible_person(actor_of(request), account_id))


@requires(OrgPermission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """修改登记: the card and the office."""
    found = visible_person(actor_of(request), account_id)
    if found.unit is None:
        raise NotFound("no_person", GONE)
    initial = {name: getattr(found, name) for name in ("title", "phone", "mobile", "mail")}
    initial |= {"name": found.account.name, "office": found.office_id}
    form = CardForm(request.POST or None, unit=found.unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(actor=actor_of(request), account_id=account_id, **form.cleaned_data)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        else:
            return redirect("org:person", account_id)
    context = {"form": form, "person": found}
    return render(request, "org/edit_person.html", context, status=422 if form.errors else 200)


@requires(OrgPermission.SUSPEND)
@posted("org:person")
def suspend(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """停用."""
    return _with_reason(request, account_id, suspend_person)


@requires(OrgPermission.SUSPEND)
@posted("org:person")
def resume(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """恢复账号."""
    return _with_reason(request, account_id, resume_person)


@requires(OrgPermission.RESET)
@posted("org:person")
def unlock(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """解除锁定."""
    return _with_reason(request, account_id, unlock_person)


@requires(OrgPermission.MANAGE_STAFF)
@posted("org:person")
def leaving(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """离岗: an end is asked for of every post."""
    return _with_reason(request, account_id, leave)


@requires(OrgPermission.RESET)
@posted("org:person")
def reset(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """恢复初始密码. The answer shows it, this once."""
    shown: list[tuple[Account, str]] = []

    def act(**given: Any) -> None:
        shown.append(reset_person(**given))

    answer = _with_reason(request, account_id, act)
    return first_password_page(request, *shown[0], opened=False) if shown else answer


@requires(OrgPermission.RESET)
@posted("org:person")
def slip(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """打印密码信封: only the password that is the account's first one at this moment."""
    found, password = visible_person(actor_of(request), account_id), request.POST.get("password", "")[:60]
    if not found.account.must_change_password or not found.account.check_password(password):
        raise Refused("stale_password", "这个初始密码已经不用了，不能再打印。需要的话请恢复初始密码。")
    pdf = first_password_slip(found.account, password)
    return file(pdf, name=f"{found.account.name} 密码信封.pdf", media_type="application/pdf", inline=True)


def _with_reason(request: HttpRequest, account_id: uuid.UUID, act: Callable[..., object]) -> HttpResponse:
    """Do it with the reason given, and show the person again; a refusal stands on the page."""
    form = ReasonForm(request.POST)
    refusal: Refused | None = None
    try:
        if not form.is_valid():
            raise Invalid({"reason": str(form.errors["reason"][0])})
        act(actor=actor_of(request), account_id=account_id, reason=form.cleaned_data["reason"])
    except Refused as error:
        if error.status in (403, 404):
            raise
        refusal = error
    if refusal is None:
        return redirect("org:person", account_id)
    return person_page(request, visible_person(actor_of(request), account_id), refusal)


def person_page(
    request: HttpRequest, found: Staff, refusal: Refused | None = None, training: TrainingForm | None = None
) -> HttpResponse:
    """The page, with what was refused on it; a form of 在编和培训 that was not right stands as it was typed."""
    [found] = with_posts([found])
    actor = actor_of(request)
    may = {
        name: why_not(actor, found, permission) is None
        for name, permission in (
            ("manage", OrgPermission.MANAGE_STAFF),
            ("reset", OrgPermission.RESET),
            ("suspend", OrgPermission.SUSPEND),
        )
    }
    may |= {
        "see_access": actor.has_perm(OrgPermission.SEE_ACCESS),
        "see_staff": found.unit is not None and actor.has_perm(OrgPermission.MANAGE_STAFF, Desk(found.unit)),
        "qualify": found.pk != actor.pk and may_record(actor, found),
        "request": found.unit is not None and actor.has_perm(OrgPermission.REQUEST_ACCESS, Desk(found.unit)),
    }
    past = Post.objects.filter(account=found.account).exclude(pk__in=[post.pk for post in found.present])  # type: ignore[attr-defined]
    context = {
        "person": found,
        "may": may,
        "verbs": _verbs(found, may),
        "past": past.select_related("unit", "office", "stands_in_for").order_by("-since")[:20],
        "devices": Device.objects.filter(user=found.account, retired_at=None).order_by("name")[:20],
        "history": history([found.pk]),
        "refusal": refusal,
        "training": training or TrainingForm(initial=model_to_dict(found, list(TrainingForm.base_fields))),
    }
    wrong = refusal or (training and training.errors)
    return render(request, "org/person.html", context, status=422 if wrong else 200)


def _verbs(found: Staff, may: dict[str, bool]) -> list[dict[str, str]]:
    """What this administrator may do with the account in its present state, each with the question asked before."""
    state, name = found.state, found.account.name  # type: ignore[attr-defined]
    verbs = []
    if may["suspend"] and state == AccountState.SUSPENDED:
        verbs.append(("resume_person", "申请恢复账号", f"申请恢复{name}的账号？审计员审核通过以后，用原来的密码登录。"))
    elif may["suspend"]:
        verbs.append(("suspend_person", "停用账号", f"停用{name}的账号？正在打开的页面几秒内退出，以后不能登录。"))
    if may["reset"] and state == AccountState.LOCKED:
        verbs.append(("unlock_person", "解除锁定", f"解除{name}的锁定？密码不变。"))
    if may["reset"] and state != AccountState.SUSPENDED:
        verbs.append(("reset_person", "恢复初始密码", f"恢复{name}的初始密码？原来的密码马上作废。"))
    if may["manage"] and found.present:  # type: ignore[attr-defined]
        verbs.append(("leave", "办理离岗", f"为{name}申请免去全部岗位？审计员审核后生效。"))
    return [{"route": f"org:{route}", "label": label, "ask": ask, "name": route} for route, label, ask in verbs]
