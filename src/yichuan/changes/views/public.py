"""For whoever has no account yet: applying to join, asking after it, correcting it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.changes.content import Join
from yichuan.changes.forms import JoinForm, QueryForm
from yichuan.changes.models import Attachment
from yichuan.changes.services.join import MOST_BYTES, MOST_FILES, find_by_code, require_room
from yichuan.changes.services.join import join as hand_in
from yichuan.changes.services.papers import Paper
from yichuan.changes.services.papers import detach as detach_paper
from yichuan.changes.services.parties import CodeHolder
from yichuan.changes.services.submit import submit as submit_application
from yichuan.changes.services.withdraw import withdraw as withdraw_application
from yichuan.changes.views import counter
from yichuan.changes.views.counter import Counter
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import PUBLIC, requires
from yichuan.people.client import address_of
from yichuan.web.requests import no_store, posted

SESSION_KEY = "application"
OPEN_FOR_SECONDS = 30 * 60


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """申请加入. The answer shows number and query code, once."""
    address = address_of(request)[:60]
    try:
        require_room(address)
    except Refused as refusal:
        return render(request, "changes/join_closed.html", {"refusal": refusal}, status=refusal.status)
    form, wrong = JoinForm(request.POST if request.method == "POST" else None), dict[str, str]()
    if request.method == "POST" and form.is_valid():
        try:
            content = form.to_content()
            assert isinstance(content, Join)  # noqa: S101 - the form of this kind makes no other; this tells the type
            application, code = hand_in(content=content, papers=_papers(request), address=address)
        except Refused as refusal:
            form.show(refusal)
            wrong = refusal.errors if isinstance(refusal, Invalid) else wrong
        else:
            return no_store(render(request, "changes/joined.html", {"application": application, "code": code}))
    asked = [("letter", "申请函", True), ("proof", "证明材料", True), ("other", "其他材料", False)]
    roles = [(role, label, needed, wrong.get(role, "")) for role, label, needed in asked]
    context = {"form": form, "roles": roles, "most_files": MOST_FILES, "most_mib": MOST_BYTES // 2**20}
    return render(request, "changes/join.html", context, status=422 if form.errors else 200)


def _papers(request: HttpRequest) -> list[Paper]:
    files = [(role, each) for role in Attachment.Role.values for each in request.FILES.getlist(role)]
    if getattr(request, "upload_too_large", False):
        raise Refused("too_large", f"文件太大，没有提交。每个文件不超过 {MOST_BYTES // 2**20} MB。")
    return [Paper(role, each.name or "", each.read()) for role, each in files[: MOST_FILES + 1]]


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def query(request: HttpRequest) -> HttpResponse:
    """申请查询: number and code open the application for half an hour."""
    form = QueryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            holder = find_by_code(**form.cleaned_data, address=address_of(request))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            request.session[SESSION_KEY] = [str(holder.application_id), clock.now().timestamp() + OPEN_FOR_SECONDS]
            return redirect("changes:mine")
    return render(request, "changes/query.html", {"form": form}, status=422 if form.errors else 200)


def _counter(request: HttpRequest) -> Counter | None:
    """The counter that the query code opened in this session, as long as it is open."""
    kept, until = request.session.get(SESSION_KEY, ["", 0])
    return (
        Counter(CodeHolder(uuid.UUID(kept)), uuid.UUID(kept), "mine_")
        if kept and clock.now().timestamp() < until
        else None
    )


@requires(PUBLIC)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My application, its course, and what is to be corrected."""
    at = _counter(request)
    return no_store(counter.page(request, at)) if at else redirect("changes:query")


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def mine_edit(request: HttpRequest) -> HttpResponse:
    """补正: the form again."""
    at = _counter(request)
    return counter.edit(request, at) if at else redirect("changes:query")


@requires(PUBLIC)
@posted("changes:mine", keep=0)
def mine_attach(request: HttpRequest) -> HttpResponse:
    """补正: another paper."""
    at = _counter(request)
    return counter.attach(request, at) if at else redirect("changes:query")


@requires(PUBLIC)
@posted("changes:mine", keep=0)
def mine_detach(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """补正: a paper left out."""
    at = _counter(request)
    if at is None:
        return redirect("changes:query")
    ids = {"application_id": at.application_id, "attachment_id": attachment_id}
    return counter.act(request, at, lambda: detach_paper(actor=at.actor, **ids))


@requires(PUBLIC)
@posted("changes:mine", keep=0)
def mine_submit(request: HttpRequest) -> HttpResponse:
    """补正后重新提交."""
    at = _counter(request)
    if at is None:
        return redirect("changes:query")
    words = request.POST.get("words", "")
    return counter.act(
        request, at, lambda: submit_application(actor=at.actor, application_id=at.application_id, words=words)
    )


@requires(PUBLIC)
@posted("changes:mine", keep=0)
def mine_withdraw(request: HttpRequest) -> HttpResponse:
    """撤回."""
    at = _counter(request)
    if at is None:
        return redirect("changes:query")
    words = request.POST.get("words", "")
    return counter.act(
        request, at, lambda: withdraw_application(actor=at.actor, application_id=at.application_id, words=words)
    )


@requires(PUBLIC)
@require_GET
def mine_paper(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """A paper that was handed in."""
    at = _counter(request)
    return counter.paper(at, attachment_id, download="download" in request.GET) if at else redirect("changes:query")


@requires(PUBLIC)
@require_GET
def mine_form(request: HttpRequest) -> HttpResponse:
    """打印申请表, to be signed and sealed on paper."""
    at = _counter(request)
    return counter.form(at) if at else redirect("changes:query")


@requires(PUBLIC)
@posted("changes:query", keep=0)
def mine_close(request: HttpRequest) -> HttpResponse:
    """结束查询: who comes to this computer next needs the code again."""
    request.session.pop(SESSION_KEY, None)
    return redirect("changes:query")
