"""A receiver's notice of a later time (J-32): it counts for that receiver, that sender and that day alone."""

from datetime import date, datetime, time, timedelta

import pytest

from support import days as days_to_come
from support.days import CHINA, FRIDAY, MONDAY
from support.pages import words
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import CalendarDay, Event
from yichuan.compose.models import Document
from yichuan.exchange.models import LateNotice
from yichuan.exchange.selectors_rules import late_notices_for
from yichuan.exchange.services.check import check_delivery
from yichuan.exchange.services.give_late_notice import give_late_notice, withdraw_late_notice
from yichuan.exchange.services.late_notices import counted_days


@pytest.fixture(autouse=True)
def no_holidays(world: World) -> None:
    CalendarDay.objects.all().delete()


def at(hour: int, minute: int = 0, day: date = FRIDAY) -> datetime:
    return days_to_come.at(day, hour, minute)


def tell(world: World, name: str = "市环保局", sender: str | None = None, **changed: object) -> LateNotice:
    given = {"day": FRIDAY, "until": time(17, 0), "reason": "下午开会，请今天送到"} | changed
    return give_late_notice(
        actor=world.clerk[name],
        unit=world.units[name],
        sender_id=world.units[sender].pk if sender else None,
        **given,  # type: ignore[arg-type]
    )


def days(world: World, moment: datetime) -> dict[str, date]:
    """The counted days of all receivers by name, of those whose day differs from the dispatch's."""
    found = counted_days(world.sender.pk, [unit.pk for unit in world.units.values()], moment)
    return {name: found[unit.pk] for name, unit in world.units.items() if unit.pk in found}


def test_it_changes_the_day_of_the_receiver_that_gave_it_and_of_no_other(world: World) -> None:
    with clock.fixed_at(at(9)):
        tell(world)
    assert days(world, at(15, 29)) == {}, "in time for everybody"
    assert days(world, at(15, 30)) == {"市环保局": FRIDAY}
    assert days(world, at(16, 59)) == {"市环保局": FRIDAY}
    assert days(world, at(17, 0)) == {}
    assert days(world, at(16, 0, MONDAY)) == {}


@pytest.mark.usefixtures("in_both_centres")
def test_it_counts_from_the_hour_until_which_its_own_centre_counts(world: World) -> None:
    until = datetime.combine(FRIDAY, profile.current().cut_off, CHINA)
    told = until + timedelta(hours=1)
    with clock.fixed_at(at(9)):
        tell(world, until=told.time())
    for moment in (until - timedelta(minutes=1), told):
        assert days(world, moment) == {}
    for moment in (until, told - timedelta(minutes=1)):
        assert days(world, moment) == {"市环保局": FRIDAY}


def test_a_notice_to_one_sender_is_none_to_another(world: World) -> None:
    with clock.fixed_at(at(9)):
        tell(world, sender="市卫生局")
        tell(world, "市建设局", sender="市府办公室")
    assert days(world, at(16)) == {"市建设局": FRIDAY}
    told = counted_days(world.units["市卫生局"].pk, [world.units["市环保局"].pk], at(16))
    assert told == {world.units["市环保局"].pk: FRIDAY}


def test_it_is_given_in_advance_or_it_does_not_count(world: World) -> None:
    with clock.fixed_at(at(16, 30)):
        tell(world)
    assert days(world, at(16)) == {}
    assert days(world, at(16, 45)) == {"市环保局": FRIDAY}


def test_a_withdrawn_notice_no_longer_counts_and_stands_in_the_log(world: World) -> None:
    with clock.fixed_at(at(9)):
        notice = tell(world)
        withdraw_late_notice(actor=world.clerk["市环保局"], notice_id=notice.pk)
        assert days(world, at(16)) == {}
        with pytest.raises(Refused, match="已经收回"):
            withdraw_late_notice(actor=world.clerk["市环保局"], notice_id=notice.pk)
    verbs = list(Entry.objects.filter(subject_id=notice.pk).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["exchange.give_late_notice", "exchange.withdraw_late_notice"]


def test_a_day_that_became_a_holiday_meanwhile_counts_for_nobody(world: World) -> None:
    with clock.fixed_at(at(9)):
        tell(world)
    CalendarDay.objects.create(day=FRIDAY, working=False, changed_at=at(10))
    assert days(world, at(16)) == {}


def test_a_document_sent_at_four_counts_today_for_one_and_on_monday_for_the_others(world: World) -> None:
    with clock.fixed_at(at(9)):
        tell(world)
    with clock.fixed_at(at(16)):
        dispatch = world.sent("市环保局", "市卫生局")
        found = {each.unit.short_name: each for each in dispatch.deliveries.select_related("unit")}
        assert dispatch.counted_day == MONDAY
        assert found["市环保局"].counted_day == FRIDAY and found["市卫生局"].counted_day is None
        lines = {line.name: line.note for line in check_delivery(found["市环保局"]).lines}
        assert "事先告知" in lines["发送时间"] and "计为当天" in lines["发送时间"]
        board = world.browser(world.sending_clerk).get(f"/sent/{dispatch.pk}/").content.decode()
        assert f"市环保局事先告知可以晚收，计为 {FRIDAY.month}月{FRIDAY.day}日" in words(board)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": FRIDAY - timedelta(days=1)}, "day"),
        ({"day": FRIDAY + timedelta(days=1)}, "day"),
        ({"day": FRIDAY + timedelta(weeks=400)}, "day"),
        ({"until": time(15, 30)}, "until"),
        ({"until": time(9, 0)}, "until"),
        ({"reason": "  "}, "reason"),
        ({"reason": "开" * 201}, "reason"),
        ({"reason": "开\u202e会"}, "reason"),
        ({"sender": "市环保局"}, "sender"),
    ],
    ids=["yesterday", "Saturday", "far", "cut-off", "morning", "empty", "long", "hidden", "itself"],
)
def test_what_makes_no_sense_is_refused(world: World, changed: dict[str, object], field: str) -> None:
    with clock.fixed_at(at(9)), pytest.raises(Invalid) as refused:
        tell(world, **changed)  # type: ignore[arg-type]
    assert set(refused.value.errors) == {field} and not LateNotice.objects.exists()


def test_a_time_that_is_over_is_refused(world: World) -> None:
    with clock.fixed_at(at(17, 1)), pytest.raises(Invalid, match="已经过了"):
        tell(world)


def test_nobody_gives_or_withdraws_for_another_unit(world: World) -> None:
    with clock.fixed_at(at(9)):
        with pytest.raises(NotAllowed):
            give_late_notice(
                actor=world.clerk["市卫生局"],
                unit=world.units["市环保局"],
                day=FRIDAY,
                until=time(17, 0),
                reason="不是我的",
            )
        notice = tell(world)
        with pytest.raises(NotFound):
            withdraw_late_notice(actor=world.clerk["市卫生局"], notice_id=notice.pk)
        answer = world.browser(world.clerk["市卫生局"]).post(f"/late-notices/{notice.pk}/withdraw/")
        assert answer.status_code == 404
    notice.refresh_from_db()
    assert notice.withdrawn_at is None


def test_the_latest_of_several_notices_is_told(world: World) -> None:
    with clock.fixed_at(at(9)):
        tell(world)
        tell(world, until=time(18, 0))
        tell(world, "市建设局", sender="市府办公室", until=time(16, 0))
        told = {notice.unit.short_name: notice.until for notice in late_notices_for(world.sender.pk, at(10))}
    assert told == {"市环保局": time(18, 0), "市建设局": time(16, 0)}
    assert Event.objects.filter(kind="late_notice", unit_id=world.sender.pk).count() == 1


def test_the_receiver_works_on_the_page_and_the_sender_sees_it_on_the_sending_form(world: World) -> None:
    with clock.fixed_at(at(9)):
        client = world.browser(world.clerk["市环保局"])
        form = {"day": FRIDAY.isoformat(), "until": "17:00", "sender": "", "reason": "下午开会"}
        assert client.post("/late-notices/", form).status_code == 302
        answer = client.post("/late-notices/", form | {"until": "15:00"})
        assert answer.status_code == 422 and "本来就计为当天" in words(answer.content.decode())
        assert "所有单位" in words(client.get("/late-notices/").content.decode())
        sealed = _sealed(world)
        html = world.browser(world.sending_clerk).get(f"/documents/{sealed.pk}/send/").content.decode()
        assert "发给市环保局的，今天 17:00 以前仍计为当天" in words(html)
        notice = LateNotice.objects.get()
        assert client.post(f"/late-notices/{notice.pk}/withdraw/").status_code == 302
        assert "已收回" in words(client.get("/late-notices/").content.decode())


def _sealed(world: World) -> Document:
    """A sealed document as the sending form needs it; nothing of its body is asked."""
    document = world.draft()
    Document.objects.filter(pk=document.pk).update(state="sealed")
    return document
