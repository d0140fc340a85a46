"""Sealing a document (J-29): intent, device, outcome."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from support.at_once import at_once
from support.world import World, broken_device
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from yichuan.common.models import Event
from yichuan.compose.models import Document
from yichuan.compose.services import seal as service
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import save
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.uploads import attach
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.verifying import verify
from yichuan.people.models import Account
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.use import OPEN_AT_MOST, Place, apply, reap_uses

MIDDLE = Place(0, 140, 220)


def _seal(world: World, document: Document, *places: Place, actor: Account | None = None) -> Document:
    return seal_document(
        actor=actor or world.custodian["市府办公室"],
        document_id=document.pk,
        seal_id=Seal.objects.get(unit=world.sender).pk,
        places=list(places) or [MIDDLE],
    )


def test_the_sealed_body_verifies_and_every_use_is_in_the_ledger(world: World) -> None:
    document = world.ready()
    before = read_body(document)
    sealed = _seal(world, document)
    body = read_body(sealed)
    assert verify(body, trust=trusted_roots(), at=clock.now()).valid_and_trusted
    use = SealUse.objects.get()
    assert (use.state, use.custodian, use.document_id) == ("done", world.custodian["市府办公室"], document.pk)
    assert (use.digest_before, use.digest_after) == (sm3(before).hex(), sm3(body).hex())
    assert sealed.body_digest == use.digest_after
    verbs = Entry.objects.filter(verb__in=["seals.begin_use", "seals.use_done", "compose.seal"])
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "seals.begin_use",
        "seals.use_done",
        "compose.seal",
    ]
    assert Event.objects.filter(kind="sealed", unit_id=world.sender.pk).count() == 1


def test_an_unfinished_document_is_not_sealed(world: World) -> None:
    document = world.draft()
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "wrong_state"
    assert not SealUse.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "leader"])
def test_only_a_custodian_seals(world: World, who: str) -> None:
    document = world.ready()
    with pytest.raises(NotAllowed):
        _seal(world, document, actor=world.sending_clerk if who == "clerk" else world.leader)
    assert not SealUse.objects.exists()


def test_another_units_custodian_does_not_even_see_it(world: World) -> None:
    document = world.ready()
    with pytest.raises(NotFound):
        _seal(world, document, actor=world.appoint_custodian("市卫生局"))


@pytest.mark.parametrize("places", [[], [Place(1, 140, 220)], [Place(-1, 140, 220)]])
def test_a_page_that_is_not_there_is_refused(world: World, places: list[Place]) -> None:
    document = world.ready()
    with pytest.raises(Invalid) as refusal:
        seal_document(
            actor=world.custodian["市府办公室"],
            document_id=document.pk,
            seal_id=Seal.objects.get().pk,
            places=places,
        )
    said = refusal.value.errors["places"]
    assert ("应是 1 到 1" if places else "请写明印章盖在哪里") in said
    assert not SealUse.objects.exists()


@pytest.mark.parametrize("place", [Place(0, 500, 220), Place(0, 20, 220), Place(0, 140, 280)])
def test_an_imprint_that_leaves_its_page_is_refused_before_anything_is_written(world: World, place: Place) -> None:
    document = world.ready()
    with pytest.raises(Invalid) as refusal:
        _seal(world, document, place)
    assert "不在这一页纸上" in refusal.value.errors["places"]
    assert not SealUse.objects.exists()
    document.refresh_from_db()
    assert document.state == "ready"


def test_a_withdrawn_seal_is_not_used(world: World) -> None:
    document = world.ready()
    Seal.objects.update(withdrawn_at=timezone.now())
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "seal_withdrawn"
    assert not SealUse.objects.exists()


def test_a_seal_of_another_unit_is_not_used(world: World) -> None:
    document = world.ready()
    Seal.objects.update(unit=world.units["市卫生局"])
    with pytest.raises(Invalid) as refusal:
        seal_document(
            actor=world.custodian["市府办公室"],
            document_id=document.pk,
            seal_id=Seal.objects.get().pk,
            places=[MIDDLE],
        )
    assert "本单位" in refusal.value.errors["seal"]


def test_a_device_that_fails_in_the_middle_leaves_the_document_as_it_was(world: World) -> None:
    document = world.ready()
    read_body(document)  # opened before, so that only the signing meets the broken device
    body, blob = document.body_digest, document.body
    with broken_device("sign"), pytest.raises(Unavailable):
        _seal(world, document)
    document.refresh_from_db()
    assert (document.state, document.body_digest, document.body) == ("ready", body, blob)
    use = SealUse.objects.get()
    assert (use.state, use.reason, use.digest_after) == ("failed", "device_failed", "")
    assert Entry.objects.filter(verb="seals.use_failed").count() == 1
    assert _seal(world, document).state == "sealed"


def test_a_document_taken_back_while_the_device_works_is_not_sealed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, real = world.ready(), service.apply

    def meanwhile(*args: object) -> bytes:
        reopen(actor=world.sending_clerk, document_id=document.pk)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "apply", meanwhile)
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "wrong_state"
    document.refresh_from_db()
    assert (document.state, document.body) == ("draft", "")
    assert SealUse.objects.get().state == "failed"


def test_a_body_that_was_made_anew_while_the_device_works_is_not_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, real = world.ready(), service.apply

    def meanwhile(*args: object) -> bytes:
        reopen(actor=world.sending_clerk, document_id=document.pk)
        fields = read_content(document)[0] | {"body": "改过的正文。"}
        save(actor=world.sending_clerk, document_id=document.pk, fields=fields)
        finish(actor=world.sending_clerk, document_id=document.pk)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "apply", meanwhile)
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "changed"
    old = document.body
    document.refresh_from_db()
    assert document.state == "ready"
    assert document.body != old
    assert SealUse.objects.get().state == "failed"


def test_an_answer_that_comes_after_the_reaper_seals_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document, real = world.ready(), service.apply

    def slow(*args: object) -> bytes:
        with clock.fixed_at(clock.now() + OPEN_AT_MOST * 2):
            assert reap_uses() == 1
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "apply", slow)
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "use_settled"
    document.refresh_from_db()
    assert document.state == "ready"
    assert SealUse.objects.get().state == "failed"


def test_two_custodians_at_once_put_one_seal_on_it(committed_world: World) -> None:
    world = committed_world
    document = world.ready()
    people = [world.custodian["市府办公室"], world.appoint_custodian("市府办公室")]

    def press(number: int) -> None:
        _seal(world, document, actor=people[number])

    raised = at_once(press, 2)
    assert [getattr(error, "code", error) for error in raised] == ["wrong_state"]
    document.refresh_from_db()
    assert document.state == "sealed"
    assert sorted(SealUse.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert SealUse.objects.get(state="done").digest_after == document.body_digest
    assert len(verify(read_body(document), trust=trusted_roots(), at=clock.now()).signatures) == 1


def test_an_attachment_added_while_the_device_works_is_not_sealed_unseen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = world.ready()

    def meanwhile(*args: Any, **kwargs: Any) -> bytes:
        attach(actor=world.sending_clerk, document_id=document.pk, name="补充.txt", data="补充".encode())
        return apply(*args, **kwargs)

    monkeypatch.setattr(service, "apply", meanwhile)
    with pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "changed"
    document.refresh_from_db()
    assert (document.state, SealUse.objects.get().state) == ("ready", "failed")


def test_a_seal_outside_its_validity_is_refused_in_words(world: World) -> None:
    document = world.ready()
    with clock.fixed_at(timezone.now() + timedelta(days=365 * 6)), pytest.raises(Refused) as refusal:
        _seal(world, document)
    assert refusal.value.code == "seal_expired"
    assert not SealUse.objects.exists()
