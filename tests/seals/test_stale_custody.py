"""What a person's word or hand is worth after custody or post went to others: nothing (J-24)."""

import pytest

from support.carriers import CarrierSeal
from support.carriers import on_carrier as seal_on_carrier
from support.custody import OFFICE, kept, on_carrier
from support.personal import answered, ask, code_of, post, with_certificate
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import NotAllowed
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.seal_on_carrier import Prepared, finish_on_carrier, prepare_on_carrier
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account
from yichuan.seals.kinds import CustodyRole, OpeningState
from yichuan.seals.models import Custodian, SealUse
from yichuan.seals.places import Place
from yichuan.seals.services.change_custodians import ask_change
from yichuan.seals.services.entrust import entrust
from yichuan.seals.services.settle_openings import settle_openings

LOGIN = "a login"


def _leaves_the_post(account: Account) -> None:
    Post.objects.filter(account=account).update(until=clock.now())


def _prepared(world: World, held: CarrierSeal, custodian: Account, document: Document) -> Prepared:
    with command():
        entrust(actor=None, seal=held.seal, custodians=[(custodian, CustodyRole.CUSTODIAN)], password=None)
    return prepare_on_carrier(
        actor=custodian, document_id=document.pk, seal_id=held.seal.pk, places=[Place(0, 140, 220)], session=LOGIN
    )


def test_who_gave_the_seal_up_half_way_does_not_finish_with_its_carrier(world: World) -> None:
    held, document, custodian = seal_on_carrier(world.sender, world.imprint), world.ready(), world.custodian[OFFICE]
    prepared = _prepared(world, held, custodian, document)
    newcomer = world.holder(Duty.CUSTODIAN, OFFICE, 7)
    with command():
        Custodian.objects.filter(seal=held.seal).update(until=clock.now())
        entrust(actor=None, seal=held.seal, custodians=[(newcomer, CustodyRole.CUSTODIAN)], password=None)
    with pytest.raises(NotAllowed) as refusal:
        finish_on_carrier(
            actor=custodian,
            use_id=prepared.use.pk,
            certificate=held.certificate,
            signature=held.key.sign(prepared.message),
            session=LOGIN,
        )
    assert refusal.value.code == "not_its_custodian"
    document.refresh_from_db()
    assert (document.state, SealUse.objects.get().state) == ("ready", "failed")


def test_the_word_of_who_lost_the_post_since_does_not_count(world: World) -> None:
    office = kept(world)
    opening = office.ask(world.ready())
    assert office.approve(opening, 1).status_code == 200
    _leaves_the_post(office.people[1])
    assert office.approve(opening, 2).status_code == 200
    settle_openings()
    opening.refresh_from_db()
    assert (opening.state, bytes(opening.sealed_password)) == (OpeningState.ASKED, b"")
    assert office.approve(opening, 0).status_code == 200
    opening.refresh_from_db()
    assert opening.state == OpeningState.OPEN


def test_the_word_of_whose_account_was_closed_since_does_not_count(world: World) -> None:
    office = kept(world)
    opening = office.ask(world.ready())
    assert office.approve(opening, 1).status_code == 200
    Account.objects.filter(pk=office.people[1].pk).update(is_active=False)
    assert office.approve(opening, 2).status_code == 200
    opening.refresh_from_db()
    assert opening.state == OpeningState.ASKED


def test_a_leader_does_not_confirm_what_they_asked_for_themselves(world: World) -> None:
    office = on_carrier(world)
    leader = world.leader
    with command():
        appoint(actor=None, account=leader, unit=world.sender, duty=Duty.CUSTODIAN)
    chosen = [(leader.pk, CustodyRole.CARRIER), (office.people[1].pk, CustodyRole.PASSWORD)]
    opening = ask_change(actor=leader, seal_id=office.seal.pk, chosen=chosen, words="交接")
    signer, browser = with_certificate(world, leader), world.browser(leader)
    said = answered(signer, ask(browser, "change_custodians", opening.digest))
    answer = post(browser, f"/seals/custody/openings/{opening.pk}/confirm/", said)
    assert code_of(answer) == "own_request"
    assert not office.seal.custodians.filter(account=leader).exists()
