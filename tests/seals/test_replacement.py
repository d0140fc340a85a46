"""Damage and loss (J-25): suspended at once with both parts, resumed only when found unused, handed in, on record."""

from datetime import timedelta

import pytest

from support.seal_life import Life
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import LossReport, Seal, SealApplication, SealUse, StatusList
from yichuan.seals.services.finish_application import finish
from yichuan.seals.services.move import certificates, move
from yichuan.seals.services.report_loss import report_loss
from yichuan.seals.services.resume import resume
from yichuan.seals.services.take_in import hand_in, take_in_damaged

HOUR = timedelta(hours=1)


def _report(life: Life, seal: Seal, cause: str = "loss", actor: Account | None = None, ago: timedelta = HOUR) -> Seal:
    with clock.fixed_at(seal.issued_at + 2 * HOUR):
        report_loss(
            actor=actor or life.custodian, seal_id=seal.pk, cause=cause, lost_at=clock.now() - ago, words="找不到了"
        )
    seal.refresh_from_db()
    return seal


def _states(seal: Seal) -> set[str]:
    return {row.state for row in certificates(seal)}


def _move(seal: Seal, verb: str, cause: str = "") -> Seal:
    with command():
        locked = Seal.objects.select_for_update().get(pk=seal.pk)
        return move(actor=None, seal=locked, verb=verb, cause=cause, words="依申请")


def test_a_report_suspends_at_once_holds_the_certificates_and_wants_a_list(life: Life) -> None:
    seal = life.seal()
    lists = StatusList.objects.count()
    _report(life, seal)
    report = LossReport.objects.get()
    assert (seal.state, seal.cause, seal.suspended_at) == ("suspended", "loss", report.reported_at)
    assert report.lost_at == report.reported_at - HOUR
    assert _states(seal) == {"held"}
    assert len(certificates(seal)) == (2 if hasattr(seal, "verification") else 1)
    assert StatusList.objects.count() > lists
    verbs = set(Entry.objects.filter(subject_id=seal.pk).values_list("verb", flat=True))
    assert {"seals.suspend", "seals.report_loss"} <= verbs
    told = set(Event.objects.filter(kind="seal_changed", subject_id=seal.pk).values_list("unit_id", flat=True))
    assert told == {life.unit.pk, life.world.sender.pk, life.world.units["市规划局"].pk}


def test_the_custodian_the_head_the_operator_and_the_supervising_office_report(life: Life) -> None:
    seal = life.seal()
    for actor in (life.custodian, life.leader, life.operator, life.supervisor):
        _report(life, seal, actor=actor)
        LossReport.objects.all().delete()
        _move(seal, "resume")
    with pytest.raises(NotFound):
        _report(life, seal, actor=life.world.leader)
    with pytest.raises(NotFound):
        _report(life, seal, actor=life.clerk)
    assert not LossReport.objects.exists()


def test_the_time_lies_between_the_making_and_now_and_words_are_needed(life: Life) -> None:
    seal, now = life.seal(), clock.now()
    for lost_at, words, field in (
        (now + HOUR, "找不到", "lost_at"),
        (seal.issued_at - HOUR, "找不到", "lost_at"),
        (now, " ", "words"),
    ):
        with pytest.raises(Invalid) as refusal:
            report_loss(actor=life.custodian, seal_id=seal.pk, cause="loss", lost_at=lost_at, words=words)
        assert refusal.value.field == field
    with pytest.raises(Invalid):
        report_loss(actor=life.custodian, seal_id=seal.pk, cause="rename", lost_at=now, words="更名")


def test_the_same_is_not_reported_twice_but_what_is_damaged_may_be_lost_too(life: Life) -> None:
    seal = _report(life, life.seal(), "damage")
    with pytest.raises(Refused) as refusal:
        _report(life, seal, "damage")
    assert refusal.value.code == "reported_already"
    _report(life, seal, "loss")
    assert LossReport.objects.filter(seal=seal).count() == 2


def test_what_is_withdrawn_or_destroyed_takes_no_report(life: Life) -> None:
    seal = life.seal()
    for verb in ("withdraw", "destroy"):
        _move(seal, verb, "expiry")
        with pytest.raises(Refused) as refusal:
            _report(life, seal)
        assert refusal.value.code == "wrong_state"


def test_found_again_and_unused_it_comes_back_by_the_supervising_office(life: Life) -> None:
    seal = _report(life, life.seal())
    for actor in (life.custodian, life.leader, life.operator):
        with pytest.raises(NotAllowed):
            resume(actor=actor, seal_id=seal.pk, words="找到了")
    with pytest.raises(Invalid):
        resume(actor=life.supervisor, seal_id=seal.pk, words="")
    back = resume(actor=life.supervisor, seal_id=seal.pk, words="在档案柜里找到，封条完好")
    assert (back.state, back.suspended_at, back.cause) == ("in_use", None, "")
    assert _states(seal) == {"valid"}


def test_used_after_the_loss_it_does_not_come_back(life: Life) -> None:
    seal = _report(life, life.seal())
    report = LossReport.objects.get()
    use = SealUse(seal=seal, custodian=life.custodian, document_id=seal.pk, digest_before="0" * 64)
    use.state, use.begun_at = SealUse.State.DONE, report.lost_at - HOUR
    use.save()
    use.begun_at = report.lost_at + HOUR / 2
    use.save()
    with pytest.raises(Refused) as refusal:
        resume(actor=life.supervisor, seal_id=seal.pk, words="找到了")
    assert refusal.value.code == "used_since"


def test_a_damaged_one_does_not_come_back_nor_one_with_an_application(life: Life) -> None:
    seal = _report(life, life.seal(), "damage")
    with pytest.raises(Refused) as refusal:
        resume(actor=life.supervisor, seal_id=seal.pk, words="修好了")
    assert refusal.value.code == "not_lost"
    lost = _report(life, life.seal())
    life.proposed("change", cause="loss", seal_id=lost.pk, papers=("certificate",))
    with pytest.raises(Refused) as refusal:
        resume(actor=life.supervisor, seal_id=lost.pk, words="找到了")
    assert refusal.value.code == "application_open"


def test_a_report_of_before_it_was_found_again_counts_no_longer(life: Life) -> None:
    seal = _report(life, life.seal())
    resume(actor=life.supervisor, seal_id=seal.pk, words="找到了")
    with pytest.raises(Invalid, match="请先在印章页面报告"):
        life.draft("change", cause="loss", seal_id=seal.pk)


def test_the_operator_takes_in_a_damaged_one_once(life: Life) -> None:
    seal = _report(life, life.seal(), "damage")
    with pytest.raises(NotAllowed):
        take_in_damaged(actor=life.supervisor, seal_id=seal.pk, words="李印交来")
    report = take_in_damaged(actor=life.operator, seal_id=seal.pk, words="李印交来，编号 7")
    assert (report.taken_in_by, report.taken_in_words) == (life.operator, "李印交来，编号 7")
    with pytest.raises(Refused) as refusal:
        take_in_damaged(actor=life.operator, seal_id=seal.pk, words="又交")
    assert refusal.value.code == "in_already"
    with pytest.raises(Refused):
        take_in_damaged(actor=life.operator, seal_id=life.seal().pk, words="没有报告")


def test_after_a_change_of_the_unit_the_secretariat_takes_it_in(life: Life) -> None:
    seal = _move(life.seal(), "withdraw", "rename")
    assert _states(seal) == {"revoked"}
    with pytest.raises(NotAllowed):
        hand_in(actor=life.operator, seal_id=seal.pk, words="李印交来")
    assert hand_in(actor=life.supervisor, seal_id=seal.pk, words="李印交来").state == "handed_in"
    expired = _move(life.seal(), "withdraw", "expiry")
    assert hand_in(actor=life.operator, seal_id=expired.pk, words="李印交来").state == "handed_in"


def _finish(life: Life, application: SealApplication, seal: Seal | None) -> None:
    with command():
        locked = SealApplication.objects.select_for_update().get(pk=application.pk)
        finish(actor=life.operator, application=locked, seal=seal)


def test_a_change_withdraws_the_old_seal_and_what_was_held_counts_as_revoked_since(life: Life) -> None:
    old = _report(life, life.seal())
    application = life.approved("change", cause="loss", seal_id=old.pk, papers=("certificate",))
    held = {row.revoked_at for row in certificates(old)}
    new = life.seal()
    _finish(life, application, new)
    old.refresh_from_db()
    application.refresh_from_db()
    assert (old.state, old.cause, application.state, application.result) == ("withdrawn", "loss", "done", new)
    assert {(row.state, row.reason) for row in certificates(old)} == {("revoked", "key_compromise")}
    assert {row.revoked_at for row in certificates(old)} == held


def test_a_damaged_one_that_was_taken_in_before_is_handed_in_with_the_change(life: Life) -> None:
    old = _report(life, life.seal(), "damage")
    take_in_damaged(actor=life.operator, seal_id=old.pk, words="李印交来")
    application = life.approved("change", cause="damage", seal_id=old.pk, papers=("certificate",))
    _finish(life, application, life.seal())
    old.refresh_from_db()
    assert old.state == "handed_in"


def test_a_destruction_destroys_and_makes_nothing(life: Life) -> None:
    old = life.seal()
    application = life.approved("destroy", cause="expiry", seal_id=old.pk)
    with pytest.raises(Refused) as refusal:
        _finish(life, application, life.seal())
    assert refusal.value.code == "no_result"
    _finish(life, application, None)
    old.refresh_from_db()
    assert (old.state, old.withdrawn_at) == ("destroyed", old.destroyed_at)
    assert _states(old) == {"revoked"}


def test_the_table_of_seals_lets_nothing_else_through(life: Life) -> None:
    seal = life.seal()
    for state in SealState:
        for verb in ("issue", "suspend", "resume", "withdraw", "hand_in", "destroy"):
            Seal.objects.filter(pk=seal.pk).update(state=state)
            if not _listed(verb, state):
                with pytest.raises(Refused) as refusal:
                    _move(seal, verb)
                assert refusal.value.code == "wrong_state", (verb, state)
                assert Seal.objects.get(pk=seal.pk).state == state


def _listed(verb: str, state: SealState) -> bool:
    return (verb, state.value) in {
        ("issue", "making"),
        ("suspend", "in_use"),
        ("resume", "suspended"),
        ("withdraw", "in_use"),
        ("withdraw", "suspended"),
        ("hand_in", "withdrawn"),
        ("destroy", "in_use"),
        ("destroy", "suspended"),
        ("destroy", "withdrawn"),
        ("destroy", "handed_in"),
    }
