"""A unit goes while letters are sent to it: real threads, really committed, and no letter in a dead box."""

import threading
import uuid

import pytest

from support.at_once import at_once
from support.over_the_years import close, merge_into
from support.world import World
from yichuan.common.errors import Invalid, Refused, Unavailable
from yichuan.compose.models import Document
from yichuan.compose.services import save as saving
from yichuan.compose.services.read import read_body
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services import send as sending
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.services.send import send


def _send(world: World, document: Document, *names: str) -> Dispatch:
    return send(
        actor=world.sending_clerk,
        document=document,
        recipients=world.recipients(*names),
        idempotency_key=uuid.uuid4(),
    )


def _all_lie_in_living_hands(taker: str) -> None:
    for delivery in Delivery.objects.select_related("box__unit", "unit", "dispatch__document"):
        assert delivery.unit.closed_at is None
        assert delivery.box.unit == delivery.unit
        assert delivered_key(delivery)
        assert delivery.unit.short_name in (taker, "市卫生局")


def test_a_unit_that_goes_between_wrapping_and_commit_is_noticed(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, document = committed_world, committed_world.sealed()
    wraps = sending._wraps

    def merged_in_between(*args: object) -> object:
        monkeypatch.setattr(sending, "_wraps", wraps)
        made = wraps(*args)  # type: ignore[arg-type]
        merge_into(world, "市环保局", "市建设局")
        return made

    monkeypatch.setattr(sending, "_wraps", merged_in_between)
    dispatch = _send(world, document, "市环保局", "市卫生局")
    assert set(dispatch.deliveries.values_list("unit__short_name", flat=True)) == {"市建设局", "市卫生局"}
    _all_lie_in_living_hands("市建设局")


def test_a_unit_that_closes_for_good_in_between_is_refused_in_words(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, document = committed_world, committed_world.sealed()
    wraps = sending._wraps

    def closed_in_between(*args: object) -> object:
        monkeypatch.setattr(sending, "_wraps", wraps)
        made = wraps(*args)  # type: ignore[arg-type]
        close(world.units["市环保局"], world.sender, kept="export")
        return made

    monkeypatch.setattr(sending, "_wraps", closed_in_between)
    with pytest.raises(Invalid, match="没有承继单位"):
        _send(world, document, "市环保局")
    assert not Delivery.objects.exists()


def test_boxes_that_never_rest_are_given_up_with_nothing_sent(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, document = committed_world, committed_world.sealed()
    monkeypatch.setattr(sending, "_same", lambda *_: False)
    with pytest.raises(Unavailable, match="没有发出"):
        _send(world, document, "市环保局")
    document.refresh_from_db()
    assert document.state == "sealed"
    assert not Dispatch.objects.exists()


def test_who_moves_the_box_waits_for_the_letter_that_is_being_put_into_it(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, document = committed_world, committed_world.sealed()
    create, inside, merging = sending._create, threading.Event(), threading.Event()

    def slowly(*args: object) -> object:
        inside.set()
        assert merging.wait(10)
        merging.clear()
        made = create(*args)  # type: ignore[arg-type]
        merging.wait(0.7)  # the mover stands at the lock meanwhile; it cannot get through
        return made

    monkeypatch.setattr(sending, "_create", slowly)

    def work(number: int) -> None:
        if number == 0:
            _send(world, document, "市环保局")
            return
        assert inside.wait(10)
        merging.set()
        merge_into(world, "市环保局", "市建设局")

    assert at_once(work, 2) == []
    assert Delivery.objects.get().box.generation == 2
    _all_lie_in_living_hands("市建设局")


def test_many_letters_and_a_merger_at_once(committed_world: World) -> None:
    world = committed_world
    documents = [world.sealed() for _ in range(5)]
    earlier = world.delivery("市环保局")

    def work(number: int) -> None:
        if number == 5:
            merge_into(world, "市环保局", "市建设局")
        else:
            _send(world, Document.objects.get(pk=documents[number].pk), "市环保局")

    assert at_once(work, 6) == []
    assert Delivery.objects.count() == 6
    assert earlier in Delivery.objects.filter(unit=world.units["市建设局"])
    _all_lie_in_living_hands("市建设局")


def test_a_draft_begun_while_its_unit_goes_is_not_left_in_a_dead_box(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    wrap = saving.wrap_for

    def merged_in_between(*args: object) -> bytes:
        monkeypatch.setattr(saving, "wrap_for", wrap)
        made = wrap(*args)  # type: ignore[arg-type]
        merge_into(world, "市府办公室", "市规划局")
        return made

    monkeypatch.setattr(saving, "wrap_for", merged_in_between)
    with pytest.raises(Refused, match="刚刚办理了变更"):
        world.draft()
    assert not Document.objects.exists()


def test_a_senders_own_merger_leaves_its_sealed_document_readable(committed_world: World) -> None:
    world, document = committed_world, committed_world.sealed()
    body = read_body(document)
    merge_into(world, "市府办公室", "市规划局")
    assert read_body(Document.objects.get(pk=document.pk)) == body
