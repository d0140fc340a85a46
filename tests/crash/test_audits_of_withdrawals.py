"""The audit of withdrawals can fail: each fault that it is to find is planted, and named."""

from pathlib import Path

from soak.audits.withdrawals import withdrawals
from soak.ledger import Act, Withdrawal
from support.soaking import Fault, Scene, missed, scene_of, some_id
from support.world import World
from yichuan.common import clock
from yichuan.compose.models import Document
from yichuan.exchange.models import Dispatch, Receipt


def begin(scene: Scene, told: str, refused: str = "", dispatch: str = "") -> None:
    scene.ledger.withdrawals.append(Withdrawal(dispatch or str(scene.dispatch.pk), "k", told, refused))


def undo(scene: Scene) -> None:
    """As a database would that lost its last commit."""
    Dispatch.objects.filter(pk=scene.back.dispatch_id).update(withdrawn_at=None)
    scene.set(scene.back, state="delivered")


def signed_for_after_all(scene: Scene) -> None:
    scene.set(scene.back, state="signed_for", signed_for_at=clock.now())


def receipt_of_it(scene: Scene) -> None:
    Receipt.objects.create(delivery=scene.back, kind="signed_for", at=clock.now(), payload=b"{}")


def told_done(scene: Scene) -> None:
    scene.ledger.acts.append(Act(str(scene.back.pk), "read", "k", tries=1, told="done"))


def told_withdrawn(scene: Scene) -> None:
    scene.ledger.acts.append(Act(str(scene.waiting.pk), "sign_for", "k", tries=1, told="withdrawn"))


def told_too_late(scene: Scene) -> None:
    scene.ledger.withdrawals[0].told = "too late"


def another(scene: Scene) -> None:
    """Withdrawn in the database, without an entry."""
    Dispatch.objects.filter(pk=scene.dispatch.pk).update(withdrawn_at=clock.now())


FAULTS: list[Fault] = [
    (lambda scene: scene.ledger.withdrawals.clear(), "not asked for"),
    (lambda scene: begin(scene, ""), "no answer"),
    (lambda scene: begin(scene, "", "409 refused"), "refused"),
    (lambda scene: begin(scene, "done", dispatch=some_id()), "lost"),
    (undo, "lost"),
    (told_too_late, "told otherwise"),
    (lambda scene: scene.set(scene.done, signed_for_at=None), "refused"),  # too late, and nobody has signed for it
    (signed_for_after_all, "both"),
    (lambda scene: scene.set(scene.back, signed_for_at=clock.now()), "both"),
    (receipt_of_it, "both"),
    (told_done, "both"),
    (told_withdrawn, "told otherwise"),
    (lambda scene: scene.set(scene.back, state="delivered"), "half withdrawn"),
    (lambda scene: scene.set(scene.waiting, state="withdrawn"), "half withdrawn"),
    (lambda scene: scene.set(scene.waiting, state="withdrawn"), "opened"),
    (lambda scene: Document.objects.filter(pk=scene.back.dispatch.document_id).update(state="sent"), "half withdrawn"),
    (another, "entry lost"),
    (lambda scene: scene.log("exchange.withdraw", scene.back), "entry too many"),
    (lambda scene: scene.log("exchange.withdraw", scene.waiting), "entry too many"),
    (lambda scene: scene.log("compose.withdraw", scene.document), "entry too many"),
    (lambda scene: scene.ledger.opened.append("d by read"), "opened"),
]


def test_each_fault_of_a_withdrawal_is_named(world: World, tmp_path: Path) -> None:
    scene = scene_of(world)
    assert list(withdrawals(scene.ledger)) == []
    assert missed(scene, FAULTS, withdrawals, tmp_path / "ledger.json") == []
    assert list(withdrawals(scene.ledger)) == []
