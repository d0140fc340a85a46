"""How long a session stands, and what ends it (等保三级)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.people.models import OpenSession
from yichuan.people.services.suspend import resume, suspend

RULES = profile.load("jiangmen-2008").sessions
MINUTE = timedelta(minutes=1)


@pytest.fixture
def one_per_person(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A profile under which a new login ends the older one."""
    rules = profile.load("jiangmen-2008")
    changed = replace(rules, sessions=replace(rules.sessions, one_per_person=True))
    monkeypatch.setattr(profile, "current", lambda: changed)
    yield


def logged_in(username: str = "clerk-0", **headers: str) -> Client:
    browser = Client(**headers)
    assert browser.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return browser


def test_a_session_goes_on_while_the_person_works(world: World) -> None:
    browser, start = logged_in(), clock.now()
    for minutes in range(20, 200, 20):
        with clock.fixed_at(start + minutes * MINUTE):
            assert browser.get("/").status_code == 200


def test_it_ends_when_nobody_did_anything_and_the_login_page_says_so(world: World) -> None:
    browser, start = logged_in(), clock.now()
    with clock.fixed_at(start + RULES.idle + MINUTE):
        assert browser.get("/inbox/").headers["Location"] == "/login/?next=/inbox/"
        assert "30 分钟没有操作" in browser.get("/login/?next=/inbox/").content.decode()
        assert browser.get("/session/").json()["why"].startswith("30 分钟没有操作")
    assert OpenSession.objects.get().end == OpenSession.End.IDLE


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/nav/", {"X-Background": "1"}),
        ("/nav/", {}),
        ("/arrive/", {}),
        ("/session/", {}),
        ("/inbox/", {"X-Background": "1", "HX-Request": "true"}),
    ],
)
def test_what_an_open_page_asks_by_itself_does_not_keep_it_alive(
    world: World, address: str, headers: dict[str, str]
) -> None:
    browser, start = logged_in(), clock.now()
    for minutes in range(1, 30):
        with clock.fixed_at(start + minutes * MINUTE):
            assert browser.get(address, headers=headers).status_code == 200
    with clock.fixed_at(start + RULES.idle + MINUTE):
        assert browser.get("/").status_code == 302


def test_it_ends_after_a_day_s_work_however_busy(world: World) -> None:
    browser, start = logged_in(), clock.now()
    for step in range(1, 36):
        with clock.fixed_at(start + step * 15 * MINUTE):
            assert browser.get("/").status_code == 200
    with clock.fixed_at(start + RULES.longest + MINUTE):
        assert browser.get("/").status_code == 302
        assert "已满 9 小时" in browser.get("/login/").content.decode()


def test_that_somebody_is_there_is_written_at_most_once_a_minute(world: World) -> None:
    browser, began = logged_in(), OpenSession.objects.get().seen_at
    with clock.fixed_at(began + 50 * MINUTE / 60):
        browser.get("/")
    assert OpenSession.objects.get().seen_at == began
    with clock.fixed_at(began + 61 * MINUTE / 60):
        browser.get("/")
    assert OpenSession.objects.get().seen_at == began + 61 * MINUTE / 60


def test_a_new_login_leaves_the_older_one_unless_the_profile_says_otherwise(world: World) -> None:
    older = logged_in()
    logged_in()
    assert older.get("/").status_code == 200


def test_a_new_login_ends_the_older_one_which_is_told(world: World, one_per_person: None) -> None:
    older = logged_in()
    newer = logged_in()
    assert older.get("/").status_code == 302
    assert "在别处登录" in older.get("/login/").content.decode()
    assert newer.get("/").status_code == 200


def test_a_suspended_person_is_refused_at_the_next_request_and_pages_hear_of_it(world: World) -> None:
    browser = logged_in()
    with command():
        suspend(actor=None, account=world.sending_clerk, reason="借出证书")
    assert Event.objects.filter(kind="signed_out", unit_id=world.sending_clerk.pk).count() == 1
    assert browser.get("/").status_code == 302
    assert browser.post("/documents/new/", {"title": "x"}).status_code == 302
    assert "账号已停用" in browser.get("/login/").content.decode()
    page = Client().post("/login/", {"username": "clerk-0", "password": PASSWORD})
    assert page.status_code == 422 and "已停用" in page.content.decode()


def test_only_who_knows_the_password_learns_that_the_account_is_suspended(world: World) -> None:
    with command():
        suspend(actor=None, account=world.sending_clerk, reason="调离")
    page = Client().post("/login/", {"username": "clerk-0", "password": "Wrong-words-1"})
    assert "停用" not in page.content.decode().split("<form")[1]


def test_who_is_taken_up_again_logs_in_anew(world: World) -> None:
    browser = logged_in()
    with command():
        suspend(actor=None, account=world.sending_clerk, reason="调离")
    with command():
        resume(actor=None, account=world.sending_clerk, reason="调回")
    assert browser.get("/").status_code == 302, "the old session stays ended"
    assert logged_in().get("/").status_code == 200
    assert Entry.objects.filter(verb="people.resume").exists()


def test_one_sees_one_s_sessions_and_ends_the_others(world: World) -> None:
    mine, forgotten = logged_in(), logged_in()
    page = mine.get("/logins/").content.decode()
    assert "结束其他登录" in page and page.count("就是这里") == 1
    assert mine.post("/logins/end-others/").status_code == 302
    assert forgotten.get("/").status_code == 302
    assert mine.get("/logins/").status_code == 200
    assert "结束其他登录</button>" not in mine.get("/logins/").content.decode()


def test_a_session_of_no_login_is_nobody_s(world: World) -> None:
    browser = Client()
    browser.force_login(world.sending_clerk, backend="yichuan.people.backends.AccountBackend")
    assert browser.get("/").status_code == 302


def test_logging_out_ends_the_row_and_is_on_record(world: World) -> None:
    browser = logged_in()
    browser.post("/logout/")
    assert OpenSession.objects.get().end == OpenSession.End.LOGGED_OUT
    assert Entry.objects.filter(verb="people.log_out").exists()


def test_a_change_of_password_ends_the_other_sessions_and_keeps_this_one(world: World) -> None:
    mine, other = logged_in(), logged_in()
    mine.post("/password/", {"old": PASSWORD, "new": "Other-words-2", "again": "Other-words-2"})
    assert mine.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert "密码已更改" in other.get("/login/").content.decode()
