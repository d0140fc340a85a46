"""Openings end: by hand, when the seal is suspended, when their time is over, with all they hold (J-24)."""

from datetime import timedelta

import pytest

from support.custody import PLACE, Kept, address, kept
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.compose.services.read import read_body
from yichuan.compose.services.seal import seal_document
from yichuan.lib.gm.sm3 import sm3
from yichuan.operations.services.settle import settle
from yichuan.seals.kinds import Cause, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.services.ask_opening import WAITS
from yichuan.seals.services.close_opening import close_opening
from yichuan.seals.services.move import move
from yichuan.seals.services.settle_openings import settle_openings
from yichuan.seals.services.use import begin_use


@pytest.fixture
def office(world: World) -> Kept:
    return kept(world)


def _ended(opening: Opening) -> str:
    opening.refresh_from_db()
    assert bytes(opening.sealed_password) == bytes(opening.sealed_next) == b""
    assert not any(bytes(each.wrapped_share) for each in opening.approvals.all())
    return opening.state


def test_who_asked_or_keeps_the_seal_ends_it_and_nobody_else(office: Kept) -> None:
    opening = office.opened(office.world.ready())
    with pytest.raises(NotAllowed):
        close_opening(actor=office.world.custodian["市府办公室"], opening_id=opening.pk)
    close_opening(actor=office.people[2], opening_id=opening.pk)
    assert _ended(opening) == "closed"
    with pytest.raises(Refused) as refusal:
        close_opening(actor=office.people[2], opening_id=opening.pk)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("verb", ["suspend", "withdraw"])
def test_a_seal_that_is_suspended_or_withdrawn_closes_at_once(office: Kept, verb: str) -> None:
    document, waiting = office.world.ready(), office.ask(office.world.ready())
    office.approve(waiting, 1)
    opening = office.opened(document)
    with command():
        seal = Seal.objects.select_for_update().get(pk=office.seal.pk)
        move(actor=None, seal=seal, verb=verb, cause=Cause.LOSS, words="载体遗失")
    assert [_ended(opening), _ended(waiting)] == ["closed", "closed"]
    with pytest.raises(Refused):
        seal_document(actor=office.people[0], document_id=document.pk, seal_id=office.seal.pk, places=[PLACE])


def test_the_ticker_ends_what_nobody_answered_and_what_stayed_open(office: Kept) -> None:
    opening, waiting = office.opened(office.world.ready()), office.ask(office.world.ready())
    office.approve(waiting, 1)
    assert settle_openings() == 0
    with clock.fixed_at(clock.now() + WAITS + timedelta(seconds=1)):
        settle(sweep=False)
    assert [_ended(opening), _ended(waiting)] == ["closed", "closed"]
    assert opening.reason == "时间已到"


def test_the_ticker_leaves_an_opening_whose_use_is_just_going_on(office: Kept) -> None:
    document = office.world.ready()
    opening = office.opened(document)
    with command():
        begin_use(
            actor=office.people[0], seal=office.seal, document_id=document.pk, digest=sm3(read_body(document)),
            places=[PLACE],
        )  # fmt: skip
    with clock.fixed_at(opening.expires_at + timedelta(seconds=1)):
        assert settle_openings() == 0
    opening.refresh_from_db()
    assert opening.state == OpeningState.OPEN


def test_words_that_were_all_there_when_a_process_died_open_it_in_the_next_round(
    office: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = office.ask(office.world.ready())
    office.approve(opening, 1)
    with monkeypatch.context() as patch:
        patch.setattr("yichuan.seals.services.approve_opening.open_if_agreed", lambda opening_id: opening)
        office.approve(opening, 2)
    opening.refresh_from_db()
    assert opening.state == OpeningState.ASKED
    settle_openings()
    opening.refresh_from_db()
    assert opening.state == OpeningState.OPEN


def test_one_refusal_of_three_leaves_two_to_agree_and_two_end_it(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    for number, left in ((0, "asked"), (1, "refused")):
        browser = office.world.browser(office.people[number])
        assert browser.post(address(opening, "refuse"), {"words": ""}).status_code == 422
        assert browser.post(address(opening, "refuse"), {"words": "内容没有核对"}).status_code == 302
        opening.refresh_from_db()
        assert opening.state == left
    assert _ended(opening) == "refused"
    assert [each.text for each in opening.approvals.all()] == ["内容没有核对"] * 2
