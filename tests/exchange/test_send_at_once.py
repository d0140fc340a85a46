"""Two hands, or one hand twice, at the button that sends: real threads, really committed."""

import uuid

import pytest

from support.at_once import at_once
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Refused
from yichuan.common.models import Event
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.send import send


def _sent_exactly_once(world: World, document: Document) -> None:
    dispatch = Dispatch.objects.get()
    assert dispatch.document_id == document.pk
    assert set(dispatch.deliveries.values_list("unit__short_name", flat=True)) == {"市环保局", "市卫生局"}
    assert Entry.objects.filter(verb="exchange.send").count() == 1
    assert Event.objects.filter(kind="arrival").count() == 2
    document.refresh_from_db()
    assert document.state == "sent"


def test_a_double_click_gives_both_clicks_the_one_dispatch(committed_world: World) -> None:
    world = committed_world
    document, key, got = world.sealed(), uuid.uuid4(), []

    def click(_: int) -> None:
        found = Document.objects.get(pk=document.pk)
        recipients = world.recipients("市环保局", "市卫生局")
        got.append(send(actor=world.sending_clerk, document=found, recipients=recipients, idempotency_key=key).pk)

    assert at_once(click, 6) == []
    _sent_exactly_once(world, document)
    assert set(got) == {Dispatch.objects.get().pk}


def test_two_forms_of_one_document_send_it_once_and_say_so_to_the_other(committed_world: World) -> None:
    world = committed_world
    document = world.sealed()

    def click(_: int) -> None:
        found = Document.objects.get(pk=document.pk)
        recipients = world.recipients("市环保局", "市卫生局")
        send(actor=world.sending_clerk, document=found, recipients=recipients, idempotency_key=uuid.uuid4())

    raised = at_once(click, 4)
    assert [getattr(error, "code", error) for error in raised] == ["wrong_state"] * 3
    _sent_exactly_once(world, document)


def test_one_key_for_two_documents_sends_one_of_them(committed_world: World) -> None:
    world = committed_world
    documents, key = [world.sealed(), world.sealed()], uuid.uuid4()

    def click(number: int) -> None:
        found = Document.objects.get(pk=documents[number].pk)
        send(actor=world.sending_clerk, document=found, recipients=world.recipients(), idempotency_key=key)

    raised = at_once(click, 2)
    assert [error.code for error in raised if isinstance(error, Refused)] == ["key_reused"]
    assert len(raised) == 1
    assert Dispatch.objects.count() == 1
    assert Delivery.objects.count() == 4


def test_a_click_that_saw_the_document_sealed_waits_for_the_first(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very order that a double click has: both have passed every look before either holds the lock."""
    from yichuan.exchange.services import send as service

    world = committed_world
    document, key = world.sealed(), uuid.uuid4()
    stale = Document.objects.get(pk=document.pk)
    recipients = world.recipients("市环保局", "市卫生局")
    wraps = service._wraps

    def first_click_comes_in_between(*args: object) -> object:
        monkeypatch.setattr(service, "_wraps", wraps)
        send(actor=world.sending_clerk, document=document, recipients=recipients, idempotency_key=key)
        return wraps(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "_wraps", first_click_comes_in_between)
    second = send(actor=world.sending_clerk, document=stale, recipients=recipients, idempotency_key=key)
    assert second == Dispatch.objects.get()
    _sent_exactly_once(world, document)
