"""A custodian's own password over their share: set, changed, guessed at, locked (J-24)."""

from datetime import timedelta

import pytest

from support.at_once import at_once
from support.custody import Kept, kept, words
from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.keys.shares import fits
from yichuan.seals.models import Custodian
from yichuan.seals.services.entrust import context_of
from yichuan.seals.services.open_share import FAILURES, LOCKED_FOR, open_share
from yichuan.seals.services.set_share import set_share
from yichuan.seals.services.shares import from_device

WRONG = "Not-the-Password-1"


@pytest.fixture
def office(world: World) -> Kept:
    return kept(world, people=2, shares=False)


def _set(office: Kept, new: str = words(0), **how: str) -> Custodian:
    given = {"new": new, "again": new} | how
    return set_share(actor=office.people[0], custodian_id=office.row(0).pk, **given)


def test_once_set_only_the_password_opens_it(office: Kept) -> None:
    before = office.row(0)
    share = from_device(bytes(before.sealed_share), context_of(before))
    row = _set(office)
    assert row.share_set_at is not None
    with pytest.raises(Refused):
        from_device(bytes(row.sealed_share), context_of(row))
    assert share not in bytes(row.sealed_share)
    assert open_share(row, words(0)) == share
    assert Entry.objects.get(verb="seals.set_share").detail == {"first": True}


def test_until_it_is_set_nobody_opens_with_it(office: Kept) -> None:
    with pytest.raises(Refused) as refusal:
        open_share(office.row(0), "")
    assert refusal.value.code == "share_not_set"


def test_it_is_changed_by_who_knows_the_old_one(office: Kept) -> None:
    share = open_share(_set(office), words(0))
    with pytest.raises(Invalid) as refusal:
        _set(office, "Another-Good-2", old=WRONG)
    assert list(refusal.value.errors) == ["old"]
    row = _set(office, "Another-Good-2", old=words(0))
    assert open_share(row, "Another-Good-2") == share
    with pytest.raises(Refused):
        open_share(row, words(0))


@pytest.mark.parametrize(
    ("new", "again", "field"),
    [
        ("short", "short", "new"),
        (words(0), words(1), "again"),
        (PASSWORD, PASSWORD, "new"),
        ("Good-Words\u200b-12", "Good-Words\u200b-12", "new"),
        ("长" * 201, "长" * 201, "new"),
    ],
    ids=["short", "two", "of the login", "hidden", "long"],
)
def test_a_password_that_will_not_do_is_refused(office: Kept, new: str, again: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _set(office, new, again=again)
    assert list(refusal.value.errors) == [field]
    assert office.row(0).share_set_at is None


def test_nobody_sets_it_for_another(office: Kept) -> None:
    with pytest.raises(NotFound):
        set_share(actor=office.people[1], custodian_id=office.row(0).pk, new=words(0), again=words(0))


def test_five_failures_lock_this_share_for_half_an_hour_and_no_other(office: Kept) -> None:
    row = _set(office)
    set_share(actor=office.people[1], custodian_id=office.row(1).pk, new=words(1), again=words(1))
    for number in range(1, FAILURES + 1):
        with pytest.raises(Refused) as refusal:
            open_share(row, WRONG)
        assert refusal.value.code == ("share_locked" if number == FAILURES else "share_wrong")
    with pytest.raises(Refused) as refusal:
        open_share(row, words(0))
    assert refusal.value.code == "share_locked"
    assert open_share(office.row(1), words(1))
    with clock.fixed_at(clock.now() + LOCKED_FOR + timedelta(seconds=1)):
        assert open_share(row, words(0))
    failures = [entry.detail for entry in Entry.objects.filter(verb="seals.wrong_share").order_by("id")]
    assert [each["failures"] for each in failures] == [1, 2, 3, 4, 5]
    assert WRONG not in str(failures)


def test_a_right_one_forgives_the_failures_before(office: Kept) -> None:
    row = _set(office)
    for _ in range(2):
        for _ in range(FAILURES - 1):
            with pytest.raises(Refused):
                open_share(row, WRONG)
        open_share(row, words(0))
    assert office.row(0).share_failures == 0


def test_many_guesses_at_once_are_no_more_than_five(committed_world: World) -> None:
    office = kept(committed_world, people=2, shares=False)
    row = _set(office)

    def guess(number: int) -> None:
        open_share(row, f"{WRONG}{number}")

    raised = at_once(guess, 9)
    assert len(raised) == 9
    assert Entry.objects.filter(verb="seals.wrong_share").count() == FAILURES
    with pytest.raises(Refused) as refusal:
        open_share(row, words(0))
    assert refusal.value.code == "share_locked"


def test_a_share_that_was_exchanged_is_told(office: Kept) -> None:
    row = _set(office)
    other = office.row(1)
    check = bytearray(bytes(row.share_check))
    assert fits(row.index, from_device(bytes(other.sealed_share), context_of(other)), bytes(check)) is False
    check[2 + 16 * row.index] ^= 1
    Custodian.objects.filter(pk=row.pk).update(share_check=bytes(check))
    with pytest.raises(Refused) as refusal:
        open_share(row, words(0))
    assert refusal.value.code == "share_altered"
