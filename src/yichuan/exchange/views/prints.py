"""打印登记: each numbered original that was printed, searched, and taken along."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.permissions import requires
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_prints import PARTS, narrowed, prints_of, receipt_number, seal_name
from yichuan.exchange.services.archives import moment_in_full
from yichuan.exchange.services.export_list import MOST_ROWS, Cell, export_list
from yichuan.web.lists import BoundedPaginator, Column, Narrowing, bounded, said
from yichuan.web.requests import actor_of, desk_of, file, posted

PER_PAGE = 14
TITLE = "打印登记"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column("printed", "打印时间", "col-due"),
    Column("number", "文号", "col-number"),
    Column("title", "标题"),
    Column("sender", "来文单位", "col-unit"),
    Column("copy", "份号", "col-signed"),
    Column("person", "打印人", "col-signed"),
    Column("seal", "验证印章", "col-number"),
    Column("receipt", "回执号", "col-number"),
)
CELLS: dict[str, Cell] = {
    "printed": lambda each: moment_in_full(each.issued_at),
    "number": lambda each: each.delivery.dispatch.document.number or "",
    "title": lambda each: each.delivery.dispatch.document.title,
    "sender": lambda each: each.delivery.dispatch.sender_name,
    "copy": lambda each: f"第 {each.number} 份，共 {each.delivery.allowance} 份",
    "person": lambda each: each.printed_by.name,
    "seal": seal_name,
    "receipt": receipt_number,
}


@requires(ExchangePermission.SEE_INBOX)
@require_GET
def printed(request: HttpRequest) -> HttpResponse:
    """The copies that match, page by page; a filter says what it hides."""
    desk, wanted, here = desk_of(request), Narrowing(PARTS, request.GET), reverse("exchange:printed")
    everything = prints_of(desk.unit_id, desk.office_id)
    page: Any = BoundedPaginator(narrowed(everything, wanted), PER_PAGE).get_page(request.GET.get("page"))
    total = bounded(everything)
    rows = [{"copy": each, "receipt": receipt_number(each), "seal": seal_name(each)} for each in page]
    context = {
        "page": page,
        "rows": rows,
        "columns": COLUMNS,
        "wanted": wanted.values,
        "filters": wanted.marks(here),
        "faults": wanted.faults,
        "hidden": total - page.paginator.count,
        "total": said(total),
        "here": here,
        "query": wanted.query(),
        "export_url": reverse("exchange:export_printed"),
    }
    return render(request, "exchange/printed.html", context)


@requires(ExchangePermission.SEE_INBOX)
@posted("exchange:printed")
def export_printed(request: HttpRequest) -> HttpResponse:
    """导出 what the register shows now, as xlsx."""
    desk = desk_of(request)
    found = narrowed(prints_of(desk.unit_id, desk.office_id), Narrowing(PARTS, request.GET))
    data = export_list(
        actor=actor_of(request),
        unit_id=desk.unit_id,
        title=TITLE,
        columns=COLUMNS,
        cells=CELLS,
        rows=found[:MOST_ROWS],
        more=found[MOST_ROWS : MOST_ROWS + 1].exists(),
    )
    return file(data, name=f"{TITLE} {localdate(clock.now()):%Y%m%d}.xlsx", media_type=XLSX)
