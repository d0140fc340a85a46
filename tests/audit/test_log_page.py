"""查阅日志: the auditor, and nobody else, reads every act."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.audit.selectors_search import A_PAGE
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.org.duties import Duty

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


def _read(world: World, query: str = "") -> Any:
    return world.browser(world.holder(Duty.AUDITOR)).get(f"/log/{query}")


def _write(verb: str, at: datetime, times: int = 1, actor: Any = None, **detail: str) -> None:
    with clock.fixed_at(at), command():
        for _ in range(times):
            record(verb=verb, actor=actor, detail=detail)


def test_an_act_stands_in_it_with_its_word_and_its_particulars(world: World) -> None:
    delivery = world.delivery("市环保局")
    page = _read(world).content.decode()
    assert "发送给 1 个单位" in page
    assert delivery.dispatch.document.number in page
    assert world.sending_clerk.name in page
    assert delivery.dispatch.document.title not in page


@pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER])
def test_the_other_administrators_do_not_read_it(world: World, duty: Duty) -> None:
    assert world.browser(world.holder(duty)).get("/log/").status_code == 403
    assert world.browser(world.sending_clerk).get("/log/").status_code == 403


def test_it_is_narrowed_by_days_act_room_and_person(world: World) -> None:
    _write("people.log_in", NOON, actor=world.sending_clerk, mark="inside")
    _write("people.log_in", NOON - timedelta(days=1), mark="daybefore")
    _write("seals.withdraw", NOON, mark="otheract")
    day = "?since=2026-06-02&until=2026-06-02"
    auditor = world.browser(world.holder(Duty.AUDITOR))

    def shown(more: str = "") -> set[str]:
        text = auditor.get(f"/log/{day}{more}").content.decode()
        return {mark for mark in ("inside", "otheract", "daybefore") if mark in text}

    assert shown() == {"inside", "otheract"}
    assert shown("&act=people") == {"inside"}
    assert shown("&act=seals.withdraw") == {"otheract"}
    assert shown(f"&person={world.sending_clerk.name}") == {"inside"}
    assert shown("&person=没有这个人") == set()


@pytest.mark.parametrize("older", ["", "&older=2199-01-01T00:00:00%2B00:00~1"])
def test_whom_it_was_about_goes_on_record_from_whichever_page_somebody_begins(world: World, older: str) -> None:
    world.browser(world.holder(Duty.AUDITOR)).get(f"/log/?person={world.sending_clerk.name}{older}")
    assert Entry.objects.filter(verb="audit.search", detail={"person": world.sending_clerk.name}).count() == 1


def test_the_next_page_begins_where_the_last_one_ended_although_the_log_grows(world: World) -> None:
    _write("people.log_in", NOON, times=A_PAGE + 5)
    auditor = world.browser(world.holder(Duty.AUDITOR))
    first = auditor.get("/log/?since=2026-06-02&until=2026-06-02")
    _write("people.log_in", NOON, times=3)
    second = auditor.get("/log/", {"since": "2026-06-02", "until": "2026-06-02", "older": first.context["older"]})
    seen = [line.entry.pk for answer in (first, second) for line in answer.context["lines"]]
    assert len(seen) == len(set(seen)) == A_PAGE + 5
    assert second.context["older"] is None


@pytest.mark.parametrize("query", ["?act=%00", "?person=%00%00"])
def test_what_is_no_character_of_a_name_is_refused(world: World, query: str) -> None:
    assert _read(world, query).status_code == 422


@pytest.mark.parametrize(
    "query", ["?since=soon", "?since=2026-06-02&until=2026-06-01", "?since=0001-01-01", "?until=9999-12-31"]
)
def test_days_that_are_none_are_named(world: World, query: str) -> None:
    answer = _read(world, query)
    assert answer.status_code == 422
    assert "日期" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?act=nothing.real",
        "?older=abc",
        "?older=2026-06-02~1",
        "?older=0001-01-01T00:00:00%2B14:00~1",
        "?older=2026-06-02T00:00:00Z~" + "9" * 30,
    ],
)
def test_odd_questions_are_answered(world: World, query: str) -> None:
    assert _read(world, query).status_code == 200
