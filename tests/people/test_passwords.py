"""What a password must bear, how long it lasts, what a first one is (等保三级, J-16)."""

import itertools
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid
from yichuan.common.transactions import command
from yichuan.people.models import Account, OpenSession, PastPassword
from yichuan.people.passwords import Argon2id, Drawn
from yichuan.people.selectors import password_days_left
from yichuan.people.services.change_password import change_password
from yichuan.people.services.open_account import first_password, open_account
from yichuan.people.services.reset_password import reset_password, unlock
from yichuan.people.services.slip import first_password_slip

RULES = profile.load("jiangmen-2008").passwords
DAY = timedelta(days=1)


def try_login(password: str, username: str = "clerk-0") -> tuple[int, str]:
    answer = Client().post("/login/", {"username": username, "password": password})
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


@pytest.mark.parametrize(
    "password",
    [
        "Admin@2024!!",
        "P@ssw0rd2024",
        "Passw0rd!!!!",
        "Abc123!@#$%^",
        "Huawei@12345",
        "Qwerty!2024x9"[:10] + "12",
        "xY-12345678",
        "Xy9!lkjhgfds"[::-1],
        "Aaaaaaaa-1",
        "Clerk-0-Words",
        "0-krelc-Words",
    ],
)
def test_one_that_everybody_thinks_of_is_refused(world: World, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, world.sending_clerk)


@pytest.mark.parametrize("password", ["Right-words-1", "三月Blossom-7", "tea&Biscuits4", "Zk7#qmw2vB"])
def test_one_of_their_own_is_taken(world: World, password: str) -> None:
    validate_password(password, world.sending_clerk)


def test_the_last_five_are_not_taken_again_and_older_ones_are(world: World) -> None:
    used = [PASSWORD] + [f"Word-number-{letter}" for letter in "ABCDEF"]
    for old, new in itertools.pairwise(used):
        account = Account.objects.get(pk=world.sending_clerk.pk)
        change_password(account=account, old=old, new=new, again=new)
    account = Account.objects.get(pk=world.sending_clerk.pk)
    for past in used[-6:-1]:
        with pytest.raises(Invalid) as refusal:
            change_password(account=account, old=used[-1], new=past, again=past)
        assert "最近用过" in refusal.value.errors["new"]
    assert PastPassword.objects.filter(account=account).count() == RULES.history
    change_password(account=account, old=used[-1], new=PASSWORD, again=PASSWORD)


def test_after_ninety_days_another_is_chosen_before_anything_else(world: World) -> None:
    Account.objects.filter(username="clerk-0").update(password_set_at=clock.now() - RULES.lasts - DAY)
    browser = Client()
    browser.post("/login/", {"username": "clerk-0", "password": PASSWORD})
    assert browser.get("/inbox/").headers["Location"] == "/password/"
    assert "已经用满 90 天" in browser.get("/password/").content.decode()
    answer = browser.post("/password/", {"old": PASSWORD, "new": "Other-words-2", "again": "Other-words-2"})
    assert answer.headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_who_logged_in_by_certificate_is_not_asked_for_another_password(world: World) -> None:
    Account.objects.filter(username="clerk-0").update(password_set_at=clock.now() - RULES.lasts - DAY)
    browser = world.browser(Account.objects.get(username="clerk-0"))
    OpenSession.objects.update(method="certificate")
    assert browser.get("/").status_code == 200


def test_in_the_last_week_the_days_are_counted(world: World) -> None:
    account, start = world.sending_clerk, clock.now()
    account.password_set_at = start
    with clock.fixed_at(start + RULES.lasts - RULES.warn - DAY):
        assert password_days_left(account) is None
    with clock.fixed_at(start + RULES.lasts - 3 * DAY):
        assert password_days_left(account) == 3
    Account.objects.filter(pk=account.pk).update(password_set_at=start - RULES.lasts + 3 * DAY + DAY / 2)
    browser = Client()
    browser.post("/login/", {"username": "clerk-0", "password": PASSWORD})
    page = browser.get("/").content.decode()
    assert '密码还能用 <b class="num">3</b> 天' in page


def test_a_first_password_runs_out_after_a_fortnight(world: World) -> None:
    with command():
        open_account(actor=None, username="new-1", name="新人", password="First-word-1")
    with clock.fixed_at(clock.now() + RULES.first_lasts + DAY):
        status, page = try_login("First-word-1", "new-1")
        assert status == 422 and "初始密码已过期" in page
        assert "过期" not in try_login("Wrong-word-1", "new-1")[1].split("<form")[1]
    assert try_login("First-word-1", "new-1") == (302, "/")


def test_a_reset_gives_a_first_password_ends_sessions_and_lifts_the_lock(world: World) -> None:
    browser = Client()
    browser.post("/login/", {"username": "clerk-0", "password": PASSWORD})
    for _ in range(RULES.failures):
        try_login("Wrong-words-1")
    assert "已锁定" in try_login(PASSWORD)[1]
    with command():
        given = reset_password(actor=world.leader, account=world.sending_clerk)
    assert browser.get("/").status_code == 302
    assert try_login(PASSWORD)[0] == 422
    assert try_login(given) == (302, "/")
    assert Account.objects.get(username="clerk-0").must_change_password
    assert given not in str(list(Entry.objects.values()))


def test_a_reset_does_not_let_the_old_password_in_again(world: World) -> None:
    with command():
        given = reset_password(actor=None, account=world.sending_clerk)
    account = Account.objects.get(username="clerk-0")
    with pytest.raises(Invalid) as refusal:
        change_password(account=account, old=given, new=PASSWORD, again=PASSWORD)
    assert list(refusal.value.errors) == ["new"]


def test_a_lock_is_lifted_and_the_password_stays(world: World) -> None:
    for _ in range(RULES.failures):
        try_login("Wrong-words-1")
    with command():
        unlock(actor=world.leader, account=world.sending_clerk)
    assert try_login(PASSWORD) == (302, "/")


def test_guessing_the_old_password_while_changing_it_locks_the_account(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    for _ in range(RULES.failures):
        browser.post("/password/", {"old": "Wrong-words-1", "new": "Other-words-2", "again": "Other-words-2"})
    page = browser.post("/password/", {"old": PASSWORD, "new": "Other-words-2", "again": "Other-words-2"})
    assert page.status_code == 422 and "已锁定" in page.content.decode()
    assert Account.objects.get(username="clerk-0").check_password(PASSWORD)
    assert "已锁定" in try_login(PASSWORD)[1]


def test_the_quick_hash_is_for_drawn_passwords_alone_and_gives_way_to_argon2id(world: World, settings: object) -> None:
    settings.PASSWORD_HASHERS = ["yichuan.people.passwords.Argon2id", "yichuan.people.passwords.Drawn"]  # type: ignore[attr-defined]
    given = first_password()
    with command():
        account = open_account(actor=None, username="new-1", name="新人", password=given)
    assert account.password.startswith(f"{Drawn.algorithm}$")
    change_password(account=account, old=given, new="Other-words-2", again="Other-words-2")
    assert Account.objects.get(username="new-1").password.startswith(f"{Argon2id.algorithm}$argon2id$")


def test_the_slip_is_a_sheet_and_leaves_nothing_behind(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        made = first_password_slip(world.sending_clerk, "Zk7qmw2vBcA3")
    assert made.startswith(b"%PDF-")
    assert "Zk7qmw2vBcA3" not in caplog.text
    assert not Entry.objects.filter(detail__icontains="Zk7qmw2vBcA3").exists()


def test_the_page_tells_the_rules_before_one_is_chosen(world: World) -> None:
    page = world.browser(world.sending_clerk).get("/password/").content.decode()
    for rule in ("至少要有 10 个字符", "至少三类", "自己的账号", "每 90 天", "最近用过的 5 个"):
        assert rule in page
