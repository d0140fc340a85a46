"""A replay gets the first answer again; a process killed in the middle leaves nothing half done (idempotency)."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from support.at_once import at_once
from support.killed import killed
from support.systems import System, problem_of, system_of
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.compose.models import Document
from yichuan.exchange.models import Dispatch
from yichuan.interface.api import deliveries
from yichuan.interface.models import Answer
from yichuan.interface.services import answers

DRAFT = {"title": "关于检查的通知", "number": "江环〔2008〕7号"}

# The office system's request in a process of its own: it stops dead between the work and the keeping of its answer.
CHILD = """
import signal, sys
import django
django.setup()
from django.test import Client
from yichuan.interface.services import answers

def stop(*args, **kwargs):
    print("here", flush=True)
    signal.pause()

answers.keep = stop
token, path, key, body = sys.argv[1:]
Client().post(path, body, content_type="application/json",
              headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key})
"""


@pytest.fixture
def system(world: World) -> System:
    return system_of(world)


def test_a_replay_gets_the_first_answer_again_byte_for_byte(world: World, system: System) -> None:
    delivery = world.delivery()
    first = system.post(f"/deliveries/{delivery.pk}/sign-for", key="one")
    world_moves_on = system.post(f"/deliveries/{delivery.pk}/read")
    assert world_moves_on.status_code == 200
    for _ in range(2):
        again = system.post(f"/deliveries/{delivery.pk}/sign-for", key="one")
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert Entry.objects.filter(verb="exchange.sign_for", subject_id=delivery.pk).count() == 1


def test_another_request_under_the_key_is_refused(world: World, system: System) -> None:
    made = system.post("/documents", DRAFT, key="one")
    assert made.status_code == 201
    for path, body in (("/documents", DRAFT | {"title": "别的"}), (f"/documents/{made.json()['id']}/finish", None)):
        answer = system.post(path, body, key="one")
        assert (answer.status_code, problem_of(answer)) == (422, "key_reused")
    other = system_of(world, "市卫生局")
    assert other.post("/documents", DRAFT, key="one").status_code == 201  # a key is the client's own


def test_what_was_done_before_the_answer_broke_off_is_told_to_who_asks_again(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = world.delivery()

    def away(*_: object, **__: object) -> None:
        raise Unavailable("device_away", "密码设备暂时不能使用。")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "_told", away)  # signed for already; the answer cannot be written
        assert system.post(f"/deliveries/{delivery.pk}/sign-for", key="one").status_code == 503
    again = system.post(f"/deliveries/{delivery.pk}/sign-for", key="one")
    assert (again.status_code, again.json()["state"]) == (200, "signed_for")
    assert Entry.objects.filter(verb="exchange.sign_for", subject_id=delivery.pk).count() == 1


def test_what_was_refused_did_nothing_and_leaves_the_key_free(world: World, system: System) -> None:
    wrong = system.post("/documents", DRAFT | {"title": ""}, key="one")
    assert problem_of(wrong) == "invalid"
    assert system.post("/documents", DRAFT | {"title": ""}, key="one").content == wrong.content
    assert system.post("/documents", DRAFT, key="one").status_code == 201
    assert Document.objects.filter(unit=system.client.unit).count() == 1


def test_a_device_that_was_away_leaves_the_key_free(world: World, system: System) -> None:
    with broken_device():
        answer = system.post("/documents", DRAFT, key="one")
    assert (answer.status_code, problem_of(answer)) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert system.post("/documents", DRAFT, key="one").status_code == 201


def test_while_the_first_works_the_second_is_told_to_wait(world: World, system: System) -> None:
    system.post("/documents", DRAFT, key="one")
    Answer.objects.update(status=None, body=b"", at=clock.now())
    answer = system.post("/documents", DRAFT, key="one")
    assert (answer.status_code, problem_of(answer)) == (409, "in_progress")
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_one_that_was_begun_by_a_clock_that_ran_ahead_is_taken_over(world: World, system: System) -> None:
    system.post("/documents", DRAFT, key="one")
    Answer.objects.update(status=None, body=b"", at=clock.now() + timedelta(days=90))
    assert system.post("/documents", DRAFT, key="one").status_code == 201


def test_a_key_is_asked_for(system: System) -> None:
    for key in (None, "", "钥匙", "a b", "x" * 81, "a\x7f"):
        headers = system.headers | ({"Idempotency-Key": key} if key is not None else {})
        body = b'{"title": "x"}'
        answer = system.browser.post("/api/v1/documents", body, content_type="application/json", headers=headers)
        assert (answer.status_code, problem_of(answer)) == (400, "key_missing"), key
    assert not Answer.objects.exists()


def test_answers_rest_sealed_and_are_forgotten_after_a_week(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.post("/documents", DRAFT, key="one")
    assert DRAFT["title"].encode() not in bytes(Answer.objects.get().body)
    assert answers.forget_answers() == 0
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, seconds=1))
    assert answers.forget_answers() == 1


def _killed(system: System, path: str, body: str, key: str) -> None:
    words = (system.token, f"/api/v1{path}", key, body)
    killed(CHILD, *words, YICHUAN_PROFILE="jiangmen-2008", YICHUAN_HOSTS="testserver")


def test_of_many_at_once_one_works(committed_world: World) -> None:
    """The others get its answer, or are told to wait; on both databases one draft comes of it."""
    system = system_of(committed_world)
    given: list[Any] = []

    def ask(_: int) -> None:
        given.append(System(system.client, system.secret, system.token).post("/documents", DRAFT, key="once"))

    assert at_once(ask, 4) == []
    told = {each.content for each in given if each.status_code == 201}
    assert len(told) == 1
    assert all(each.status_code == 201 or problem_of(each) == "in_progress" for each in given)
    assert Document.objects.filter(unit=system.client.unit).count() == 1


def test_a_key_that_another_took_an_instant_later_is_at_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two look at the clock, the later one begins first: the other waits, it does not take the work over."""
    client, first = system_of(world).client, clock.now()
    answers.begin(client=client, key="one", request_digest="")
    looks = iter([first])
    original = clock.now
    monkeypatch.setattr(clock, "now", lambda: next(looks, None) or original())
    with pytest.raises(answers.InProgress):
        answers.begin(client=client, key="one", request_digest="")


def test_only_the_beginning_does_not_wait_for_the_disk(committed_world: World) -> None:
    """What a client was told, the disk has: the key's row comes to it with the work's own commit."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite waits for the disk at each commit")
    client, asked = system_of(committed_world).client, []
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")  # as a centre has it; the tests' own connection has not

    def look(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if "interface_answer" in sql:
            asked.append(sql)
        return execute(sql, values, many, context)

    with connection.execute_wrapper(look):
        begun = answers.begin(client=client, key="one", request_digest="")
        assert isinstance(begun, answers.Begun)
        answers.keep(begun, status=200, body=b"{}")
        other = answers.begin(client=client, key="two", request_digest="")
        assert isinstance(other, answers.Begun)
        answers.release(other)
    assert ["synchronous_commit" in sql for sql in asked] == [True, False, True, False]
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("RESET synchronous_commit")
    assert Answer.objects.get().status == 200
    with transaction.atomic(), connection.execute_wrapper(look):  # another's transaction stays durable
        answers.begin(client=client, key="three", request_digest="")
    assert "synchronous_commit" not in asked[-1]


def test_a_kill_between_the_work_and_its_answer_does_nothing_twice(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    sender, system = system_of(world, "市府办公室"), system_of(world)
    document, delivery = world.sealed(), world.delivery("市环保局")
    tried = [
        (system, f"/deliveries/{delivery.pk}/sign-for", None, "state", "signed_for"),
        (system, "/documents", DRAFT, "title", DRAFT["title"]),
        (sender, f"/documents/{document.pk}/send", {"main": [{"unit": "市卫生局"}]}, "document", str(document.pk)),
    ]
    connection.close()  # the child alone is at the database
    for asker, path, body, _, _ in tried:
        _killed(asker, path, json.dumps(body) if body is not None else "", f"killed:{path}")
        assert problem_of(asker.post(path, body, key=f"killed:{path}")) == "in_progress"
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    for asker, path, body, field, value in tried:
        first = asker.post(path, body, key=f"killed:{path}")
        assert first.status_code in (200, 201), (path, first.content)
        assert first.json()[field] == value
        assert asker.post(path, body, key=f"killed:{path}").content == first.content
    assert Entry.objects.filter(verb="exchange.sign_for", subject_id=delivery.pk).count() == 1
    assert Document.objects.filter(unit=system.client.unit).count() == 1
    assert Dispatch.objects.filter(document=document).count() == 1
    assert uuid.UUID(first.json()["id"]) == Dispatch.objects.get(document=document).pk
