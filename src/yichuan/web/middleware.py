"""What every answer carries (the content policy) and how a refusal looks (a page that says what now)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme

from yichuan.common.errors import Refused
from yichuan.web.feed import feed_url

RETRY_SECONDS = "5"
GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Nothing is fetched from outside the intranet; no script or style stands inside a page (architecture, "The page").
POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'{feed}{usb_key}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)

# status: icon, title, what is still so, what to do
WORDS = {
    401: ("clock-history", "登录已过期", "页面上的内容还在。", "在新窗口登录，回来再按一次。"),
    403: (
        "shield-lock",
        "你的岗位不能办这件事",
        "没有执行任何操作。",
        "属于本职的，请管理员申请权限；不属于的，请找有这个岗位的人办理。",
    ),
    405: (
        "exclamation-triangle",
        "这个地址不能直接打开",
        "没有执行任何操作。",
        "从工作台或列表打开公文，用页面上的按钮办理。",
    ),
    404: ("file-earmark-x", "没有找到", "没有执行任何操作。", "从收文、发文列表里按文号或标题查找。"),
    409: (
        "exclamation-triangle",
        "没有办成",
        "这一步没有执行，公文保持原样。",
        "刷新后看公文现在的状态，再决定怎么办。",
    ),
    413: (
        "file-earmark-arrow-up",
        "文件太大，没有收下",
        "草稿和已经传上的附件都在。",
        "压缩或拆分以后再传，或者改走纸质附件。",
    ),
    422: ("pencil-square", "内容要改", "这一步没有执行，公文保持原样。", "退回上一页，改好以后再做一次。"),
    503: (
        "hourglass-split",
        "设备没有应答",
        "这一步没有执行，公文保持原样。",
        "过一会儿再做一次；仍然不行请打值班电话。",
    ),
}


def policy(request: HttpRequest) -> str:
    """The content policy of this centre; the feed may run on a port of its own, USB keys on the person's machine."""
    return _policy(feed_url(request), settings.YICHUAN_USBKEY_URL)


@lru_cache
def _policy(feed_address: str, usb_key: str) -> str:
    feed = urlsplit(feed_address)
    return POLICY.format(
        feed=f" {feed.scheme}://{feed.netloc}" if feed.netloc else "", usb_key=f" {usb_key}" if usb_key else ""
    )


def content_security(get_response: GetResponse) -> GetResponse:
    """Set the content policy on every answer that has not set a narrower one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(request))
        return response

    return middleware


class Refusals:
    """Turn a `Refused` that a view did not handle into the state page with its status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        refused = _page(request, Refused("method", "这一步要用页面上的按钮来办。"), 405)
        refused["Allow"] = response["Allow"]
        return refused

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RequestDataTooBig):
            return render(request, "413.html", status=413)
        if not isinstance(exception, Refused):
            return None
        return _page(request, exception, exception.status)


def _page(request: HttpRequest, refusal: Refused, status: int) -> HttpResponse:
    """The state page; over htmx its panel alone, which the page puts where it speaks of failures."""
    icon, title, safe, now = WORDS.get(status, WORDS[409])
    actions = [{"label": "回到工作台", "url": "/"}]
    back = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        actions.insert(0, {"label": "返回", "url": back})
    state = {"icon": icon, "title": title, "what": refusal.message, "safe": safe, "now": now, "actions": actions}
    template = "yc/parts/state.html" if request.headers.get("HX-Request") else "yc/state.html"
    return render(request, template, {"state": state}, status=status)


def refusals(get_response: GetResponse) -> Refusals:
    return Refusals(get_response)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: a body above the limit gets its own page. No context: the request may be half read."""
    too_big = isinstance(exception, RequestDataTooBig)
    page = loader.get_template("413.html" if too_big else "400.html").render()
    return HttpResponse(page, status=413 if too_big else 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a database that is away or locked is said as such, and when to come again. No context, as above."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    page = loader.get_template("503.html" if away else "500.html").render()
    headers = {"Retry-After": RETRY_SECONDS} if away else {}
    return HttpResponse(page, status=503 if away else 500, headers=headers)
