"""Taking a list along: as a table, or its received documents as a ZIP."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from yichuan.common import clock
from yichuan.common.permissions import requires
from yichuan.compose.outgoing import outgoing
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.views.outgoing import wanted_of as wanted_documents
from yichuan.exchange.listing import wanted_of
from yichuan.exchange.lists import LISTS, List
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors import with_marks, with_names, with_progress
from yichuan.exchange.selectors_search import deliveries, dispatches
from yichuan.exchange.selectors_views import preferences
from yichuan.exchange.services import export_list as exporting
from yichuan.exchange.services.pack import pack as begin_pack
from yichuan.exchange.services.show_found import compared, compared_own
from yichuan.exchange.views.inbox import ticked
from yichuan.web.list_page import chosen
from yichuan.web.lists import Narrowing
from yichuan.web.requests import actor_of, desk_of, file, posted, unit_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_A_TIME = 500


@requires(ExchangePermission.SEE_INBOX)
@posted("exchange:inbox")
def export_inbox(request: HttpRequest) -> HttpResponse:
    """导出 what 收文 shows now."""
    desk, shown = desk_of(request), LISTS["inbox"]
    wanted = wanted_of(Narrowing(shown.parts(), request.GET))
    found = with_names(deliveries(desk.unit_id, desk.office_id, wanted).rows).select_related("box")
    most = exporting.MOST_READ if wanted.sought.texts else exporting.MOST_ROWS
    rows = compared(actor_of(request), wanted.sought, list(found[:most]))
    return _table(request, shown, exporting.DELIVERY_CELLS, with_marks(rows), found[most : most + 1].exists())


@requires(ExchangePermission.TRACK)
@posted("exchange:sent")
def export_sent(request: HttpRequest) -> HttpResponse:
    """导出 what 发送跟踪 shows now."""
    shown = LISTS["sent"]
    wanted = wanted_of(Narrowing(shown.parts(), request.GET))
    most = exporting.MOST_READ if wanted.sought.texts else exporting.MOST_ROWS
    found = dispatches(unit_of(request).pk, wanted).rows.select_related("document__box")
    rows = compared_own(wanted.sought, list(found[:most]))
    counted = [each for at in range(0, len(rows), AT_A_TIME) for each in with_progress(rows[at : at + AT_A_TIME])]
    return _table(request, shown, exporting.DISPATCH_CELLS, counted, found[most : most + 1].exists())


@requires(ComposePermission.SEE)
@posted("compose:outgoing")
def export_outgoing(request: HttpRequest) -> HttpResponse:
    """导出 what 发文 shows now."""
    shown, most = LISTS["outgoing"], exporting.MOST_ROWS
    wanted = wanted_documents(Narrowing(shown.parts(), request.GET))
    found = outgoing(unit_of(request).pk, wanted)
    rows = [each for each in found[:most] if wanted.sought.fits(each)]
    return _table(request, shown, exporting.DOCUMENT_CELLS, rows, found[most : most + 1].exists())


def _table(
    request: HttpRequest, shown: List, cells: dict[str, exporting.Cell], rows: list[Any], more: bool
) -> HttpResponse:
    columns = chosen(shown.columns, preferences(actor_of(request), shown.name).columns)
    data = exporting.export_list(
        actor=actor_of(request),
        unit_id=unit_of(request).pk,
        title=shown.title,
        columns=columns,
        cells=cells,
        rows=rows,
        more=more,
    )
    return file(data, name=f"{shown.title} {_today(clock.now())}.xlsx", media_type=XLSX)


def _today(at: datetime) -> str:
    return f"{localtime(at):%Y%m%d}"


@requires(ExchangePermission.COPY)
@posted("exchange:inbox")
def pack(request: HttpRequest) -> HttpResponseBase:
    """打包下载: the ticked documents that were received, in one ZIP."""
    made = begin_pack(actor=actor_of(request), delivery_ids=ticked(request))
    answer = StreamingHttpResponse(made.stream(), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, made.name) or "attachment"
    answer["Cache-Control"] = "no-store, private"
    return answer
