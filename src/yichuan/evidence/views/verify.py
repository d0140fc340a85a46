"""The verification page for anybody in the network: files, pictures of a printed copy's code, or its text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import PUBLIC, requires
from yichuan.evidence.services.examine import (
    MOST_BYTES,
    MOST_FILES,
    Result,
    Upload,
    examine_code,
    examine_files,
)
from yichuan.evidence.services.rates import FILES_A_MINUTE, take_turn
from yichuan.exchange.services.print_codes import code_certificates
from yichuan.lib.print_code import LONGEST
from yichuan.people.client import address_of
from yichuan.web.requests import file, no_store

MIB = 1024 * 1024


@requires(PUBLIC)
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """公文核验. What was found stands in the answer to the POST and nowhere else: nothing is kept to show again."""
    results: list[Result] = []
    refusal = None
    if request.method == "POST":
        try:
            results = _examine(request)
        except Refused as refused:
            refusal = refused
    context = {
        "results": results,
        "counts": [(state, sum(each.state == state for each in results)) for state in ("ok", "bad", "unknown")],
        "refusal": refusal,
        "at": clock.now(),
        "most_files": MOST_FILES,
        "most_mib": MOST_BYTES // MIB,
        "a_minute": FILES_A_MINUTE,
    }
    status = refusal.status if refusal else 200
    return no_store(render(request, "evidence/verify.html", context, status=status))


@requires(PUBLIC)
@require_safe
def print_codes(request: HttpRequest) -> HttpResponse:
    """The certificates of the keys that signed the codes of printed originals, for verifying them without a network."""
    found = b"".join(each.to_pem() for each in code_certificates())
    return file(found, name="print-codes.pem", media_type="application/x-pem-file")


def _examine(request: HttpRequest) -> list[Result]:
    files, code = request.FILES.getlist("files"), request.POST.get("code", "").strip()
    if getattr(request, "upload_too_large", False) or sum(each.size or 0 for each in files) > MOST_BYTES:
        raise Invalid({"files": f"文件太大，没有核验。一次合计不超过 {MOST_BYTES // MIB} MB，请分几次核验。"})
    if len(files) > MOST_FILES:
        raise Invalid({"files": f"一次最多核验 {MOST_FILES} 个文件，这次有 {len(files)} 个，请分几次核验。"})
    if len(code) > LONGEST:
        raise Invalid({"code": "这段文字太长，不是打印码。请照原样粘贴二维码的文字。"})
    if not files and not code:
        raise Invalid({"files": "请选择要核验的文件，或者扫打印件的二维码。"})
    take_turn(address_of(request), len(files) + bool(code))
    found = [examine_code(code)] if code else []
    return found + examine_files([Upload(each.name or "文件", each.read()) for each in files])
