"""An operation goes a shorter road than a page: what it answers is the same, with the same headers."""

import pytest
from django.test import Client as Browser

from support.systems import API, System
from yichuan.interface import middleware

SECURITY = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
)
REQUESTS = {
    "an answer": ("GET", "/me", {}),
    "nobody": ("GET", "/me", {"Authorization": "Bearer nobody"}),
    "nothing there": ("GET", "/nothing", {}),
    "another slash": ("GET", "/me/", {}),
    "no such method": ("DELETE", "/me", {}),
    "no key": ("POST", "/documents", {}),
    "a body beyond all bounds": ("POST", "/documents", {"Content-Length": "999999999"}),
    "a page's session": ("GET", "/me", {"Cookie": "sessionid=abc", "Authorization": ""}),
}


class Everything:
    def __contains__(self, _: object) -> bool:
        return True


@pytest.mark.parametrize("name", REQUESTS)
def test_the_short_road_answers_as_the_pages_road_does(
    system: System, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    method, path, headers = REQUESTS[name]
    given = {"Authorization": f"Bearer {system.token}"} | headers

    def answered() -> tuple[int, bytes, dict[str, str]]:
        found = Browser(raise_request_exception=False).generic(
            method, API + path, b"{}", "application/json", headers=given
        )
        told = {name: value for name, value in found.headers.items() if name != "Vary"}
        return found.status_code, b"".join(found), told  # type: ignore[call-overload]

    short = answered()
    monkeypatch.setattr(middleware, "DESCRIBED", Everything())
    assert short == answered()
    assert {*SECURITY} <= set(short[2])


def test_a_host_that_is_not_the_centre_is_refused_before_the_operation(system: System) -> None:
    given = {"Authorization": f"Bearer {system.token}", "Host": "elsewhere.example"}
    refused = Browser().get(f"{API}/me", headers=given)
    assert refused.status_code == 400
    assert system.client.name not in refused.content.decode()


def test_no_session_is_looked_for_and_the_answer_varies_by_none(system: System) -> None:
    found = Browser().get(f"{API}/me", headers={"Authorization": f"Bearer {system.token}"})
    assert found.status_code == 200
    assert "Cookie" not in found.headers.get("Vary", "")
    assert not hasattr(found.wsgi_request, "session")


def test_the_page_that_describes_the_interface_is_a_page_still(system: System) -> None:
    assert Browser().get(f"{API}/docs").status_code == 200
    assert Browser().get(f"{API}/openapi.json").status_code == 200
