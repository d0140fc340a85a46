"""The addresses of one application for the centre's own people: page, papers, form, and one verb each."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.services.accept import accept as accept_application
from yichuan.changes.services.approve import approve as approve_application
from yichuan.changes.services.carry_out import carry_out as carry_out_application
from yichuan.changes.services.foresee import faults
from yichuan.changes.services.foresee import foresee as foresee_application
from yichuan.changes.services.hand_over import hand_over as hand_over_password
from yichuan.changes.services.papers import detach as detach_paper
from yichuan.changes.services.parties import may, visible
from yichuan.changes.services.send_back import refuse as refuse_application
from yichuan.changes.services.send_back import send_back as send_back_application
from yichuan.changes.services.submit import submit as submit_application
from yichuan.changes.services.take_back_seals import take_back_seals as take_back
from yichuan.changes.services.withdraw import withdraw as withdraw_application
from yichuan.changes.views import counter
from yichuan.changes.views.counter import Counter
from yichuan.common.errors import Refused
from yichuan.common.permissions import requires
from yichuan.people.services.slip import first_password_slip
from yichuan.web.requests import actor_of, file, posted


def _counter(request: HttpRequest, application_id: uuid.UUID) -> Counter:
    return Counter(actor_of(request), application_id)


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "")


@requires(ChangesPermission.SEE)
@require_GET
def show(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The application's page."""
    return counter.page(request, _counter(request, application_id))


@requires(ChangesPermission.SEE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Its form again, to be changed."""
    return counter.edit(request, _counter(request, application_id))


@requires(ChangesPermission.SEE)
@posted("changes:show")
def attach(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Add papers."""
    return counter.attach(request, _counter(request, application_id))


@requires(ChangesPermission.SEE)
@posted("changes:show")
def detach(request: HttpRequest, application_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Leave a paper out."""
    at = _counter(request, application_id)
    ids = {"application_id": application_id, "attachment_id": attachment_id}
    return counter.act(request, at, lambda: detach_paper(actor=at.actor, **ids))


@requires(ChangesPermission.SEE)
@require_GET
def paper(request: HttpRequest, application_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Look at a paper, or with `?download` keep it."""
    return counter.paper(_counter(request, application_id), attachment_id, download="download" in request.GET)


@requires(ChangesPermission.SEE)
@require_GET
def paper_pages(request: HttpRequest, application_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Look at a paper in OFD."""
    return counter.drawn(request, _counter(request, application_id), attachment_id)


@requires(ChangesPermission.SEE)
@require_GET
def paper_page(request: HttpRequest, application_id: uuid.UUID, attachment_id: uuid.UUID, page: int) -> HttpResponse:
    """One page of it."""
    return counter.drawn_page(_counter(request, application_id), attachment_id, page)


@requires(ChangesPermission.SEE)
@require_GET
def form(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """打印申请表."""
    return counter.form(_counter(request, application_id))


@requires(ChangesPermission.SEE)
@posted("changes:show")
def submit(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """提交."""
    at = _counter(request, application_id)
    words = _words(request)
    return counter.act(
        request, at, lambda: submit_application(actor=at.actor, application_id=application_id, words=words)
    )


@requires(ChangesPermission.SEE)
@posted("changes:show")
def withdraw(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """撤回."""
    at = _counter(request, application_id)
    words = _words(request)
    return counter.act(
        request, at, lambda: withdraw_application(actor=at.actor, application_id=application_id, words=words)
    )


@requires(ChangesPermission.ACCEPT)
@posted("changes:show")
def accept(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """受理."""
    at, words = _counter(request, application_id), _words(request)
    return counter.act(
        request, at, lambda: accept_application(actor=actor_of(request), application_id=application_id, words=words)
    )


@requires(ChangesPermission.APPROVE)
@posted("changes:show")
def approve(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """批准."""
    at, words = _counter(request, application_id), _words(request)
    return counter.act(
        request, at, lambda: approve_application(actor=actor_of(request), application_id=application_id, words=words)
    )


@requires(ChangesPermission.SEE)
@posted("changes:show")
def send_back(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """退回补正."""
    at, words = _counter(request, application_id), _words(request)
    return counter.act(
        request, at, lambda: send_back_application(actor=actor_of(request), application_id=application_id, words=words)
    )


@requires(ChangesPermission.SEE)
@posted("changes:show")
def refuse(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """不予批准."""
    at, words = _counter(request, application_id), _words(request)
    return counter.act(
        request, at, lambda: refuse_application(actor=actor_of(request), application_id=application_id, words=words)
    )


@requires(ChangesPermission.CARRY_OUT)
@require_GET
def foresee(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """办理以前: exactly what will happen."""
    application = visible(actor_of(request), application_id)
    if not may(actor_of(request), "carry_out", application):
        return redirect("changes:show", application_id)
    wrong = faults(application)
    context = {
        "application": application,
        "title": application.get_kind_display(),
        "faults": wrong,
        "foreseen": [] if wrong else foresee_application(application),
    }
    return render(request, "changes/foresee.html", context)


@requires(ChangesPermission.CARRY_OUT)
@posted("changes:show")
def carry_out(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """办理."""
    at = _counter(request, application_id)
    return counter.act(
        request, at, lambda: carry_out_application(actor=actor_of(request), application_id=application_id)
    )


@requires(ChangesPermission.CARRY_OUT)
@posted("changes:show")
def hand_over(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """交付初始密码: the slip as a file, once; or the page with the reason why not."""
    try:
        taker = request.POST.get("taker", "")
        account, password = hand_over_password(actor=actor_of(request), application_id=application_id, taker=taker)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return counter.page(request, _counter(request, application_id), refusal)
    slip = first_password_slip(account, password)
    return file(slip, name=f"初始密码通知单 {account.username}.pdf", media_type="application/pdf")


@requires(ChangesPermission.APPROVE)
@posted("changes:show")
def take_back_seals(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """收回旧印章: the secretariat has them."""
    at, words = _counter(request, application_id), _words(request)
    return counter.act(
        request, at, lambda: take_back(actor=actor_of(request), application_id=application_id, words=words)
    )
