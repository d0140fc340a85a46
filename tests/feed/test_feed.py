"""The feed as a process: what a page hears, and who is refused."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from support.served import Served, served, settings_of
from support.world import PASSWORD
from yichuan.cli.keeper import ENDING_SECONDS
from yichuan.common import clock
from yichuan.feed.application import since

SEND = """
import django; django.setup()
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.org.models import Unit
with command():
    publish("arrival", [Unit.objects.get(short_name="市卫生局").pk])
    publish("receipt", [Unit.objects.get(short_name="市环保局").pk])
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("centre")) as running:
        yield running


@contextmanager
def feed(centre: Served, made: str = "", **headers: str) -> Iterator[http.client.HTTPResponse]:
    address = urlsplit(centre.url)
    with closing(http.client.HTTPConnection(address.hostname or "", (address.port or 0) + 1, timeout=20)) as connection:
        connection.request("GET", f"/feed/?{urlencode({'since': made})}", headers=headers)
        with connection.getresponse() as answer:
            yield answer


def session_of(centre: Served, username: str) -> str:
    """Log in over plain HTTP; returns the cookie header."""
    address = urlsplit(centre.url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)) as connection:
        connection.request("GET", "/login/")
        page = connection.getresponse()
        token = (page.getheader("Set-Cookie") or "").split("csrftoken=")[1].split(";")[0]
        page.read()
        body = urlencode({"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token})
        headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/login/", body, headers)
        answer = connection.getresponse()
        answer.read()
        cookies = answer.headers.get_all("Set-Cookie") or []
    return next(cookie.split(";")[0] for cookie in cookies if cookie.startswith("sessionid="))


SUSPEND = """
import django; django.setup()
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.suspend import suspend
with command():
    suspend(actor=None, account=Account.objects.get(username="clerk-4"), reason="借出账号")
"""


def test_a_page_hears_its_units_arrival_soon_and_nothing_of_others(centre: Served) -> None:
    with feed(centre, Cookie=session_of(centre, "clerk-1"), Origin=centre.url) as answer:
        assert answer.status == 200
        assert answer.getheader("Access-Control-Allow-Origin") == centre.url
        assert [answer.readline() for _ in range(3)] == [b"retry: 2000\n", b": open\n", b"\n"]
        subprocess.run([sys.executable, "-c", SEND], env=settings_of(centre.home), check=True, timeout=60)
        published = time.monotonic()
        assert answer.readline() == b"event: arrival\n"
        assert time.monotonic() - published < 5  # half a second of asking; the rest is the machine's
        assert answer.readline().startswith(b"data: ")
        assert answer.readline() == b"\n"
        assert answer.readline() == b": beat\n"  # and nothing of the receipt of another unit


def test_a_page_hears_what_happened_since_it_was_made(centre: Served) -> None:
    cookie = session_of(centre, "clerk-1")
    made = (clock.now() - timedelta(seconds=1)).isoformat()
    subprocess.run([sys.executable, "-c", SEND], env=settings_of(centre.home), check=True, timeout=60)
    with feed(centre, made=made, Cookie=cookie, Origin=centre.url) as answer:
        assert [answer.readline() for _ in range(3)] == [b"retry: 2000\n", b": open\n", b"\n"]
        assert answer.readline() == b"event: arrival\n"


@pytest.mark.parametrize(
    "said", [b"", b"since=", b"since=yesterday", b"since=0001-01-01T00:00:00Z", b"since=%00", b"a"]
)
def test_a_page_that_does_not_say_since_when_hears_what_comes(said: bytes) -> None:
    assert since(said) is None


def test_somebody_who_is_not_logged_in_is_refused(centre: Served) -> None:
    with feed(centre) as answer:
        assert answer.status == 403


def test_a_page_of_another_host_is_refused(centre: Served) -> None:
    cookie = session_of(centre, "clerk-1")
    with feed(centre, Cookie=cookie, Origin="http://elsewhere.example") as answer:
        assert answer.status == 403


def test_the_feed_of_a_suspended_person_ends_within_seconds(centre: Served) -> None:
    with feed(centre, Cookie=session_of(centre, "clerk-4"), Origin=centre.url) as answer:
        assert answer.readline().startswith(b"retry")
        subprocess.run([sys.executable, "-c", SUSPEND], env=settings_of(centre.home), check=True, timeout=60)
        begun = time.monotonic()
        rest = answer.read()
        assert time.monotonic() - begun < 10
        assert b"event: signed_out" in rest


def test_a_centre_that_is_told_to_stop_waits_for_no_page_that_listens(tmp_path: Path) -> None:
    with (
        served(tmp_path) as stopping,
        feed(stopping, Cookie=session_of(stopping, "clerk-1"), Origin=stopping.url) as answer,
    ):
        assert answer.readline().startswith(b"retry")
        begun = time.monotonic()
        os.kill(stopping.pid, signal.SIGTERM)
        os.waitid(os.P_PID, stopping.pid, os.WEXITED | os.WNOWAIT)
        assert time.monotonic() - begun < 0.8 * ENDING_SECONDS
        with suppress(ConnectionError, http.client.IncompleteRead):
            answer.read()
