"""Changing the custodians changes the device's password: old shares are worth nothing (J-24)."""

import uuid
from typing import NoReturn

import pytest

from support.custody import OFFICE, Kept, address, kept, on_carrier
from support.personal import answered, ask, code_of, post, with_certificate
from support.world import World, broken_device
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.people.models import Account
from yichuan.seals.kinds import CustodyRole, OpeningState
from yichuan.seals.models import Opening
from yichuan.seals.selectors_custody import to_replace, waiting_for
from yichuan.seals.services import change_custodians as changing
from yichuan.seals.services.change_custodians import ask_change
from yichuan.seals.services.close_opening import close_opening
from yichuan.seals.services.opened import password_of
from yichuan.seals.services.settle_openings import settle_openings


def _chosen(people: list[Account]) -> list[tuple[uuid.UUID, CustodyRole]]:
    return [(person.pk, CustodyRole.CUSTODIAN) for person in people]


def _newcomer(world: World) -> Account:
    return world.holder(Duty.CUSTODIAN, OFFICE, 7)


def _agreed(office: Kept, opening: Opening, *numbers: int) -> None:
    for number in numbers:
        answer = office.approve(opening, number)
        assert answer.status_code == 200, answer.content.decode()


def _signs(office: Kept, password: bytes) -> bool:
    try:
        device().sign(office.seal.key_label, b"words", password=password)
    except DeviceError as error:
        assert error.code == "wrong_password"
        return False
    return True


def test_two_of_three_hand_over_and_the_old_password_opens_nothing(world: World) -> None:
    office, newcomer = kept(world), _newcomer(world)
    old = password_of(office.opened(world.ready()))
    assert old is not None
    assert _signs(office, old)
    waiting = office.ask(world.ready())
    before = office.row(1)
    people = [office.people[1], office.people[2], newcomer]
    opening = ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=_chosen(people), words="岗位交接")
    _agreed(office, opening, 1, 2)
    opening.refresh_from_db()
    assert (opening.state, bytes(opening.sealed_password), bytes(opening.sealed_next)) == ("closed", b"", b"")
    assert not _signs(office, old)
    present = list(office.seal.custodians.filter(until=None).order_by("index"))
    assert [each.account for each in present] == people
    assert [each.share_set_at for each in present] == [None, None, None]
    before.refresh_from_db()
    assert (before.until is not None, bytes(before.sealed_share)) == (True, b"")
    waiting.refresh_from_db()
    assert waiting.state == OpeningState.CLOSED
    after = Kept(world, office.seal, people)
    after.set_shares()
    new = password_of(after.opened(world.ready()))
    assert new is not None
    assert _signs(office, new)


def test_one_word_changes_nothing(world: World) -> None:
    office, newcomer = kept(world), _newcomer(world)
    chosen = _chosen([office.people[1], newcomer])
    opening = ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=chosen, words="交接")
    _agreed(office, opening, 0)
    settle_openings()
    assert office.seal.custodians.filter(until=None).count() == 3
    assert newcomer.pk not in office.seal.custodians.values_list("account_id", flat=True)


def test_a_device_that_fails_changes_nobody_and_the_ticker_goes_on(world: World) -> None:
    office, newcomer = kept(world), _newcomer(world)
    chosen = _chosen([office.people[1], newcomer])
    opening = ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=chosen, words="交接")
    _agreed(office, opening, 1)
    with broken_device("change_password"):
        assert office.approve(opening, 2).status_code == 503
        settle_openings()
    opening.refresh_from_db()
    assert opening.state == OpeningState.OPEN
    assert office.seal.custodians.filter(until=None).count() == 3
    with pytest.raises(Refused) as refusal:
        close_opening(actor=office.people[0], opening_id=opening.pk)
    assert refusal.value.code == "change_under_way"
    settle_openings()
    assert office.seal.custodians.filter(until=None, account=newcomer).exists()


def test_a_process_that_dies_after_the_device_changed_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, newcomer = kept(world), _newcomer(world)
    people = [office.people[1], newcomer]
    opening = ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=_chosen(people), words="交接")

    def die(*_: object) -> NoReturn:
        raise Refused("died", "")

    _agreed(office, opening, 1)
    with monkeypatch.context() as patch:
        patch.setattr(changing, "_hand_over", die)
        office.approve(opening, 2)
    settle_openings()
    after = Kept(world, office.seal, people)
    after.set_shares()
    opened = after.ask(world.ready())
    _agreed(after, opened, 0, 1)
    opened.refresh_from_db()
    password = password_of(opened)
    assert password is not None
    assert _signs(office, password)


def test_only_holders_of_the_post_can_be_chosen_and_enough_of_them(world: World) -> None:
    office = kept(world)
    for people in ([office.people[0]], [*office.people[:1], world.sending_clerk], [office.people[0], office.people[0]]):
        with pytest.raises(Invalid) as refusal:
            ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=_chosen(people), words="交接")
        assert list(refusal.value.errors) == ["custodians"]
    with pytest.raises(NotAllowed):
        ask_change(actor=world.sending_clerk, seal_id=office.seal.pk, chosen=_chosen(office.people), words="交接")


def test_a_later_change_takes_the_place_of_one_that_waits(world: World) -> None:
    office = kept(world)
    first, second = (
        ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=_chosen(office.people), words="交接")
        for _ in range(2)
    )
    first.refresh_from_db()
    assert (first.state, second.state) == ("closed", "asked")


def test_on_a_carrier_the_leader_confirms_with_a_certificate(world: World) -> None:
    office, newcomer = on_carrier(world), _newcomer(world)
    chosen = [(newcomer.pk, CustodyRole.CARRIER), (office.people[1].pk, CustodyRole.PASSWORD)]
    opening = ask_change(actor=office.people[1], seal_id=office.seal.pk, chosen=chosen, words="岗位交接")
    assert code_of(office.approve(opening, 1)) == "leader_confirms"
    assert list(waiting_for(world.leader)) == [opening]
    signer, browser = with_certificate(world, world.leader), world.browser(world.leader)
    assert "确认更换" in browser.get(address(opening, "approve")[: -len("approve/")]).content.decode()
    said = answered(signer, ask(browser, "change_custodians", opening.digest))
    assert post(browser, address(opening, "confirm"), said).status_code == 200
    present = office.seal.custodians.filter(until=None).order_by("pk")
    assert [(each.account, each.role) for each in present] == [(newcomer, "carrier"), (office.people[1], "password")]


def test_a_leader_of_another_unit_confirms_nothing(world: World) -> None:
    office, newcomer = on_carrier(world), _newcomer(world)
    chosen = [(newcomer.pk, CustodyRole.CARRIER), (office.people[1].pk, CustodyRole.PASSWORD)]
    opening = ask_change(actor=office.people[1], seal_id=office.seal.pk, chosen=chosen, words="岗位交接")
    stranger = world.appoint_leader("市卫生局")
    signer, browser = with_certificate(world, stranger), world.browser(stranger)
    said = answered(signer, ask(browser, "change_custodians", opening.digest))
    assert post(browser, address(opening, "confirm"), said).status_code == 403
    assert office.seal.custodians.filter(until=None, account=newcomer).count() == 0


def test_the_leader_alone_never_changes_who_opens_the_device(world: World) -> None:
    office = kept(world)
    opening = ask_change(actor=office.people[0], seal_id=office.seal.pk, chosen=_chosen(office.people), words="交接")
    signer, browser = with_certificate(world, world.leader), world.browser(world.leader)
    said = answered(signer, ask(browser, "change_custodians", opening.digest))
    assert code_of(post(browser, address(opening, "confirm"), said)) == "custodians_decide"


def test_who_left_or_lost_the_post_is_listed_to_be_replaced(world: World) -> None:
    office = kept(world, shares=False)
    assert to_replace(world.sender) == []
    Post.objects.filter(account=office.people[0]).update(until=clock.now())
    Account.objects.filter(pk=office.people[2].pk).update(is_active=False)
    assert [each.account for each in to_replace(world.sender)] == [office.people[0], office.people[2]]
