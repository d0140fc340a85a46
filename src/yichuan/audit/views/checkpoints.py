"""检查点: what the log was at each moment, to be kept outside of the centre and to be compared with paper."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from yichuan.audit.forms import DayForm, PrintedForm
from yichuan.audit.models import Checkpoint
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.selectors_checkpoints import behind, checkpoints_of, compared, last_sent
from yichuan.audit.selectors_tree import newest_checkpoint, only_signed, signed_text, text_of
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import requires
from yichuan.web.lists import BoundedPaginator
from yichuan.web.requests import file

PER_PAGE = 14


@requires(AuditPermission.SEE_LOG)
@require_GET
def checkpoints(request: HttpRequest) -> HttpResponse:
    """The newest, those of a day, and a field for what is printed on an original."""
    printed, days = PrintedForm(request.GET), DayForm(request.GET)
    right = printed.is_valid() & days.is_valid()
    typed = printed.cleaned_data.get("printed")
    newest = newest_checkpoint()
    today = localdate(newest.at) if newest else localdate(clock.now())
    day = days.cleaned_data.get("day") or today
    page = BoundedPaginator(checkpoints_of(day), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "newest": newest,
        "newest_text": text_of(newest) if newest else None,
        "root": _grouped(newest) if newest else "",
        "printed": printed,
        "days": days,
        "compared": compared(*typed) if typed else None,
        "behind": behind(),
        "sent": last_sent(),
        "sends": bool(settings.YICHUAN_CHECKPOINTS_URL),
        "day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1) if day < today else None,
        "page": page,
        "rows": _rows(list(page)),
    }
    return render(request, "audit/checkpoints.html", context, status=200 if right else 422)


@requires(AuditPermission.SEE_LOG)
@require_GET
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One checkpoint as the signed text, to be kept."""
    found = Checkpoint.objects.filter(pk=size).first() if size < 2**63 else None
    if found is None:
        raise NotFound("no_checkpoint", "没有这个检查点。请回到检查点页重新选。")
    if found.signature is not None and not only_signed([found]):
        raise Refused("forged_checkpoint", "这个检查点没有本中心的有效签名，没有给出。请核验全部日志，并报告主管单位。")
    return file(signed_text(found).encode(), name=f"检查点 {size}.txt", media_type="text/plain; charset=utf-8")


def _rows(found: list[Checkpoint]) -> list[dict[str, object]]:
    signed = {each.pk for each in only_signed(found)}
    return [{"checkpoint": each, "short": text_of(each).short, "signed": each.pk in signed} for each in found]


def _grouped(checkpoint: Checkpoint) -> str:
    digits = bytes(checkpoint.root).hex()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
