"""The audits of the crash suite can fail: each fault that they are to find is planted, and named."""

import uuid
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from soak.audits.log import log
from soak.audits.open_ends import INTENTS, open_ends
from soak.audits.prints import prints
from soak.audits.receipts import boxes, receipts
from soak.audits.sends import sends
from soak.audits.store import database
from soak.found import Finding
from soak.ledger import Act, Ledger
from support.log import tamper
from support.soaking import Fault, Scene, missed, scene_of
from support.world import World
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.ids import new_id
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt, ReturnNotice
from yichuan.interface.models import Answer
from yichuan.seals.models import SealUse


def findings(ledger: Ledger) -> list[Finding]:
    """Of the audits of documents, deliveries and prints."""
    return [*sends(ledger), *receipts(ledger), *boxes(ledger), *prints(ledger), *open_ends(), *database()]


def double_delivery(scene: Scene) -> None:
    box = scene.world.units["市规划局"].boxes.get()
    values = {"unit_id": box.unit_id, "box_id": box.pk, "wrapped_key": b"x"}
    twin = Delivery.objects.get(pk=scene.waiting.pk)
    for name, value in values.items():
        setattr(twin, name, value)
    twin.pk = new_id()
    twin.save(force_insert=True)
    scene.set(twin, unit_id=scene.waiting.unit_id)


def deliver_elsewhere(scene: Scene) -> None:
    box = scene.world.units["市规划局"].boxes.get()
    scene.set(scene.waiting, unit_id=box.unit_id, box_id=box.pk)


def forget_a_send(scene: Scene) -> None:
    scene.ledger.sent.clear()


def claim_a_send(scene: Scene) -> None:
    scene.ledger.sent.append(replace(scene.ledger.sent[0], number="江府办〔2008〕999号", told=str(new_id())))


def never_answered(scene: Scene) -> None:
    scene.ledger.acts.append(Act(str(scene.waiting.pk), "sign_for", "k", tries=9))


def refused_for_no_reason(scene: Scene) -> None:
    scene.ledger.acts.append(Act(str(scene.waiting.pk), "read", "k", refused="409 wrong_state"))


def two_documents(scene: Scene) -> None:
    twin = Document.objects.get(pk=scene.document.pk)
    twin.pk, twin.corrects = new_id(), scene.document
    twin.save(force_insert=True)


def drop_receipt(scene: Scene) -> None:
    Receipt.objects.filter(delivery=scene.done, kind="received").delete()


def receipt_of_nothing(scene: Scene) -> None:
    receipt = Receipt.objects.filter(delivery=scene.done).first()
    assert receipt is not None
    receipt.pk, receipt.delivery = new_id(), scene.waiting
    receipt.save(force_insert=True)


def false_receipt(scene: Scene) -> None:
    Receipt.objects.filter(delivery=scene.done).update(payload=b"{}")


def unsigned_receipt(scene: Scene) -> None:
    Receipt.objects.filter(delivery=scene.done).update(signature=None)


def act_without_entry(scene: Scene) -> None:
    Receipt.objects.create(delivery=scene.waiting, kind="returned", at=clock.now(), payload=b"{}")
    scene.set(scene.waiting, returned_at=clock.now())


def lose_what_was_told(scene: Scene) -> None:
    scene.set(scene.done, state="delivered")


def read_twice_for_once(scene: Scene) -> None:
    scene.log("exchange.read", scene.done)


def print_uncounted(scene: Scene) -> None:
    scene.set(scene.done, printed=0)


def print_beyond(scene: Scene) -> None:
    scene.set(scene.done, allowance=1)
    twin = PrintedCopy.objects.get(pk=scene.copy.pk)
    twin.pk, twin.number, twin.request = new_id(), 2, uuid.uuid4()
    twin.save(force_insert=True)


def print_doubled_press(scene: Scene) -> None:
    twin = PrintedCopy.objects.get(pk=scene.copy.pk)
    twin.pk, twin.number = new_id(), 2
    twin.save(force_insert=True)
    scene.set(scene.done, printed=2)


def lose_the_print(scene: Scene) -> None:
    PrintedCopy.objects.filter(pk=scene.copy.pk).update(state="failed")


def reserved_for_ever(scene: Scene) -> None:
    PrintedCopy.objects.filter(pk=scene.copy.pk).update(state="reserved")


def use_open(scene: Scene) -> None:
    SealUse.objects.filter(document_id=scene.document.pk).update(state="intent")


def answer_open(scene: Scene) -> None:
    Answer.objects.create(client=scene.client, key="k", request_digest="", at=clock.now())


def notice_open(scene: Scene) -> None:
    ReturnNotice.objects.create(delivery=scene.waiting, number="退〔2008〕1号", at=clock.now())


def box_forgets(scene: Scene) -> None:
    scene.ledger.listed[str(scene.waiting.unit_id)] = []


def box_of_another(scene: Scene) -> None:
    scene.ledger.listed[str(scene.waiting.unit_id)].append(str(scene.done.pk))


def taken_in_in_vain(scene: Scene) -> None:
    scene.ledger.acts.append(Act(str(scene.waiting.pk), "take_in", "k", tries=1, told="done"))


FAULTS: list[Fault] = [
    (double_delivery, "doubled"),
    (deliver_elsewhere, "not chosen"),
    (forget_a_send, "not asked for"),
    (claim_a_send, "lost"),
    (never_answered, "no answer"),
    (refused_for_no_reason, "refused"),
    (two_documents, "doubled"),
    (lambda scene: scene.log("exchange.send", scene.dispatch), "doubled"),
    (lambda scene: scene.log("compose.seal", scene.document), "doubled"),
    (drop_receipt, "receipt lost"),
    (receipt_of_nothing, "receipt too many"),
    (false_receipt, "receipt false"),
    (unsigned_receipt, "open"),
    (act_without_entry, "entry lost"),
    (lambda scene: scene.log("exchange.sign_for", scene.done), "entry too many"),
    (read_twice_for_once, "entry too many"),
    (lose_what_was_told, "lost"),
    (taken_in_in_vain, "lost"),
    (print_uncounted, "miscounted"),
    (print_beyond, "allowance exceeded"),
    (print_doubled_press, "doubled"),
    (lose_the_print, "lost"),
    (reserved_for_ever, "open"),
    (use_open, "open"),
    (answer_open, "open"),
    (notice_open, "open"),
    (box_forgets, "lost"),
    (box_of_another, "not chosen"),
]


def test_each_fault_is_named_and_a_sound_centre_has_none(world: World, tmp_path: Path) -> None:
    scene = scene_of(world)
    assert findings(scene.ledger) == []
    assert missed(scene, FAULTS, findings, tmp_path / "ledger.json") == []
    assert findings(scene.ledger) == []


def test_an_entry_that_waits_and_a_tree_that_does_not_agree_are_named(world: World) -> None:
    catch_up()
    assert list(log()) == []
    with transaction.atomic():
        record(verb="exchange.read", actor=world.sending_clerk)
    assert {each.fault for each in log()} == {"log", "open"}
    catch_up()
    assert list(log()) == []
    tamper("UPDATE audit_checkpoint SET signature = NULL")
    assert "open" in {each.fault for each in log()}
    tamper("UPDATE audit_tile SET hashes = %s WHERE level = 0", b"\x00" * 32)
    assert "log" in {each.fault for each in log()}


def test_every_kind_of_intent_is_asked_for(db: None) -> None:
    list(open_ends())  # each condition is one that its table knows
    assert set(INTENTS) >= {"exchange.PrintedCopy", "seals.SealUse", "interface.Answer", "exchange.Receipt"}
