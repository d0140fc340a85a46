"""印章申请 (J-21): the list by what waits for me, one application, and one verb each."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.org.models import Unit
from yichuan.seals.forms_applications import WishForm
from yichuan.seals.kinds import Matter
from yichuan.seals.models import Paper, SealApplication
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.printing import application_form
from yichuan.seals.selectors_applications import OPEN, hats, in_ceremony, listed
from yichuan.seals.services.application_access import may, visible
from yichuan.seals.services.approve_application import approve_application
from yichuan.seals.services.begin_application import begin_application
from yichuan.seals.services.propose import propose as propose_application
from yichuan.seals.services.save_application import save_application
from yichuan.seals.services.send_back_application import refuse_application, send_back_application
from yichuan.seals.services.sign_application import digest_to_sign, signature_holds
from yichuan.seals.services.withdraw_application import withdraw_application
from yichuan.seals.states import APPLICATION
from yichuan.seals.wish import wish_of
from yichuan.seals.words import course, rows
from yichuan.web.requests import actor_of, file, posted, searched, svg, unit_of

PER_PAGE = 14
TABS = (("mine", "等我办理"), ("open", "在办"), ("ended", "已结束"), ("all", "全部"))
ABOUT = {
    Matter.MAKE: "单位新领印章，或者新挂的牌子领印章。签名印章和验证印章一起制作。",
    Matter.CHANGE: "印章损坏、遗失、到期，或者单位更名：换一枚新的，旧的停用。（第二十五条）",
    Matter.DESTROY: "不再使用的印章，三方到场销毁。",
}


@requires(SealsPermission.SEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """印章申请: what waits for this person first."""
    worn = hats(actor_of(request))
    given, search = request.GET.get("tab", ""), searched(request, "search")
    tab = given if given in dict(TABS) else "mine"
    context = {
        "page": Paginator(listed(worn, tab, search), PER_PAGE).get_page(request.GET.get("page")),
        "tab": tab,
        "tabs": [{"key": key, "label": label, "count": listed(worn, key).count()} for key, label in TABS],
        "search": search,
        "worn": worn,
    }
    return render(request, "seals/applications.html", context)


@requires(SealsPermission.APPLY)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """申请印章: what is to be done."""
    matters = [{"matter": each.value, "label": each.label, "about": about} for each, about in ABOUT.items()]
    return render(request, "seals/application_choose.html", {"matters": matters, "unit": unit_of(request)})


@requires(SealsPermission.APPLY)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, matter: str) -> HttpResponse:
    """The form of one matter, for the own unit; `?seal=` and `?cause=` choose beforehand."""
    if matter not in list(Matter):
        raise NotFound("no_matter", "没有这种申请。请从申请列表里选择。")
    unit = unit_of(request)
    initial = {name: request.GET[name] for name in ("seal", "cause", "imprint") if name in request.GET}
    form = WishForm(request.POST if request.method == "POST" else None, unit=unit, matter=matter, initial=initial)

    def keep() -> SealApplication:
        return begin_application(actor=actor_of(request), unit=unit, wish=form.to_wish())

    return _edited(request, form, unit, keep)


@requires(SealsPermission.APPLY)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The form again, while the application is in the unit's hands."""
    actor, application = actor_of(request), visible(actor_of(request), application_id)
    if not may(actor, "propose", application):
        return redirect("seals:application", application_id)
    initial, posted_form = WishForm.initial_of(wish_of(application)), request.POST if request.method == "POST" else None
    form = WishForm(posted_form, unit=application.unit, matter=application.matter, initial=initial)

    def keep() -> SealApplication:
        return save_application(actor=actor, application_id=application_id, wish=form.to_wish())

    return _edited(request, form, application.unit, keep, application)


def _edited(
    request: HttpRequest,
    form: WishForm,
    unit: Unit,
    keep: Callable[[], SealApplication],
    application: SealApplication | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep()
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            form.show(refusal)
        else:
            return redirect("seals:application", kept.pk)
    context = {"form": form, "unit": unit, "application": application, "matter": form.matter.value}
    context["title"] = f"申请{form.matter.label}印章"
    return render(request, "seals/application_edit.html", context, status=422 if form.errors else 200)


@requires(SealsPermission.SEE)
@require_GET
def show(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The application's page."""
    return page(request, application_id)


def page(request: HttpRequest, application_id: uuid.UUID, refusal: Refused | None = None) -> HttpResponse:
    """The application with its papers, its course and the verbs that are this person's."""
    actor = actor_of(request)
    application = visible(actor, application_id)
    verbs = {row.verb: may(actor, row.verb, application) for row in APPLICATION.rows}
    context = {
        "application": application,
        "rows": rows(application),
        "papers": application.papers.all(),
        "roles": Paper.Role.choices,
        "course": course(application),
        "may": verbs,
        "editable": verbs["propose"] and application.state in OPEN,
        "in_ceremony": in_ceremony(application.pk),
        "digest": digest_to_sign(application),
        "signature_void": bool(application.signature) and not signature_holds(application),
        "usb_key": settings.YICHUAN_USBKEY_URL,
        "refusal": refusal,
    }
    return render(request, "seals/application.html", context, status=refusal.status if refusal else 200)


def act(request: HttpRequest, application_id: uuid.UUID, verb: Callable[[], object]) -> HttpResponse:
    """Do it and show the page; a refusal stands on the page."""
    try:
        verb()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return page(request, application_id, refusal)
    return redirect("seals:application", application_id)


def _step(request: HttpRequest, application_id: uuid.UUID, verb: Callable[..., object]) -> HttpResponse:
    words = request.POST.get("words", "")
    return act(
        request, application_id, lambda: verb(actor=actor_of(request), application_id=application_id, words=words)
    )


@requires(SealsPermission.APPLY)
@posted("seals:application")
def propose(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """提出."""
    return _step(request, application_id, propose_application)


@requires(SealsPermission.APPLY)
@posted("seals:application")
def withdraw(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """撤回."""
    return _step(request, application_id, withdraw_application)


@requires(SealsPermission.APPROVE)
@posted("seals:application")
def approve(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """批准."""
    return _step(request, application_id, approve_application)


@requires(SealsPermission.APPROVE)
@posted("seals:application")
def refuse(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """不予批准."""
    return _step(request, application_id, refuse_application)


@requires(SealsPermission.SEE)
@posted("seals:application")
def send_back(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """退回补正: the head, the supervising office, the operator, each in its turn."""
    return _step(request, application_id, send_back_application)


@requires(SealsPermission.SEE)
@require_GET
def imprint(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The imprint that is asked for."""
    found = visible(actor_of(request), application_id).imprint
    if found is None:
        raise NotFound("no_imprint", "这份申请没有印模。")
    return svg(found.svg)


@requires(SealsPermission.SEE)
@require_GET
def form(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """打印申请表."""
    application = visible(actor_of(request), application_id)
    name = f"{application.number or '草稿'} 印章{application.get_matter_display()}申请表.pdf"
    return file(application_form(application), name=name, media_type="application/pdf", inline=True)
