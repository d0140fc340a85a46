"""The audits of the crash suite can fail: each fault that they are to find is planted, and named."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from pytest_django.fixtures import Settings

from soak.audits.log import log
from soak.audits.open_ends import INTENTS, open_ends
from soak.audits.plain import plain
from soak.audits.prints import prints
from soak.audits.receipts import boxes, receipts
from soak.audits.sends import sends
from soak.audits.store import database, store
from soak.found import Finding
from soak.ledger import Act, Ledger, Sent
from support.log import tamper
from support.printing import issued
from support.world import World, alter_blob, blob_path
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock, sealed
from yichuan.common.ids import new_id
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy, Receipt, ReturnNotice
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.sign_for import sign_for
from yichuan.interface.models import Answer, Client
from yichuan.interface.services.register_client import register_client
from yichuan.seals.models import SealUse


@dataclass
class Scene:
    """A document in two boxes, of which one signed for it, read it and printed it; and the ledger that says so."""

    world: World
    ledger: Ledger
    dispatch: Dispatch
    done: Delivery  # signed for, read, printed once
    waiting: Delivery
    copy: PrintedCopy
    client: Client

    @property
    def document(self) -> Document:
        return self.dispatch.document

    def log(self, verb: str, subject: Delivery | Dispatch | Document) -> None:
        """One more entry."""
        record(verb=verb, actor=self.world.sending_clerk, subject=subject)

    def set(self, delivery: Delivery, **values: object) -> None:
        Delivery.objects.filter(pk=delivery.pk).update(**values)

    def findings(self) -> list[Finding]:
        """Of every audit of the database."""
        ledger = self.ledger
        return [*sends(ledger), *receipts(ledger), *boxes(ledger), *prints(ledger), *open_ends(), *database()]


def scene_of(world: World) -> Scene:
    dispatch = world.sent("市环保局", "市卫生局")
    done, waiting = dispatch.deliveries.order_by("order")
    clerk = world.clerk["市环保局"]
    client, _ = register_client(actor=None, name="办公系统", unit=world.units["市环保局"])
    sign_for(actor=clerk, delivery_id=done.pk)
    read(actor=client.account, delivery_id=done.pk)
    copy = issued(done, clerk)
    Delivery.objects.filter(pk=done.pk).update(printed=1)
    document = dispatch.document
    ledger = Ledger()
    there = {str(each.unit_id): str(each.pk) for each in (done, waiting)}
    ledger.sent.append(
        Sent(document.number or "", str(world.sender.pk), list(there), 2, str(document.pk), str(dispatch.pk), there)
    )
    for verb, copies in (("sign_for", 0), ("read", 0), ("print", 1)):
        ledger.acts.append(Act(str(done.pk), verb, str(copy.request), copies, tries=1, told="done"))
    ledger.listed = {unit: [delivery] for unit, delivery in there.items()}
    scene = Scene(world, ledger, dispatch, done, waiting, copy, client)
    with transaction.atomic():
        scene.log("exchange.print_original", done)
    return scene


def double_delivery(scene: Scene) -> None:
    box = scene.world.units["市建设局"].boxes.get()
    values = {"unit_id": box.unit_id, "box_id": box.pk, "wrapped_key": b"x"}
    twin = Delivery.objects.get(pk=scene.waiting.pk)
    for name, value in values.items():
        setattr(twin, name, value)
    twin.pk = new_id()
    twin.save(force_insert=True)
    scene.set(twin, unit_id=scene.waiting.unit_id)


def deliver_elsewhere(scene: Scene) -> None:
    box = scene.world.units["市建设局"].boxes.get()
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


FAULTS: list[tuple[Callable[[Scene], None], str]] = [
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


def test_each_fault_is_named_and_a_sound_centre_has_none(world: World) -> None:
    scene = scene_of(world)
    assert scene.findings() == []
    missed = []
    for plant, fault in FAULTS:
        kept, before = scene.ledger, transaction.savepoint()
        scene.ledger = Ledger(
            [replace(each) for each in kept.sent],
            [replace(each) for each in kept.acts],
            {unit: list(told) for unit, told in kept.listed.items()},
        )
        plant(scene)
        found = {each.fault for each in scene.findings()}
        transaction.savepoint_rollback(before)
        scene.ledger = kept
        if fault not in found:
            missed.append((plant.__name__, fault, found))
    assert missed == []
    assert scene.findings() == []


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


def test_a_blob_that_is_gone_altered_or_referred_to_by_nothing_is_named(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/blobs"
    draft, other = world.draft(), world.draft()
    assert list(store()) == []
    orphan = sealed.write_bytes(sealed.new_key(), "x", b"nobody's")
    alter_blob(draft.content)
    blob_path(other.content).unlink()
    assert {(each.fault, each.what) for each in store()} == {
        ("orphan blob", orphan), ("blob altered", draft.content), ("blob lost", other.content),
    }  # fmt: skip


def test_a_plain_piece_anywhere_on_the_disk_is_named(tmp_path: Path) -> None:
    home, temporary, log = tmp_path / "home", tmp_path / "temporary", tmp_path / "log"
    (home / "deep").mkdir(parents=True)
    temporary.mkdir()
    log.write_bytes(b"nothing")
    piece = bytes(range(48))
    (home / "ciphertext").write_bytes(b"\x80" * 4096)
    (home / "empty").touch()
    folders = [home, log, tmp_path / "not there"]
    assert list(plain(folders, [piece], temporary)) == []
    (home / "deep" / "centre.sqlite3").write_bytes(b"\x80" * 5000 + piece + b"\x80" * 10)
    (home / "body.ofd").write_bytes(b"PK\x03\x04 and so on")
    (home / "print.pdf").write_bytes(b"%PDF-1.7")
    log.write_bytes(b"said " + piece)
    (temporary / "tmp123").write_bytes(b"anything")
    found = [(each.fault, Path(each.what.rpartition(" ")[2]).name) for each in plain(folders, [piece], temporary)]
    assert sorted(found) == [
        ("left behind", "tmp123"), ("plain", "body.ofd"), ("plain", "centre.sqlite3"), ("plain", "log"),
        ("plain", "print.pdf"),
    ]  # fmt: skip
