"""One application at the counter: the page, its papers, its form. Shared by the centre's pages and the public's.

`Counter` says who stands at it and under which addresses the same things are found.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yichuan.changes.content import content_of, dump
from yichuan.changes.forms import FORMS, KINDS
from yichuan.changes.models import Application, Attachment, Plan
from yichuan.changes.printing import application_form
from yichuan.changes.selectors import hats
from yichuan.changes.services import papers
from yichuan.changes.services.hand_over import waits_for_password
from yichuan.changes.services.parties import may, visible
from yichuan.changes.services.save import save
from yichuan.changes.services.submit import NEEDS_PROOF, proof_of
from yichuan.changes.states import APPLICATION, OPEN, ApplicationState
from yichuan.changes.views.applications import open_names
from yichuan.changes.words import STATE_LOOKS, course, rows
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.services.preview import page_sizes
from yichuan.compose.services.read import draw_page
from yichuan.compose.views.drafts import page_number
from yichuan.lib.ofd.errors import OfdError
from yichuan.web.requests import file, svg


@dataclass(frozen=True)
class Counter:
    """Who works on which application; `space` is "" for the centre's people, "mine_" for the holder of a query code."""

    actor: Actor
    application_id: uuid.UUID
    space: str = ""

    def url(self, name: str, *args: Any) -> str:
        """The address of one thing of the application at this counter."""
        owner = () if self.space else (self.application_id,)
        route = f"changes:{self.space}{name}" if name != "show" or not self.space else "changes:mine"
        return reverse(route, args=[*owner, *args])

    def application(self) -> Application:
        """The application, if this person may read it."""
        return visible(self.actor, self.application_id)


def page(request: HttpRequest, counter: Counter, refusal: Refused | None = None) -> HttpResponse:
    """The application with its papers, its course and the verbs that are this person's."""
    application = counter.application()
    attachments = [
        {
            "file": each,
            "look": counter.url(_looked_at(each, counter), each.pk),
            "url": counter.url("paper", each.pk),
            "detach": counter.url("detach", each.pk),
        }
        for each in application.attachments.all()
    ]
    plan = Plan.objects.filter(pk=application.pk).first()
    verbs = {row.verb: may(counter.actor, row.verb, application) for row in APPLICATION.rows}
    colour, symbol = STATE_LOOKS[application.state]  # type: ignore[index]
    context = {
        "application": application,
        "title": KINDS[application.kind],
        "rows": rows(application),
        "attachments": attachments,
        "course": course(application),
        "may": verbs,
        "editable": verbs["submit"] and application.state in OPEN,
        "roles": Attachment.Role.choices,
        "proof": proof_of(application) if application.kind in NEEDS_PROOF else "",
        "colour": colour,
        "symbol": symbol,
        "refusal": refusal,
        "to_hand_over": _to_hand_over(counter, application),
        "plan": plan,
        "seals_to_come": plan.seals if plan and plan.ended_at and not plan.seals_back_at else [],
        "supervises": not counter.space and hats(counter.actor).supervises,
        "public": bool(counter.space),
        "urls": {name: counter.url(name) for name in ("show", "edit", "attach", "submit", "withdraw", "form")},
    }
    return render(request, "changes/show.html", context, status=refusal.status if refusal else 200)


def _looked_at(attachment: Attachment, counter: Counter) -> str:
    """Where a paper is looked at: an OFD is drawn for the centre's people; the applicant has it already."""
    return "paper_pages" if attachment.media_type == "application/ofd" and not counter.space else "paper"


def _to_hand_over(counter: Counter, application: Application) -> bool:
    """Whether the administrator's first password can still be handed over, and by this person."""
    account = application.administrator
    if counter.space or account is None or application.state != ApplicationState.DONE:
        return False
    return waits_for_password(account) and hats(counter.actor).operates


def edit(request: HttpRequest, counter: Counter) -> HttpResponse:
    """The form again, while the application is in the applicant's hands."""
    application = counter.application()
    if not may(counter.actor, "submit", application):
        return redirect(counter.url("show"))
    unit = application.unit
    form = FORMS[application.kind](
        request.POST if request.method == "POST" else None, unit=unit, initial=dump(content_of(application))
    )
    if request.method == "POST" and form.is_valid():
        try:
            save(actor=counter.actor, application_id=application.pk, content=form.to_content())
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            form.show(refusal)
        else:
            return redirect(counter.url("show"))
    context = {"form": form, "title": KINDS[application.kind], "application": application, "unit": unit}
    context |= {
        "back": counter.url("show"),
        "public": bool(counter.space),
        "units": [] if counter.space else open_names(),
    }
    return render(request, "changes/edit.html", context, status=422 if form.errors else 200)


def act(request: HttpRequest, counter: Counter, verb: Callable[[], object]) -> HttpResponse:
    """Do it and show the page; a refusal stands on the page."""
    try:
        verb()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return page(request, counter, refusal)
    return redirect(counter.url("show"))


def attach(request: HttpRequest, counter: Counter) -> HttpResponse:
    """Add the chosen papers, each on its own; the first that is refused is named, those before it are kept."""

    def add() -> None:
        files = request.FILES.getlist("file")  # only reading them tells whether they were too large
        role = request.POST.get("role", "")
        if getattr(request, "upload_too_large", False):
            raise Refused("too_large", "文件太大，没有保存。每个文件不超过 20 MB，一次合计不超过 64 MB。")
        if not files:
            raise Refused("no_file", "没有添加：请先选择文件。")
        for each in files:
            paper = papers.Paper(role, each.name or "", each.read())
            papers.attach(actor=counter.actor, application_id=counter.application_id, paper=paper)

    return act(request, counter, add)


def paper(counter: Counter, attachment_id: uuid.UUID, *, download: bool) -> HttpResponse:
    """A paper: looked at where the browser can show it, else to keep. Either is recorded."""
    found, data = papers.read(actor=counter.actor, application_id=counter.application_id, attachment_id=attachment_id)
    inline = not download and found.media_type in ("application/pdf", "image/png", "image/jpeg")
    return file(data, name=found.name, media_type=found.media_type, inline=inline)


def drawn(request: HttpRequest, counter: Counter, attachment_id: uuid.UUID) -> HttpResponse:
    """A paper in OFD on a page of its own: a browser cannot show it by itself."""
    found, data = _ofd(counter, attachment_id)
    try:
        sizes = page_sizes(data)
    except OfdError as error:
        raise Refused("cannot_open", f"「{found.name}」打不开，请下载后用阅读软件看。（{why(error)}）") from error
    pages = [
        {"number": n, "url": counter.url("paper_page", found.pk, n), "width_mm": width, "height_mm": height}
        for n, (width, height) in enumerate(sizes, start=1)
    ]
    context = {"paper": found, "pages": pages, "back": counter.url("show"), "url": counter.url("paper", found.pk)}
    return render(request, "changes/paper.html", context)


def drawn_page(counter: Counter, attachment_id: uuid.UUID, number: int) -> HttpResponse:
    """One page of it."""
    found, data = _ofd(counter, attachment_id)
    return svg(draw_page(data, found.digest, page_number(number)))


def _ofd(counter: Counter, attachment_id: uuid.UUID) -> tuple[Attachment, bytes]:
    ids = {"application_id": counter.application_id, "attachment_id": attachment_id}
    found, data = papers.read(actor=counter.actor, **ids)
    if found.media_type != "application/ofd":
        raise NotFound("no_page", "这份材料不是 OFD 文件，请直接打开。")
    return found, data


def form(counter: Counter) -> HttpResponse:
    """申请表 as PDF, as far as the application has come."""
    application = counter.application()
    name = f"{application.number or '草稿'} {KINDS[application.kind]}申请表.pdf"
    return file(application_form(application), name=name, media_type="application/pdf", inline=True)
