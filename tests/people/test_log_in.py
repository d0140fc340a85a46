"""Logging in, and being locked out."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.people.models import Account

CLERK = "clerk-0"
FAILURES_ALLOWED = profile.load("jiangmen-2008").passwords.failures
LOCKED_FOR = profile.load("jiangmen-2008").passwords.locked


def _try(password: str = PASSWORD, username: str = CLERK, address: str = "/login/") -> tuple[int, str]:
    answer = Client().post(address, {"username": username, "password": password})
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


def _fail(times: int) -> None:
    for _ in range(times):
        assert _try("Wrong-words-1")[0] == 422


def test_the_right_password_leads_to_the_workbench(world: World) -> None:
    assert _try() == (302, "/")
    entry = Entry.objects.get(verb="people.log_in")
    assert entry.actor_id == world.sending_clerk.pk


def test_five_failures_in_a_row_lock_the_account_even_for_the_right_password(world: World) -> None:
    _fail(FAILURES_ALLOWED)
    status, page = _try()
    assert status == 422
    assert "已锁定" in page
    assert not Entry.objects.filter(verb="people.log_in").exists()
    assert Entry.objects.filter(verb="people.log_in_failed", subject_id=world.sending_clerk.pk).count() == 6


def test_it_opens_by_itself_after_its_time(world: World) -> None:
    _fail(FAILURES_ALLOWED)
    with clock.fixed_at(clock.now() + LOCKED_FOR - timedelta(seconds=5)):
        assert _try()[0] == 422
    with clock.fixed_at(clock.now() + LOCKED_FOR + timedelta(seconds=5)):
        assert _try() == (302, "/")


def test_a_success_forgets_the_failures_before_it(world: World) -> None:
    for _ in range(2):
        _fail(FAILURES_ALLOWED - 1)
        assert _try()[0] == 302


def test_one_account_that_is_locked_does_not_lock_another(world: World) -> None:
    _fail(FAILURES_ALLOWED)
    assert _try(username="clerk-1")[0] == 302


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(world: World) -> None:
    def page(username: str) -> str:
        _, text = _try("Wrong-words-1", username)
        return re.sub(r'data-clock="[^"]*"|\w{64}|value="[^"]*"', "", text).replace(username, "")

    assert page(CLERK) == page("nobody-0")


def test_an_account_that_is_closed_does_not_log_in(world: World) -> None:
    Account.objects.filter(username=CLERK).update(is_active=False)
    assert _try()[0] == 422


@pytest.mark.parametrize("username", ["", "a\0b", "长" * 41, "' OR 1=1 --"])
def test_a_name_that_cannot_be_one_is_answered_like_any_other_fault(world: World, username: str) -> None:
    assert _try(username=username)[0] == 422


@pytest.mark.parametrize(
    ("wanted", "led_to"), [("/inbox/", "/inbox/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")]
)
def test_it_leads_on_to_pages_of_this_centre_only(world: World, wanted: str, led_to: str) -> None:
    assert _try(address=f"/login/?next={wanted}") == (302, led_to)


def test_the_password_is_neither_logged_nor_kept(world: World) -> None:
    _try("Wrong-words-1")
    assert "Wrong-words-1" not in str(list(Entry.objects.values()))
    assert not Account.objects.filter(password__contains=PASSWORD).exists()


def test_logging_out_ends_the_session(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    assert browser.get("/logout/").headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert browser.post("/logout/").status_code == 302
    assert browser.get("/").status_code == 302


def test_a_page_may_ask_whether_the_session_stands_and_gets_the_token_for_its_forms(world: World) -> None:
    stranger = Client().get("/session/")
    assert stranger.json()["signed_in"] is False
    assert stranger.headers["Cache-Control"] == "no-store, private"
    browser = world.browser(world.sending_clerk, csrf=True)
    state = browser.get("/session/").json()
    assert state["signed_in"] is True
    assert browser.post("/logout/", headers={"X-CSRFToken": state["csrf"]}).status_code == 302


def test_who_comes_back_after_the_session_ended_is_told_so(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    assert "登录已过期" not in Client().get("/login/").content.decode()
    browser.session.flush()
    assert "登录已过期" in browser.get("/login/?next=/inbox/").content.decode()


def test_the_first_words_after_a_wrong_password_say_what_is_wrong(world: World) -> None:
    _, page = _try("Wrong-words-1")
    assert "账号或密码不对" in page.split('role="alert"')[1].split("</b>")[0]
