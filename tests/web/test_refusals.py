"""A refusal of a service is a page that says what now; every answer carries the content policy."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from support.pages import engine, words
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from yichuan.web import middleware


@pytest.fixture(autouse=True)
def only_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render with the request alone: what the rooms above put into the frame is their own test's matter."""

    def render(
        request: HttpRequest, name: str, context: dict[str, object] | None = None, status: int = 200
    ) -> HttpResponse:
        return HttpResponse(engine().get_template(name).render(context or {}, request), status=status)

    monkeypatch.setattr(middleware, "render", render)


def answer(exception: Exception, **headers: str) -> HttpResponse | None:
    request = RequestFactory().get("/document/1/", headers=headers)
    return middleware.refusals(lambda _: HttpResponse()).process_exception(request, exception)


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed("not_allowed", "文件管理员不能盖章。"), 403),
        (NotFound("not_found", "没有这件公文。"), 404),
        (Refused("already_sent", "这件公文已经发出。"), 409),
        (Invalid({"main": "请至少选一个单位"}), 422),
        (Unavailable("device", "密码设备没有应答。"), 503),
    ],
)
def test_a_refusal_keeps_its_status_and_its_own_words(refusal: Refused, status: int) -> None:
    response = answer(refusal)
    assert response is not None and response.status_code == status
    assert refusal.message in words(response.content.decode())


def test_the_way_back_leads_to_this_site_only() -> None:
    inside = answer(NotFound("x", "没有"), referer="http://testserver/inbox/")
    outside = answer(NotFound("x", "没有"), referer="http://elsewhere.example/")
    assert inside is not None and "/inbox/" in inside.content.decode()
    assert outside is not None and "elsewhere" not in outside.content.decode()


def test_an_error_that_is_no_refusal_is_left_to_the_500_page() -> None:
    assert answer(ZeroDivisionError()) is None


def test_a_body_above_the_limit_gets_the_413_page() -> None:
    in_view = answer(RequestDataTooBig())
    before_view = middleware.bad_request(RequestFactory().post("/"), RequestDataTooBig())
    assert in_view is not None and in_view.status_code == before_view.status_code == 413
    assert middleware.bad_request(RequestFactory().get("/"), ValueError()).status_code == 400


def test_every_answer_carries_a_policy_without_inline_code() -> None:
    answered = middleware.content_security(lambda _: HttpResponse())(RequestFactory().get("/"))
    policy = answered.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


def test_a_view_may_set_a_narrower_policy() -> None:
    def svg(_: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    assert (
        middleware.content_security(svg)(RequestFactory().get("/")).headers["Content-Security-Policy"]
        == "default-src 'none'"
    )


@override_settings(YICHUAN_FEED_URL="http://127.0.0.1:8001/feed/")
def test_a_feed_on_its_own_port_may_be_listened_to() -> None:
    assert "connect-src 'self' http://127.0.0.1:8001;" in middleware.policy(RequestFactory().get("/"))
