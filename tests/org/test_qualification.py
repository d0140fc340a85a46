"""A post only for who is on the establishment and trained before it begins (P8, J-12, G-6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from support.access import OTHER, Parties, parties
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import profile
from yichuan.common.errors import Invalid, NotAllowed, NotFound
from yichuan.org.models import Filing, Staff
from yichuan.org.selectors.qualification import lacking, valid_to
from yichuan.org.services.qualification import record_training
from yichuan.people.models import Account

DAY = date(2026, 3, 2)
NOON = timezone.make_aware(timezone.datetime(2026, 3, 2, 12))


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


@pytest.fixture
def three_years(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(profile.current(), training_years=3)
    monkeypatch.setattr(profile, "current", lambda: rules)


def test_both_facts_are_needed_and_the_training_comes_first() -> None:
    assert lacking(Staff(established=True, trained_on=DAY), NOON) == ""
    assert "在编" in lacking(Staff(established=False, trained_on=DAY), NOON)
    assert "没有上岗培训" in lacking(Staff(established=True), NOON)
    assert "还没有参加" in lacking(Staff(established=True, trained_on=DAY + timedelta(days=1)), NOON)


def test_the_day_is_the_centres_own() -> None:
    before_midnight_utc = NOON.replace(hour=0)  # 2 March in Shanghai, still 1 March in London
    assert lacking(Staff(established=True, trained_on=DAY), before_midnight_utc) == ""


def test_a_training_counts_for_ever_unless_the_centre_says_for_how_long() -> None:
    assert valid_to(DAY) is None
    assert lacking(Staff(established=True, trained_on=date(1999, 1, 1)), NOON) == ""


@pytest.mark.usefixtures("three_years")
def test_a_training_lapses_after_the_centres_years() -> None:
    assert valid_to(date(2024, 2, 29)) == date(2027, 2, 28)
    assert lacking(Staff(established=True, trained_on=date(2023, 3, 2)), NOON) == ""
    assert "已满有效期" in lacking(Staff(established=True, trained_on=date(2023, 3, 1)), NOON)


def test_it_is_recorded_with_its_dates_and_filed(centre: Parties) -> None:
    person = centre.newcomer(established=False, trained_on=None)
    staff = record_training(
        actor=centre.unit_admin,
        account_id=person.pk,
        established=True,
        trained_on=DAY - timedelta(days=300),
        note="市局班",
    )
    assert (staff.established, staff.training_note) == (True, "市局班")
    entry = Entry.objects.get(verb="org.record_training", subject_id=person.pk)
    assert entry.detail == {"established": True, "trained_on": "2025-05-06"}
    assert Filing.objects.filter(account=person, unit=centre.unit, what__contains="2025-05-06 培训").exists()


def test_a_day_to_come_and_a_note_nobody_can_read_are_refused(centre: Parties) -> None:
    person = centre.newcomer()
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid):
        record_training(actor=centre.unit_admin, account_id=person.pk, established=True, trained_on=tomorrow)
    for note in ("长" * 121, "看\u200b不见"):
        with pytest.raises(Invalid):
            record_training(actor=centre.unit_admin, account_id=person.pk, established=True, trained_on=None, note=note)


def test_the_persons_own_unit_records_it_and_the_system_administrator(centre: Parties) -> None:
    person = centre.newcomer()
    given = {"account_id": person.pk, "established": True, "trained_on": None}
    for actor in (centre.auditor, centre.security_officer, centre.supervisor, centre.world.clerk[OTHER], person):
        with pytest.raises(NotFound):
            record_training(actor=actor, **given)
    record_training(actor=centre.system_admin, **given)


def test_nobody_records_their_own(centre: Parties) -> None:
    for actor in (centre.unit_admin, centre.system_admin):
        with pytest.raises(NotAllowed):
            record_training(actor=actor, account_id=actor.pk, established=True, trained_on=None)


def test_the_page_takes_it(centre: Parties) -> None:
    person: Account = centre.newcomer(established=False)
    browser = centre.world.browser(centre.unit_admin)
    answer = browser.post(f"/staff/{person.pk}/training/", {"established": "on", "trained_on": "2025-05-06"})
    assert answer.headers["Location"] == f"/staff/{person.pk}/"
    assert Staff.objects.get(pk=person.pk).trained_on == date(2025, 5, 6)
    for wrong in ("gestern", "2025-13-40"):
        assert browser.post(f"/staff/{person.pk}/training/", {"trained_on": wrong}).status_code == 422
