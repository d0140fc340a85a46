"""Office systems are told what happened (webhooks): signed, again until it is taken, and nowhere else."""

import hashlib
import hmac
import re
import uuid
from datetime import timedelta

import pytest
from django.conf import LazySettings

from support.at_once import at_once
from support.receivers import Receiver, calls_of, hook_of, receiver
from support.systems import System, problem_of, system_of
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.models import Event
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.withdraw import withdraw
from yichuan.interface import hook_addresses
from yichuan.interface.models import Hook, HookCall
from yichuan.interface.services import call_hooks as calling
from yichuan.interface.services.call_hooks import PAUSES, TRIES, call_hooks
from yichuan.interface.services.cut_client import cut_client
from yichuan.interface.services.queue_calls import OVERLAP, forget_calls, queue_calls
from yichuan.operations.services.settle import settle


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: now)


def test_an_arrival_is_told_within_one_round_and_signed(world: World, system: System, there: Receiver) -> None:
    hook = hook_of(system, there)
    delivery = world.delivery()
    settle(sweep=False)
    [(headers, body)] = there.heard
    [said] = there.said
    assert said == {"id": said["id"], "kind": "arrival", "at": said["at"], "delivery": str(delivery.pk)}
    assert headers["Yichuan-Call"] == said["id"]
    signed = hmac.new(hook["secret"].encode(), headers["Yichuan-Timestamp"].encode() + b"." + body, "sm3").hexdigest()
    assert headers["Yichuan-Signature"] == f"sm3={signed}"
    assert hashlib.new("sm3", b"abc").hexdigest().startswith("66c7f0f4")  # GB/T 32905, A.1
    settle(sweep=False)
    assert len(there.heard) == 1
    [told] = calls_of(system, hook)
    assert (told["state"], told["tries"], told["status"], told["error"]) == ("done", 1, 200, "")
    assert problem_of(system.post(f"/hooks/{hook['id']}/calls/{told['id']}/resend")) == "wrong_state"


def test_sender_and_receiver_are_each_told_their_part(world: World, there: Receiver) -> None:
    sender, system = system_of(world, "市府办公室"), system_of(world)
    stranger = system_of(world, "市卫生局")
    for each in (sender, system, stranger):
        hook_of(each, there)
    clerk = world.clerk["市环保局"]
    taken, given_back, withdrawn = world.delivery(), world.delivery(), world.delivery()
    sign_for(actor=clerk, delivery_id=taken.pk)
    ask(actor=clerk, delivery_id=taken.pk, kind="resend", copies=0, reason="打不开")
    return_delivery(actor=clerk, delivery_id=given_back.pk, reason="不属于本单位职责")
    withdraw(actor=world.sending_clerk, dispatch_id=withdrawn.dispatch_id, reason="附件有误")
    settle(sweep=False)
    settle(sweep=False)  # the return notice is made by the ticker, and tells the sender
    hooks = {each.client_id: each.pk for each in Hook.objects.all()}

    def heard(of: System) -> set[tuple[str, uuid.UUID | None]]:
        return set(HookCall.objects.filter(hook=hooks[of.client.pk]).values_list("kind", "subject_id"))

    own = {each for each in heard(system) if each[0] != "sealed"}
    assert own == {
        ("arrival", taken.pk), ("arrival", given_back.pk), ("arrival", withdrawn.pk), ("changed", taken.pk),
        ("changed", given_back.pk), ("withdrawn", withdrawn.pk),
    }  # fmt: skip
    assert {("receipt", taken.dispatch_id), ("asked", taken.dispatch_id), ("receipt", given_back.dispatch_id)} <= heard(
        sender
    )
    assert ("sealed", taken.dispatch.document_id) in heard(sender)
    assert heard(stranger) == set()


def test_only_the_kinds_that_are_wanted_and_only_from_then_on(world: World, system: System, there: Receiver) -> None:
    world.delivery()
    hook_of(system, there, "changed")
    delivery = world.delivery()
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    settle(sweep=False)
    assert [(each["kind"], each["delivery"]) for each in there.said] == [("changed", str(delivery.pk))]


def test_what_is_committed_late_is_told_and_nothing_twice(
    world: World, system: System, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook_of(system, there, "arrival")
    delivery = world.delivery()
    made = clock.now()
    later(monkeypatch, OVERLAP - timedelta(seconds=5))
    assert queue_calls() == 1
    late = Event.objects.create(at=made, kind="arrival", unit_id=delivery.unit_id, subject_id=delivery.dispatch_id)
    assert [queue_calls(), queue_calls()] == [1, 0]
    assert HookCall.objects.filter(event_id=late.pk).count() == 1


def test_a_refusal_is_tried_again_under_the_same_id(
    world: World, system: System, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = hook_of(system, there)
    world.delivery()
    there.answers = [500]
    settle(sweep=False)
    [call] = calls_of(system, hook)
    assert (call["state"], call["tries"], call["status"]) == ("waiting", 1, 500)
    assert call_hooks() == 0 and len(there.heard) == 1  # not before its time
    later(monkeypatch, PAUSES[0])
    assert call_hooks() == 1
    assert there.said[0] == there.said[1]
    assert HookCall.objects.get().state == "done"


def test_what_nobody_takes_is_a_dead_letter_until_it_is_asked_for(
    world: World, system: System, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = hook_of(system, there)
    world.delivery()
    queue_calls()
    there.answers = [503] * TRIES
    for pause in (*PAUSES, timedelta(0)):
        call_hooks()
        later(monkeypatch, pause)
    system.fresh()
    [dead] = calls_of(system, hook, state="dead")
    assert (dead["tries"], dead["status"], len(there.heard)) == (10, 503, 10)
    later(monkeypatch, timedelta(days=1))
    system.fresh()
    assert call_hooks() == 0 and len(there.heard) == 10
    again = system.post(f"/hooks/{hook['id']}/calls/{dead['id']}/resend")
    assert (again.status_code, again.json()["state"], again.json()["tries"]) == (200, "waiting", 0)
    assert call_hooks() == 1
    assert {each["id"] for each in there.said} == {dead["id"]}
    assert Entry.objects.filter(verb="interface.resend_call").count() == 1


def test_tickers_at_once_tell_each_thing_once(committed_world: World, there: Receiver) -> None:
    system = system_of(committed_world)
    hook_of(system, there)
    for _ in range(3):
        committed_world.delivery()
    there.slow = 0.05

    def ticker(_: int) -> None:
        queue_calls()
        call_hooks()

    assert at_once(ticker, 3) == []
    call_hooks()
    ids = [each["id"] for each in there.said]
    assert len(ids) == len(set(ids)) == HookCall.objects.filter(state="done").count() == 3


def test_whoever_dies_before_the_outcome_leaves_it_to_be_told_again(
    world: World, system: System, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook_of(system, there)
    world.delivery()
    queue_calls()

    def killed(_: object) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(calling, "_settle", killed)
        with pytest.raises(SystemExit):
            call_hooks()
    assert len(there.heard) == 1
    assert call_hooks() == 0  # another may still be at it
    later(monkeypatch, calling.LEASE)
    assert call_hooks() == 1
    assert there.said[0] == there.said[1]


def test_a_dead_receiver_holds_up_nobody_and_is_asked_once_a_minute(
    world: World, there: Receiver, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as gone:
        pass
    settings.YICHUAN_HOOK_HOSTS = [there.host, gone.host]
    lost, system = system_of(world, "市卫生局"), system_of(world)
    dead = hook_of(lost, gone)
    hook_of(system, there)
    for _ in range(3):
        world.sent("市卫生局", "市环保局")
    tried: list[str] = []
    real = calling.post
    monkeypatch.setattr(calling, "post", lambda address, *said: tried.append(address.place) or real(address, *said))
    settle(sweep=False)
    assert len(there.heard) == 3
    assert tried.count(gone.host) == 1
    assert call_hooks() == 0 and tried.count(gone.host) == 1
    assert sorted(each["tries"] for each in calls_of(lost, dead)) == [0, 0, 1]
    assert {each["error"] for each in calls_of(lost, dead)} == {"连接不上。", ""}


def test_one_who_answers_byte_by_byte_is_left(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr("yichuan.interface.outgoing.SECONDS", 0.3)
    with receiver(slow=1.0) as slow:
        settings.YICHUAN_HOOK_HOSTS = [slow.host]
        outcome = calling.post(hook_addresses.address_of(slow.url), {}, b"{}")
    assert outcome.status is None and "秒内" in outcome.error


def test_a_client_that_was_cut_off_is_told_nothing_more(world: World, system: System, there: Receiver) -> None:
    hook_of(system, there)
    world.delivery()
    queue_calls()
    cut_client(actor=None, client_id=system.client.pk, reason="更换系统")
    world.delivery()
    settle(sweep=False)
    assert there.heard == []


def test_a_hook_is_made_once_named_without_its_secret_and_removed(
    world: World, system: System, there: Receiver
) -> None:
    first = system.post("/hooks", {"url": there.url}, key="one")
    assert system.post("/hooks", {"url": there.url}, key="one").content == first.content
    [listed] = system.get("/hooks").json()["items"]
    assert listed == {name: value for name, value in first.json().items() if name != "secret"}
    assert problem_of(system.post("/hooks", {"url": there.url, "kinds": ["gossip"]})) == "invalid"
    world.delivery()
    queue_calls()
    assert system.browser.delete(f"/api/v1/hooks/{listed['id']}", headers=system.headers).json() == {"gone": True}
    settle(sweep=False)
    assert there.heard == [] and not HookCall.objects.exists()
    assert problem_of(system.get(f"/hooks/{listed['id']}/calls")) == "no_hook"
    said = [str(each.detail) for each in Entry.objects.filter(verb__in=["interface.add_hook", "interface.remove_hook"])]
    assert len(said) == 2 and all(there.host in each and first.json()["secret"] not in each for each in said)
    for _ in range(5):
        hook_of(system, there)
    assert problem_of(system.post("/hooks", {"url": there.url})) == "hooks_full"


def test_what_is_told_is_cleared_away_after_a_week(
    world: World, system: System, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook_of(system, there)
    world.delivery()
    settle(sweep=False)
    assert forget_calls() == 0
    later(monkeypatch, timedelta(days=7, seconds=1))
    assert forget_calls() == 1


def test_nothing_of_a_document_is_told(world: World, system: System, there: Receiver) -> None:
    hook_of(system, there)
    delivery = world.delivery()
    settle(sweep=False)
    [(headers, body)] = there.heard
    text = body.decode() + str(headers)
    assert body.isascii() and delivery.dispatch.document.title not in text
    assert not re.search(r"\\u[4-9]", text)
