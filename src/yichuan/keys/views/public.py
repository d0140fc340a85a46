"""What anybody may ask: the revocation lists, the CA certificates (RFC 5280, 4.2.1.13 and 4.2.2.1), and OCSP."""

import base64
import binascii
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yichuan.common import clock
from yichuan.common.errors import NotFound
from yichuan.common.permissions import PUBLIC, requires
from yichuan.keys.selectors import authority_named, published
from yichuan.keys.services.answer_status import answer_status
from yichuan.lib.gm.ocsp import LONGEST_REQUEST

CACHED_SECONDS = 300
ANSWER_SECONDS = 60
"""Short: a loss must be known everywhere within minutes."""


@requires(PUBLIC)
@require_safe
def revocation_list(request: HttpRequest, name: str) -> HttpResponse:
    """The newest list of one CA, DER."""
    row = published(f"ca:{name}")
    if row is None or row.der is None or row.this_update is None:
        raise NotFound("no_list", "没有这份证书吊销列表，请核对地址。")
    left = (row.next_update - clock.now()).total_seconds() if row.next_update else 0
    seconds = max(0, min(CACHED_SECONDS, int(left)))
    return _file(bytes(row.der), "application/pkix-crl", seconds, row.this_update, f'"{name}-{row.number}"')


@requires(PUBLIC)
@require_safe
def authority(request: HttpRequest, name: str) -> HttpResponse:
    """The certificate of one CA, DER."""
    row = authority_named(name)
    if row is None:
        raise NotFound("no_authority", "没有这张证书，请核对地址。")
    return _file(bytes(row.der), "application/pkix-cert", CACHED_SECONDS, row.issued_at, f'"{row.serial}"')


@csrf_exempt  # a POST here changes nothing, and comes from programs without a page
@requires(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ocsp(request: HttpRequest, question: str = "") -> HttpResponse:
    """One OCSP request (RFC 6960, appendix A): the body of a POST, or base64 behind the address of a GET."""
    asked = request.read(LONGEST_REQUEST + 1) if request.method == "POST" else _decoded(question)
    answer, once = answer_status(asked)
    response = HttpResponse(answer, content_type="application/ocsp-response")
    lasting = request.method != "POST" and not once
    response["Cache-Control"] = f"public, max-age={ANSWER_SECONDS}" if lasting else "no-store"
    return response


def _decoded(question: str) -> bytes:
    try:
        return base64.b64decode(question.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _file(data: bytes, media_type: str, seconds: int, changed: datetime, tag: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Last-Modified"] = http_date(changed.timestamp())
    response["ETag"] = tag
    return response
