"""导入: templates, the upload, the look at every row, progress, result, slips."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.changes.batch_forms import UploadForm
from yichuan.changes.batch_lists import imports_of, row_counts, slips_of
from yichuan.changes.models import Import, ImportRow
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.services.batch_access import planned_batch, planned_import, plans
from yichuan.changes.services.import_end import drop_import
from yichuan.changes.services.import_rows import faults_of, values_of
from yichuan.changes.services.import_run import advance, begin_import
from yichuan.changes.services.import_slips import print_slips
from yichuan.changes.services.import_take import file_of, take_import
from yichuan.changes.sheet_forms import FORMS
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import requires
from yichuan.common.sheets.writing import CSV, XLSX, table_xlsx, template_csv, template_xlsx
from yichuan.web.requests import actor_of, file, posted

PER_PAGE = 20
STEP_SECONDS = 0.6
NOTES = {
    Import.Kind.STAFF: [
        "本表对应工作方案附件1。一人一行；兼任几个岗位的，岗位写在同一格，用顿号隔开。",
        "账号导入后没有可用的密码，初始密码在打印密码通知单时产生。岗位由系统审计员审核后生效，只给在编并已培训的人员。",
    ],
    Import.Kind.UNITS: ["一个单位一行。导入后由主管单位批准名单，再登记。"],
    Import.Kind.IMPRINTS: [
        "本表对应工作方案附件2。把扫描的印模图片（PNG、JPG、TIFF，300 dpi 以上，原色）插在本行的图片格，",
        "或者在图片格写文件名，图片另外打成一个 zip 一起上传；文件名用单位全称或简称也可以。",
    ],
}
GENERAL = "不要改动表头，不要合并单元格，不要用公式。带 * 的必填。灰色的示例行导入时跳过，可以删去。最多 20,000 行。"


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def template(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
    """A form to be filled in."""
    if kind not in FORMS or suffix not in ("xlsx", "csv") or not plans(actor_of(request)):
        raise NotFound("no_template", "没有这个模板。请从批次的导入页下载。")
    form, named = FORMS[Import.Kind(kind)], f"{Import.Kind(kind).label}.{suffix}"
    if suffix == "csv":
        return file(template_csv(form), name=named, media_type=CSV)
    return file(template_xlsx(form, [*NOTES[Import.Kind(kind)], GENERAL]), name=named, media_type=XLSX)


@requires(ChangesPermission.PLAN_BATCHES)
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, number: int) -> HttpResponse:
    """导入: templates, the upload, and what was imported before."""
    batch = planned_batch(actor_of(request), number)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and getattr(request, "upload_too_large", False):
        return render(request, "413.html", status=413)
    if request.method == "POST" and form.is_valid():
        sheet, pictures = form.cleaned_data["file"], form.cleaned_data["pictures"]
        try:
            source = take_import(
                actor=actor_of(request),
                number=number,
                kind=form.cleaned_data["kind"],
                name=sheet.name,
                data=sheet.read(),
                pictures=pictures.read() if pictures else b"",
            )
            return redirect("changes:import", source.pk)
        except Invalid as refusal:
            for field, message in refusal.errors.items():
                form.add_error(field if field in form.fields else None, message)
    context = {
        "batch": batch,
        "form": form,
        "plans": True,
        "kinds": [{"kind": kind.value, "label": kind.label} for kind in FORMS],
        "page": Paginator(imports_of(batch), 10).get_page(request.GET.get("page")),
    }
    return render(request, "changes/imports.html", context, status=422 if form.errors else 200)


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def show(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """One import: every row before it begins, how far it is, what came of it."""
    return _page(request, planned_import(actor_of(request), import_id))


def _page(request: HttpRequest, source: Import) -> HttpResponse:
    counts = row_counts(source)
    state = request.GET.get("state", "")
    state = state if state in counts else ""
    rows = source.rows.order_by("number")
    page = Paginator(rows.filter(state=state) if state else rows, PER_PAGE).get_page(request.GET.get("page"))
    total = sum(counts.values())
    columns = FORMS[Import.Kind(source.kind)].columns if source.kind in FORMS else ()
    context = {
        "source": source,
        "batch": source.batch,
        "page": page,
        "state": state,
        "columns": columns,
        "rows": [_shown(row, columns) for row in page],
        "counts": counts,
        "total": total,
        "tabs": [
            {"state": each.value, "label": each.label, "count": counts[each]}
            for each in ImportRow.State
            if counts[each]
        ],
        "share": [("sign", counts["done"]), ("late", counts["failed"] + counts["faulty"]), ("wait", counts["waiting"])],
        "slips": slips_of(source) if source.kind == Import.Kind.STAFF else [],
    }
    return render(request, "changes/import.html", context)


def _shown(row: ImportRow, columns: Any) -> dict[str, Any]:
    values, faults = values_of(row), {fault.column: fault for fault in faults_of(row)}
    cells = [{"text": values.get(column.key, ""), "fault": faults.get(column.label)} for column in columns]
    name = "" if columns else values["name"]
    return {"row": row, "cells": cells, "faults": list(faults.values()), "name": name}


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:import")
def begin(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """导入: what is right."""
    begin_import(actor=actor_of(request), import_id=import_id)
    return redirect("changes:import", import_id)


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:import")
def go_on(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The page that watches drives the work; nobody need watch, the ticker goes on as well."""
    planned_import(actor_of(request), import_id)
    more = advance(import_id, seconds=STEP_SECONDS)
    response = _page(request, planned_import(actor_of(request), import_id))
    if not more:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def result(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """Every row with what became of it. No passwords: those stand on slips alone."""
    source = planned_import(actor_of(request), import_id)
    if source.removed_at is not None or source.kind not in FORMS:
        raise NotFound("no_result", "明细已经删除，没有结果文件。")
    columns = FORMS[Import.Kind(source.kind)].columns
    head = ["行号", *(column.label for column in columns), "结果", "说明"]
    data = table_xlsx("导入结果", head, _result_rows(source, [column.key for column in columns]))
    return file(data, name=f"{source.batch.name}{source.get_kind_display()}导入结果.xlsx", media_type=XLSX)


def _result_rows(source: Import, keys: list[str]) -> Iterator[list[str]]:
    for row in source.rows.select_related("account").order_by("number").iterator(chunk_size=500):
        values = values_of(row)
        if row.account is not None and "username" in keys:
            values["username"] = row.account.username
        said = "".join(fault.said() + "。" for fault in faults_of(row)) or row.note or ""
        state = ImportRow.State(row.state).label
        yield [str(row.number), *(str(values.get(key, "")) for key in keys), state, said]


@requires(ChangesPermission.PLAN_BATCHES)
@require_GET
def taken(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The file as it was uploaded."""
    source = planned_import(actor_of(request), import_id)
    if not source.blob:
        raise NotFound("no_file", "上传的表格已经删除。")
    return file(file_of(source), name=source.file_name, media_type="application/octet-stream")


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:import")
def slips(request: HttpRequest, import_id: uuid.UUID, unit_id: uuid.UUID) -> HttpResponse:
    """The first passwords of one unit's people, drawn now."""
    pdf = print_slips(actor=actor_of(request), import_id=import_id, unit_id=unit_id)
    return file(pdf, name="初始密码通知单.pdf", media_type="application/pdf")


@requires(ChangesPermission.PLAN_BATCHES)
@posted("changes:import")
def remove(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """删除表格和明细."""
    source = drop_import(actor=actor_of(request), import_id=import_id)
    return redirect("changes:imports", source.batch_id)
