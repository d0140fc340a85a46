"""Client credentials for a short-lived token (RFC 6749, 4.4); guessing is slowed like a login's."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from support.systems import API, ask_token, basic, problem_of, system_of
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.exchange.permissions import ExchangePermission
from yichuan.interface.models import Token
from yichuan.interface.services.tokens import forget_tokens, holder_of
from yichuan.org.models import Post

FORM = "application/x-www-form-urlencoded"


def _ask(body: str, **headers: str) -> Any:
    return Browser().post(f"{API}/token", body, content_type=FORM, headers=headers)


def test_the_token_counts_for_a_quarter_of_an_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    system = system_of(world)
    answer = ask_token(system.client, system.secret)
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
    assert answer.headers["Cache-Control"] == "no-store"
    kept = Token.objects.filter(client=system.client)
    assert told["access_token"] not in {each.digest for each in kept}
    assert holder_of(told["access_token"]) == system.client
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=15, seconds=1))
    assert holder_of(told["access_token"]) is None
    assert problem_of(system.get("/me")) == "invalid_token"
    assert forget_tokens() == 2 and not Token.objects.exists()


def test_id_and_secret_may_stand_in_the_form(world: World) -> None:
    system = system_of(world)
    both = f"client_id={system.client.pk}&client_secret={system.secret}"
    assert _ask(f"grant_type=client_credentials&{both}").status_code == 200
    twice = _ask(f"grant_type=client_credentials&{both}", **basic(system.client.pk, system.secret))
    assert (twice.status_code, problem_of(twice), twice.json()["error"]) == (400, "invalid_request", "invalid_request")


ASKED_WRONGLY = [
    ("grant_type=client_credentials", "", "invalid_request"),
    ("grant_type=client_credentials&client_id=x&client_secret=y", "", "invalid_client"),
    ("grant_type=client_credentials&client_id=%00&client_secret=%00", "", "invalid_client"),
    ("grant_type=client_credentials", "Basic x", "invalid_request"),
    ("grant_type=client_credentials", "Bearer abc", "invalid_request"),
    ("grant_type=client_credentials", "Basic eA==", "invalid_request"),
    ("grant_type=password&client_id=x&client_secret=y", "", "unsupported_grant_type"),
    ("client_id=x&client_secret=y", "", "invalid_request"),
    ("%ff=%ff&grant_type=%ff", "", "invalid_request"),
]


def test_what_is_asked_wrongly_is_told_by_code(world: World) -> None:
    for body, header, code in ASKED_WRONGLY:
        answer = _ask(body, **({"Authorization": header} if header else {}))
        assert problem_of(answer) == code, body
        assert answer.json()["error"] == code
        assert answer.status_code == (401 if code == "invalid_client" else 400)


def test_only_a_form_is_taken(world: World) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = Browser().post(f"{API}/token", b"{}", content_type=kind)
        assert (answer.status_code, problem_of(answer)) == (415, "wrong_content_type")


def test_wrong_secrets_slow_the_address_and_the_log_is_not_flooded(world: World) -> None:
    system = system_of(world)
    limit = profile.current().passwords.failures_per_address
    for _ in range(limit):
        assert problem_of(ask_token(system.client, "wrong" * 8)) == "invalid_client"
    for _ in range(3):
        answer = ask_token(system.client, system.secret)
        assert (answer.status_code, problem_of(answer), answer.headers["Retry-After"]) == (429, "slowed", "900")
    refused = Entry.objects.filter(verb="interface.refuse_token")
    assert refused.count() == limit + 1
    assert system.get("/me").status_code == 200  # who has a token goes on


def test_right_ones_are_not_counted_and_are_on_record_once_an_hour(world: World) -> None:
    system = system_of(world)
    for _ in range(profile.current().passwords.failures_per_address + 5):
        assert ask_token(system.client, system.secret).status_code == 200
    assert Entry.objects.filter(verb="interface.issue_token", subject_id=system.client.pk).count() == 1


def test_a_suspended_account_and_a_closed_unit_have_no_token(world: World) -> None:
    system = system_of(world)
    unit = system.client.unit
    unit.closed_at = clock.now()
    unit.save()
    assert problem_of(system.get("/me")) == "invalid_token"
    unit.closed_at = None
    unit.save()
    account = system.client.account
    account.is_active = False
    account.save()
    assert problem_of(system.get("/me")) == "invalid_token"
    assert problem_of(ask_token(system.client, system.secret)) == "invalid_client"


def test_a_token_is_known_with_the_posts_of_its_client_by_one_question(world: World) -> None:
    system = system_of(world)
    asked = system.token
    holder_of(asked)
    with CaptureQueriesContext(connection) as questions:
        client = holder_of(asked)
        assert client is not None
        assert client.account.has_perm(ExchangePermission.READ, client.unit)
    assert len(questions) == 1


def test_a_client_without_a_post_is_known_and_may_do_nothing(world: World) -> None:
    system = system_of(world)
    Post.objects.filter(account=system.client.account).update(until=clock.now())
    assert holder_of(system.token) == system.client
    assert problem_of(system.get("/deliveries")) == "no_permission"
