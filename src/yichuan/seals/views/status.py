"""The status list of seals, for whoever verifies a document without asking the centre."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from yichuan.common import clock
from yichuan.common.errors import NotFound
from yichuan.common.permissions import PUBLIC, requires
from yichuan.seals.selectors_status import published

CACHED_SECONDS = 300


@requires(PUBLIC)
@require_safe
def status_list(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The newest list, or an earlier one by its number, DER."""
    row = published(number)
    if row is None or row.der is None or row.this_update is None or row.next_update is None:
        raise NotFound("no_list", "没有这份印章状态列表，请核对地址。")
    left = CACHED_SECONDS if number is not None else int((row.next_update - clock.now()).total_seconds())
    response = HttpResponse(bytes(row.der), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="seals-{row.number}.der"'
    response["Cache-Control"] = f"public, max-age={max(0, min(CACHED_SECONDS, left))}"
    response["Last-Modified"] = http_date(row.this_update.timestamp())
    response["ETag"] = f'"seals-{row.number}"'
    return response
