"""Guessing, one after the other and all at once, at one account and at many."""

import base64
from datetime import timedelta

import pytest
from django.test import Client

from support.at_once import at_once
from support.personal import ask, post
from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Refused
from yichuan.people.models import Account, AddressTries, LoginAttempt
from yichuan.people.selectors import TRIES_WINDOW
from yichuan.people.services.check_password import check_password
from yichuan.people.services.forget import KEPT, forget_logins

RULES = profile.load("jiangmen-2008").passwords
WRONG = "Wrong-words-1"
VERB = "people.log_in_failed"


def guess(username: str, address: str, password: str = WRONG) -> str:
    answer = Client(REMOTE_ADDR=address).post("/login/", {"username": username, "password": password})
    return answer.content.decode() if answer.status_code == 422 else answer.headers["Location"]


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_five(committed_world: World) -> None:
    account, looked_at = committed_world.sending_clerk, []

    def guess_once(number: int) -> None:
        check_password(account=account, password=f"Wrong-words-{number}", verb=VERB, address="10.1.1.1")
        looked_at.append(number)

    raised = at_once(guess_once, 20)
    assert len(looked_at) == RULES.failures
    assert {error.code for error in raised if isinstance(error, Refused)} == {"locked"}
    assert len(raised) == 15
    assert Account.objects.get(pk=account.pk).locked_until is not None


@pytest.mark.django_db(transaction=True)
def test_forty_names_at_once_from_one_address_are_thirty(committed_world: World) -> None:
    looked_at = []

    def guess_once(number: int) -> None:
        check_password(account=None, password="Wrong-words-1", verb=VERB, address="10.1.1.2")
        looked_at.append(number)

    at_once(guess_once, 40)
    assert len(looked_at) == RULES.failures_per_address


def test_one_address_that_tries_many_accounts_is_slowed_and_others_are_not(world: World) -> None:
    for number in range(RULES.failures_per_address):
        guess(f"nobody-{number}", "10.1.1.3")
    assert "失败次数太多" in guess("clerk-0", "10.1.1.3", PASSWORD)
    assert guess("clerk-0", "10.1.1.4", PASSWORD) == "/"
    with clock.fixed_at(clock.now() + TRIES_WINDOW + timedelta(seconds=1)):
        assert guess("clerk-0", "10.1.1.3", PASSWORD) == "/"


def test_a_flood_from_one_address_leaves_one_row_of_the_refusal(world: World) -> None:
    for number in range(RULES.failures_per_address + 20):
        guess(f"nobody-{number}", "10.1.1.8")
    outcomes = [attempt.outcome for attempt in LoginAttempt.objects.all()]
    assert outcomes.count("wrong") == RULES.failures_per_address
    assert outcomes.count("slowed") == 1 and len(outcomes) == RULES.failures_per_address + 1
    assert Entry.objects.filter(verb=VERB).count() == RULES.failures_per_address + 1


def test_a_flood_of_answers_by_certificate_fills_the_log_no_more_than_one_of_passwords(world: World) -> None:
    browser = Client(REMOTE_ADDR="10.1.1.9")
    said = {"certificate": base64.b64encode(b"no certificate").decode(), "signature": "00"}
    for _ in range(RULES.failures_per_address + 20):
        assert post(browser, "/login/certificate/answer/", said | {"challenge": ask(browser)["id"]}).status_code == 409
    assert LoginAttempt.objects.count() == RULES.failures_per_address + 1
    assert Entry.objects.filter(verb=VERB).count() == RULES.failures_per_address + 1


def test_right_passwords_do_not_use_up_an_address(world: World) -> None:
    for _ in range(RULES.failures_per_address + 5):
        assert guess("clerk-0", "10.1.1.5", PASSWORD) == "/"


def test_what_a_stranger_says_of_the_address_is_not_believed(world: World) -> None:
    Client(REMOTE_ADDR="10.1.1.6", HTTP_X_FORWARDED_FOR="1.2.3.4").post(
        "/login/", {"username": "clerk-0", "password": PASSWORD}
    )
    assert LoginAttempt.objects.get().address == "10.1.1.6"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("10.9.9.9", "10.9.9.9"),
        ("1.2.3.4, 10.9.9.9", "10.9.9.9"),
        ("10.9.9.9, 192.168.0.7", "10.9.9.9"),
        ("rubbish", "192.168.0.5"),
        ("", "192.168.0.5"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:10.9.9.9", "10.9.9.9"),
    ],
)
def test_the_trusted_proxy_is_believed_as_far_as_the_next_stranger(
    world: World, settings: object, said: str, address: str
) -> None:
    settings.YICHUAN_TRUSTED_PROXIES = ["192.168.0.0/24"]  # type: ignore[attr-defined]
    Client(REMOTE_ADDR="192.168.0.5", HTTP_X_FORWARDED_FOR=said).post(
        "/login/", {"username": "clerk-0", "password": PASSWORD}
    )
    assert LoginAttempt.objects.get().address == address


def test_the_ticker_clears_away_what_counts_no_more(world: World) -> None:
    guess("nobody", "10.1.1.7")
    assert AddressTries.objects.count() == 1
    forget_logins()
    assert (AddressTries.objects.count(), LoginAttempt.objects.count()) == (1, 1)
    with clock.fixed_at(clock.now() + TRIES_WINDOW + timedelta(seconds=1)):
        forget_logins()
        assert (AddressTries.objects.count(), LoginAttempt.objects.count()) == (0, 1)
    with clock.fixed_at(clock.now() + KEPT + timedelta(days=1)):
        forget_logins()
        assert LoginAttempt.objects.count() == 0
