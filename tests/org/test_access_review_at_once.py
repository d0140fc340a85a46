"""Two who decide on one change of access at the same instant: one of them does (P4)."""

from support.access import fresh, parties, posts_of
from support.at_once import at_once
from support.world import World
from yichuan.common.errors import Refused
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange
from yichuan.org.services.review_access import confirm, refuse, withdraw
from yichuan.org.states import ChangeState


def test_two_reviews_at_the_same_instant_carry_it_out_once(committed_world: World) -> None:
    centre = parties(committed_world)
    change = centre.asked()
    auditors = [centre.auditor, committed_world.holder(Duty.AUDITOR, number=2)] * 2
    raised = at_once(lambda number: void(confirm(actor=fresh(auditors[number]), change_id=change.pk)), 4)
    assert len(raised) == 3 and all(isinstance(error, Refused) for error in raised)
    assert len(posts_of(change.account)) == 1


def test_a_confirmation_and_an_objection_at_the_same_instant_agree_on_one(committed_world: World) -> None:
    centre = parties(committed_world)
    change = centre.asked()
    other = committed_world.holder(Duty.AUDITOR, number=2)

    def act(number: int) -> None:
        if number:
            confirm(actor=fresh(centre.auditor), change_id=change.pk)
        else:
            refuse(actor=fresh(other), change_id=change.pk, note="不行")

    assert [type(error) for error in at_once(act, 2)] == [Refused]
    change.refresh_from_db()
    assert bool(posts_of(change.account)) == (change.state == ChangeState.CONFIRMED)


def test_a_review_and_a_withdrawal_at_the_same_instant_agree_on_one(committed_world: World) -> None:
    centre = parties(committed_world)
    for number in range(4):
        change = centre.asked(centre.newcomer(f"n{number}"))

        def act(number: int, change: AccessChange = change) -> None:
            if number:
                confirm(actor=fresh(centre.auditor), change_id=change.pk)
            else:
                withdraw(actor=fresh(centre.unit_admin), change_id=change.pk)

        assert [type(error) for error in at_once(act, 2)] == [Refused]
        change.refresh_from_db()
        assert bool(posts_of(change.account)) == (change.state == ChangeState.CONFIRMED)


def void(_: object) -> None:
    """Threads give nothing back."""
