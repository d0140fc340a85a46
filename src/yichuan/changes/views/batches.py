"""批次: the list, each batch's readiness board and its plan, approval and registering, the imprints."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.changes.batch_forms import BatchForm, EditBatchForm, stage_forms
from yichuan.changes.batch_lists import batches_with_counts, course_of, imprint, imprints_of
from yichuan.changes.models import Batch, Imprint
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.readiness import STEPS, Board, Line
from yichuan.changes.selectors import hats
from yichuan.changes.services.batch_access import planned_batch, plans, require_sight, visible_batch
from yichuan.changes.services.batch_approve import approve_batch, register_units
from yichuan.changes.services.batch_plan import edit_batch, plan_batch
from yichuan.changes.services.import_key import picture_of
from yichuan.changes.services.imprint_make import make_imprint
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.common.sheets.writing import XLSX, table_xlsx
from yichuan.web.requests import actor_of, file, posted

PER_PAGE = 40
CSS_DPI = 96
ASSUMED_MM = 42  # what an imprint of unknown resolution is shown at: the size of most units' seals


@requires(ChangesPermission.SEE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """批次: every batch with its day and how many of its units have joined."""
    require_sight(actor_of(request))
    context = {"rows": batches_with_counts(), "plans": plans(actor_of(request))}
    return render(request, "changes/batches.html", context)


@requires(ChangesPermission.PLAN_BATCHES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """安排批次: number and day; the timetable comes from the founding plan."""
    require_sight(actor_of(request))
    last = Batch.objects.order_by("-number").values_list("number", flat=True).first() or 0
    form = BatchForm(request.POST or None, initial={"number": last + 1})
    if request.method == "POST" and form.is_valid():
        try:
            batch = plan_batch(actor=actor_of(request), **form.cleaned_data)
            return redirect("changes:batch_plan", batch.number)
        except Invalid as refusal:
            _add(form, refusal)
    return render(request, "changes/batch_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(ChangesPermission.SEE)
@require_GET
def board(request: HttpRequest, number: int) -> HttpResponse:
    """就绪情况: each unit's steps, those that are not ready with whom to telephone."""
    batch = visible_batch(actor_of(request), number)
    only = request.GET.get("only", "")
    only = only if only in ("open", *STEPS) else ""
    shown = Board(batch, only)
    pages: Paginator[Line] = Paginator(shown, PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    counts = shown.counts()
    tabs = [{"key": "", "label": "全部", "count": counts["all"]}]
    tabs += [{"key": "open", "label": "未就绪", "count": counts["all"] - counts["ready"]}]
    tabs += [{"key": key, "label": f"缺{word}", "count": counts["all"] - counts[key]} for key, word in STEPS.items()]
    share = [("sign", counts["ready"]), ("wait", counts["all"] - counts["ready"])]
    context = _around(request, batch) | {
        "page": page, "only": only, "tabs": tabs, "steps": STEPS.values(), "counts": counts, "share": share,
    }  # fmt: skip
    return render(request, "changes/batch.html", context)


@requires(ChangesPermission.SEE)
@require_GET
def board_file(request: HttpRequest, number: int) -> HttpResponse:
    """The board as xlsx."""
    batch = visible_batch(actor_of(request), number)
    lines = Board(batch, request.GET.get("only", ""))[0:20_000]
    head = ["单位编号", "单位", *STEPS.values(), "就绪", "联系人", "电话"]
    data = table_xlsx("就绪情况", head, [_exported(line) for line in lines])
    return file(data, name=f"{batch.name}就绪情况.xlsx", media_type=XLSX)


def _exported(line: Line) -> list[str]:
    call = line.calls[0] if line.calls else None
    number = (call.phone or call.mobile) if call else ""
    return [
        line.code, line.name, *(mark.said for mark in line.marks), "是" if line.ready else "否",
        call.account.name if call else "", number,
    ]  # fmt: skip


@requires(ChangesPermission.SEE)
@require_GET
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """安排: the timetable, the list and its approval, what was changed when."""
    batch = visible_batch(actor_of(request), number)
    context = _around(request, batch) | {
        "stages": batch.stages.all(),
        "course": course_of(batch),
        "waiting": batch.planned.filter(unit=None).count(),
    }
    return render(request, "changes/batch_plan.html", context)


@requires(ChangesPermission.PLAN_BATCHES)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """修改安排."""
    batch = planned_batch(actor_of(request), number)
    form = EditBatchForm(request.POST) if request.method == "POST" else EditBatchForm.of(batch)
    stages = stage_forms(request.POST, batch)
    if request.method == "POST" and form.is_valid() and stages.is_valid():
        try:
            entries = [each.entry() for each in stages if each.cleaned_data]
            edit_batch(actor=actor_of(request), number=number, stages=entries, **form.cleaned_data)
            return redirect("changes:batch_plan", number)
        except Refused as refusal:
            _add(form, refusal)
    bad = bool(form.errors) or (request.method == "POST" and not stages.is_valid())
    context = {"batch": batch, "form": form, "stages": stages}
    return render(request, "changes/batch_edit.html", context, status=422 if bad else 200)


@requires(ChangesPermission.APPROVE)
@posted("changes:batch_plan")
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """批准名单."""
    version = request.POST.get("version", "")
    approve_batch(actor=actor_of(request), number=number, version=int(version) if version.isdecimal() else 0)
    return redirect("changes:batch_plan", number)


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:batch_plan")
def register(request: HttpRequest, number: int) -> HttpResponse:
    """登记单位: goes on by slices on the page of its own."""
    return redirect("changes:import", register_units(actor=actor_of(request), number=number).pk)


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def imprints(request: HttpRequest, number: int) -> HttpResponse:
    """印模: each unit's picture at its true size, with what to warn of."""
    batch = planned_batch(actor_of(request), number)
    page = Paginator(imprints_of(batch), 20).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shown": [{"imprint": each, **_true_size(each)} for each in page],
        "assumed_mm": ASSUMED_MM,
    }
    return render(request, "changes/batch_imprints.html", _around(request, batch) | context)


def _true_size(shown: Imprint) -> dict[str, Any]:
    """Width and height on the screen (CSS pixels are a 96th of an inch), and in millimetres where they are known."""
    mm = shown.width / shown.dpi * 25.4 if shown.dpi else float(shown.diameter_mm or ASSUMED_MM)
    width = round(mm / 25.4 * CSS_DPI)
    known = shown.dpi is not None or shown.diameter_mm is not None
    return {"width": width, "height": round(width * shown.height / shown.width), "mm": round(mm, 1), "known": known}


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def imprint_picture(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """The picture, for nobody on the way to keep."""
    found = imprint(imprint_id)
    if found is None or not plans(actor_of(request)):
        raise NotFound("no_imprint", "没有这个印模，或者不归你单位办理。")
    return file(picture_of(found), name=f"{found.unit.short_name}.png", media_type="image/png", inline=True)


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:batches", keep=0)
def imprint_make(request: HttpRequest, imprint_id: uuid.UUID) -> HttpResponse:
    """用这张印模制作: the unit's head approves what comes of it."""
    require_sight(actor_of(request))
    try:
        diameter = float(request.POST.get("diameter_mm", "")[:6])
    except ValueError:
        raise Invalid({"diameter_mm": "请填写实物公章的直径，如 42。"}) from None
    made = make_imprint(actor=actor_of(request), imprint_id=imprint_id, diameter_mm=diameter)
    return redirect("seals:imprint", made.pk)


def _around(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """What every page of a batch shows: the batch, the way between its pages, what this person may do."""
    actor = actor_of(request)
    return {"batch": batch, "plans": plans(actor), "supervises": hats(actor).supervises}


def _add(form: Any, refusal: Refused) -> None:
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
    for field, message in errors.items():
        form.add_error(field if field in form.fields else None, message)
