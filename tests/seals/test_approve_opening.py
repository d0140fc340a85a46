"""Custodians' words to an opening (J-24): below k nothing opens, and no word counts for anything else."""

from datetime import timedelta
from typing import Any

import pytest

from support.custody import Kept, address, kept, on_carrier, words
from support.personal import answered, ask, code_of, post, with_certificate
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.seals.kinds import OpeningState
from yichuan.seals.models import Approval, Custodian, Opening
from yichuan.seals.services.ask_opening import WAITS
from yichuan.seals.services.open_seal import open_if_agreed
from yichuan.seals.services.opened import password_of


@pytest.fixture
def office(world: World) -> Kept:
    """A seal that two of three open."""
    return kept(world)


def _opened(opening: Opening) -> bool:
    opening.refresh_from_db()
    return opening.state == OpeningState.OPEN


def test_the_second_word_of_two_opens_the_seal_for_this_opening_alone(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    assert office.approve(opening, 1).status_code == 200
    assert not _opened(opening)
    assert not opening.sealed_password
    assert bytes(opening.approvals.get().wrapped_share)
    assert office.approve(opening, 2).status_code == 200
    assert _opened(opening)
    assert [bytes(each.wrapped_share) for each in opening.approvals.all()] == [b"", b""]
    password = password_of(opening)
    assert password is not None
    assert (
        device()
        .public_key(office.seal.key_label)
        .verify(device().sign(office.seal.key_label, b"words", password=password), b"words")
    )
    other = office.ask(office.world.ready())
    other.sealed_password, other.state = opening.sealed_password, OpeningState.OPEN
    other.save()
    with pytest.raises(Exception, match="密码设备不可用"):
        password_of(other)


def test_the_device_answers_to_nothing_but_the_password(office: Kept) -> None:
    for password in (None, bytes(16)):
        with pytest.raises(DeviceError) as refusal:
            device().sign(office.seal.key_label, b"words", password=password)
        assert refusal.value.code == "wrong_password"


def test_who_agreed_is_kept_with_the_signature_and_logged(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.approve(opening, 1)
    word = opening.approvals.get()
    signer = office.signer(1)
    assert signer.key.public.verify(bytes(word.signature or b""), word.text.encode())
    assert opening.digest in word.text
    assert bytes(word.certificate or b"") == signer.der
    entry = Entry.objects.get(verb="seals.approve_opening")
    assert (entry.actor_id, entry.detail["digest"]) == (office.people[1].pk, opening.digest)
    assert words(1) not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_a_word_counts_once(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.approve(opening, 1)
    assert code_of(office.approve(opening, 1)) == "already_said"
    assert not _opened(opening)


def test_a_word_sent_again_is_not_a_second_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    browser = office.world.browser(office.people[1])
    said = office.said(browser, opening, 1)
    assert post(browser, address(opening), said).status_code == 200
    Approval.objects.all().delete()
    assert code_of(post(browser, address(opening), said)) == "challenge_used"
    assert not Approval.objects.exists()


def test_a_word_to_one_opening_is_none_to_another(office: Kept) -> None:
    first, second = office.ask(office.world.ready()), office.ask(office.world.ready())
    browser = office.world.browser(office.people[1])
    said = office.said(browser, first, 1)
    assert code_of(post(browser, address(second), said)) == "challenge_digest"
    assert not Approval.objects.exists()


def test_a_signature_for_another_purpose_is_no_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    browser = office.world.browser(office.people[1])
    said = answered(office.signer(1), ask(browser, "confirm", opening.digest)) | {"password": words(1)}
    assert code_of(post(browser, address(opening), said)) == "challenge_action"


def test_another_persons_certificate_is_no_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    browser = office.world.browser(office.people[1])
    said = answered(office.signer(2), ask(browser, "open_seal", opening.digest)) | {"password": words(1)}
    assert code_of(post(browser, address(opening), said)) == "certificate_other"
    assert not Approval.objects.exists()


def test_a_former_custodian_has_no_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    row = office.row(1)
    Custodian.objects.filter(pk=row.pk).update(until=clock.now())
    assert code_of(office.approve(opening, 1)) == "no_opening"


def test_the_word_of_somebody_who_is_no_custodian_any_more_does_not_count(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.approve(opening, 1)
    Custodian.objects.filter(pk=office.row(1).pk).update(until=clock.now())
    assert office.approve(opening, 2).status_code == 200
    assert not _opened(opening)


def test_a_custodian_who_lost_the_post_has_no_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.signer(1)
    Post.objects.filter(account=office.people[1]).update(until=clock.now())
    assert office.approve(opening, 1).status_code in (302, 403)
    assert not Approval.objects.exists()


def test_a_custodian_of_another_unit_has_no_word(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    stranger = office.world.appoint_custodian("市卫生局")
    signer = with_certificate(office.world, stranger)
    browser = office.world.browser(stranger)
    said = answered(signer, ask(browser, "open_seal", opening.digest)) | {"password": "x"}
    assert code_of(post(browser, address(opening), said)) == "no_opening"
    assert browser.get(address(opening, "state")).status_code == 404


def test_a_word_after_the_time_is_refused(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.signer(1)
    with clock.fixed_at(clock.now() + WAITS + timedelta(seconds=1)):
        assert code_of(office.approve(opening, 1)) == "opening_over"


def test_words_below_the_quorum_cannot_open_the_device(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    office.approve(opening, 1)
    opening.refresh_from_db()
    Opening.objects.filter(pk=opening.pk).update(quorum=1)  # as somebody with the database could
    with pytest.raises(Refused) as refusal:
        open_if_agreed(opening.pk)
    assert refusal.value.code == "share_altered"


@pytest.mark.parametrize("how", ["wrong", "missing"])
def test_a_wrong_password_of_a_share_is_counted_and_leaves_no_word(office: Kept, how: str) -> None:
    opening = office.ask(office.world.ready())
    instead: dict[str, Any] = {"password": "Not-the-Password-1" if how == "wrong" else ""}
    assert code_of(office.approve(opening, 1, **instead)) == "share_wrong"
    assert office.row(1).share_failures == 1
    assert not Approval.objects.exists()
    assert Entry.objects.get(verb="seals.wrong_share").detail["failures"] == 1


def test_on_a_carrier_both_words_are_needed_and_no_password(world: World) -> None:
    office = on_carrier(world)
    opening = office.ask(world.ready())
    assert office.approve(opening, 0).status_code == 200
    assert not _opened(opening)
    assert office.approve(opening, 1).status_code == 200
    assert _opened(opening)
    assert password_of(opening) is None


def test_a_leader_has_no_word_to_a_use(office: Kept) -> None:
    opening = office.ask(office.world.ready())
    leader = office.world.holder(Duty.LEADER, "市府办公室", 9)
    signer = with_certificate(office.world, leader)
    browser = office.world.browser(leader)
    said = answered(signer, ask(browser, "open_seal", opening.digest))
    assert post(browser, address(opening), said).status_code == 403
