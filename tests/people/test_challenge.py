"""A challenge binds what is signed to one browser, address, purpose and content, for two minutes, once (P6)."""

import base64
import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from support.personal import Signer, answered, ask, code_of, log_in, post, signed_in, with_certificate
from support.world import World
from yichuan.common import clock
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.people.models import Challenge
from yichuan.people.services import challenge

ANSWER = "/login/certificate/answer/"


@pytest.fixture
def signer(world: World) -> Signer:
    return with_certificate(world, world.sending_clerk)


def test_the_text_says_in_words_what_is_signed_and_never_twice_the_same(world: World) -> None:
    browser = Client()
    first, second = ask(browser), ask(browser)
    said = json.loads(first["text"])
    assert said["系统"] == "江门市电子公文交换中心"
    assert (said["事项"], said["origin"], said["action"]) == ("登录", "http://testserver", "log_in")
    assert len(said["nonce"]) == 64
    assert said["nonce"] != json.loads(second["text"])["nonce"]
    assert "登录" in first["text"], "to be read, not escaped"


def test_a_signed_challenge_logs_in(signer: Signer) -> None:
    browser = Client()
    answer = log_in(browser, signer)
    assert (answer.status_code, answer.json()) == (200, {"to": "/"})
    assert signed_in(browser)


def test_a_wrong_answer_uses_it_up_too(signer: Signer) -> None:
    browser = Client()
    asked = ask(browser)
    wrong = answered(Signer(PrivateKey.generate(), signer.der), asked)
    assert code_of(post(browser, ANSWER, wrong)) == "signature_wrong"
    assert code_of(post(browser, ANSWER, answered(signer, asked))) == "challenge_used"


def test_a_recorded_answer_does_nothing_again(signer: Signer) -> None:
    browser, copied = Client(), Client()
    said = answered(signer, ask(browser))
    copied.cookies = browser.cookies.copy()
    assert post(browser, ANSWER, said).status_code == 200
    assert code_of(post(copied, ANSWER, said)) in ("challenge_used", "challenge_session")
    assert code_of(post(browser, ANSWER, said)) == "challenge_session", "the login began another session"


def test_it_ends_after_two_minutes(signer: Signer) -> None:
    browser = Client()
    said = answered(signer, ask(browser))
    with clock.fixed_at(clock.now() + timedelta(minutes=2, seconds=1)):
        assert code_of(post(browser, ANSWER, said)) == "challenge_expired"
    assert not signed_in(browser)


def test_another_browsers_challenge_is_not_answered_here(signer: Signer) -> None:
    asked = ask(Client())
    other = Client()
    ask(other)
    assert code_of(post(other, ANSWER, answered(signer, asked))) == "challenge_session"


def test_a_page_of_another_address_neither_asks_nor_answers(signer: Signer) -> None:
    evil = {"headers": {"Origin": "https://evil.example"}}
    assert code_of(post(Client(), "/challenge/", {"action": "log_in"}, **evil)) == "challenge_origin"
    browser = Client()
    said = answered(signer, ask(browser))
    assert code_of(post(browser, ANSWER, said, **evil)) == "challenge_origin"


def test_a_challenge_of_one_of_our_addresses_is_not_answered_at_the_other(signer: Signer) -> None:
    browser = Client()
    said = answered(signer, ask(browser, headers={"Origin": "http://127.0.0.1:8000"}))
    assert code_of(post(browser, ANSWER, said)) == "challenge_origin"


def test_what_was_signed_for_one_purpose_does_not_serve_another(world: World, signer: Signer) -> None:
    browser = world.browser(world.sending_clerk)
    said = answered(signer, ask(browser, "confirm"))
    assert code_of(post(browser, ANSWER, said)) == "challenge_action"


def test_what_was_signed_over_one_content_does_not_serve_another(signer: Signer) -> None:
    browser = Client()
    said = answered(signer, ask(browser, digest="ab" * 32))
    assert code_of(post(browser, ANSWER, said)) == "challenge_digest"


def test_a_text_with_one_character_changed_is_not_what_was_signed(signer: Signer) -> None:
    browser = Client()
    asked = ask(browser)
    asked["text"] = asked["text"].replace("登录", "登陆")
    assert code_of(post(browser, ANSWER, answered(signer, asked))) == "signature_wrong"


def test_one_that_was_never_given_is_unknown(signer: Signer) -> None:
    browser = Client()
    said = answered(signer, ask(browser)) | {"challenge": str(uuid.uuid4())}
    assert code_of(post(browser, ANSWER, said)) == "challenge_unknown"


def test_somebody_not_logged_in_gets_one_for_the_login_only(world: World) -> None:
    assert code_of(post(Client(), "/challenge/", {"action": "collect"})) == "signed_out"
    assert code_of(post(Client(), "/challenge/", {"action": "rob"})) == "challenge_action"
    assert code_of(post(Client(), "/challenge/", {"action": "log_in", "digest": "登录"})) == "challenge_digest"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"{}", b'{"challenge": 1}', b"[" * 20_000, b'{"challenge":"x"}', b" " * 70_000]
)
def test_what_no_page_sends_is_answered_in_words(world: World, body: bytes) -> None:
    answer = Client().post(ANSWER, body, content_type="application/json")
    assert code_of(answer) == "bad_request"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("certificate", "!!", "bad_request"),
        ("certificate", base64.b64encode(b"no certificate").decode(), "certificate_unreadable"),
        ("certificate", "", "certificate_unreadable"),
        ("signature", "zz", "bad_request"),
        ("signature", "", "signature_wrong"),
        ("signature", "00" * 80, "signature_wrong"),
        ("signature", "00" * 64, "signature_wrong"),
    ],
)
def test_a_field_that_is_not_what_it_must_be(signer: Signer, field: str, value: str, code: str) -> None:
    browser = Client()
    said = answered(signer, ask(browser)) | {field: value}
    assert code_of(post(browser, ANSWER, said)) == code


def test_those_of_one_address_are_bounded_answered_or_not_and_old_ones_go(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Challenge.objects.all().delete()
    monkeypatch.setattr(challenge, "MOST_AT_A_TIME", 3)
    browser = Client()
    for _ in range(3):
        assert code_of(post(browser, ANSWER, answered(signer, ask(browser)) | {"signature": ""})) == "signature_wrong"
    sessions = Session.objects.count()
    assert code_of(post(Client(), "/challenge/", {"action": "log_in"})) == "challenge_too_many"
    assert Session.objects.count() == sessions, "nothing is kept for whoever is refused"
    ask(Client(), REMOTE_ADDR="10.0.0.9")
    with clock.fixed_at(clock.now() + timedelta(hours=2)):
        ask(Client())
    assert Challenge.objects.count() == 1


def test_waiting_for_a_signature_is_not_taken_for_a_session_that_ended(world: World) -> None:
    browser = Client()
    ask(browser)
    assert "登录已过期" not in browser.get("/login/").content.decode()
