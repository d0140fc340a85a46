"""A small centre with the ledger of what was asked of it, for tests of the crash suite's audits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from soak.found import Finding
from soak.ledger import Act, File, Ledger, Sent, Withdrawal
from support.printing import issued
from support.world import World
from yichuan.audit.services.record import record
from yichuan.compose.models import Attachment, Document
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.withdraw import withdraw
from yichuan.interface.models import Client
from yichuan.interface.services.register_client import register_client

Audit = Callable[[Ledger], Iterable[Finding]]


@dataclass
class Scene:
    """A document with an attachment in two boxes, of which one signed for it, read it and printed it, so that it could
    not be taken back; another that was; and the ledger that says so."""

    world: World
    ledger: Ledger
    dispatch: Dispatch
    done: Delivery  # signed for, read, printed once
    waiting: Delivery
    copy: PrintedCopy
    client: Client
    back: Delivery  # withdrawn before it was signed for

    @property
    def document(self) -> Document:
        return self.dispatch.document

    @property
    def attachment(self) -> Attachment:
        return self.document.attachments.get()

    def log(self, verb: str, subject: Delivery | Dispatch | Document) -> None:
        """One more entry."""
        record(verb=verb, actor=self.world.sending_clerk, subject=subject)

    def set(self, delivery: Delivery, **values: object) -> None:
        Delivery.objects.filter(pk=delivery.pk).update(**values)


Fault = tuple[Callable[[Scene], object], str]


def scene_of(world: World) -> Scene:
    draft = world.draft()
    file = attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b\n")
    dispatch, taken = world.sent("市环保局", "市卫生局", document=draft), world.sent("市建设局")
    done, waiting = dispatch.deliveries.order_by("order")
    clerk = world.clerk["市环保局"]
    client, _ = register_client(actor=None, name="办公系统", unit=world.units["市环保局"])
    sign_for(actor=clerk, delivery_id=done.pk)
    read(actor=client.account, delivery_id=done.pk)
    copy = issued(done, clerk)
    Delivery.objects.filter(pk=done.pk).update(printed=1)
    withdraw(actor=world.sending_clerk, dispatch_id=taken.pk, reason="附件有误。")
    back = taken.deliveries.get()
    ledger = Ledger()
    for each in (dispatch, taken):
        there = {str(one.unit_id): str(one.pk) for one in each.deliveries.order_by("order")}
        line = Sent(each.document.number or "", str(world.sender.pk), list(there), 2, str(each.document_id))
        line.told, line.deliveries, line.taken_back = str(each.pk), there, each == taken
        ledger.sent.append(line)
        ledger.listed |= {unit: [delivery] for unit, delivery in there.items()}
    ledger.sent[0].files.append(File(file.name, file.size, file.digest, told=str(file.pk)))
    for verb, copies in (("sign_for", 0), ("read", 0), ("print", 1)):
        ledger.acts.append(Act(str(done.pk), verb, str(copy.request), copies, tries=1, told="done"))
    ledger.acts.append(Act(str(back.pk), "sign_for", "k", tries=1, told="withdrawn"))
    ledger.withdrawals += [Withdrawal(str(taken.pk), "k", "done"), Withdrawal(str(dispatch.pk), "k", "too late")]
    scene = Scene(world, ledger, dispatch, done, waiting, copy, client, back)
    with transaction.atomic():
        scene.log("exchange.print_original", done)
    return scene


def missed(scene: Scene, faults: Iterable[Fault], audit: Audit, kept: Path) -> list[object]:
    """Plant each fault and take it back again: those that the audit does not name. `kept` is a file to be written."""
    return [each for fault in faults for each in _missed(scene, *fault, audit, kept)]


def _missed(scene: Scene, plant: Callable[[Scene], object], fault: str, audit: Audit, kept: Path) -> Iterator[object]:
    before, ledger = transaction.savepoint(), scene.ledger
    ledger.write(kept)
    scene.ledger = Ledger.read(kept)
    plant(scene)
    found = {each.fault for each in audit(scene.ledger)}
    transaction.savepoint_rollback(before)
    scene.ledger = ledger
    if fault not in found:
        yield plant.__name__, fault, found


def some_id() -> str:
    """Of nothing that there is."""
    return str(uuid.uuid4())
