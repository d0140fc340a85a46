"""The auditor searches the log: by person, unit, document, act, time and place, and by all of them together."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from support.auditor import auditor
from support.printing import print_original
from support.world import World
from yichuan.audit.models import Entry
from yichuan.audit.selectors import recorded_lately
from yichuan.audit.selectors_search import place_of
from yichuan.audit.services import export_log
from yichuan.audit.services.record import record
from yichuan.audit.services.search_log import note_search
from yichuan.audit.services.sequence import sequence
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.services.rename_unit import rename_unit

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


def _write(verb: str, at: datetime = NOON, actor: Any = None, unit: Any = None, **detail: str) -> Entry:
    with clock.fixed_at(at), command():
        return record(verb=verb, actor=actor, unit_id=unit.pk if unit else None, detail=detail)


def _search(world: World, **query: str) -> Any:
    return world.browser(auditor(world)).get("/log/", query)


def _verbs(answer: Any) -> list[str]:
    return [line.entry.verb for line in answer.context["lines"]]


def _marks(answer: Any) -> set[str]:
    return {line.entry.detail["mark"] for line in answer.context["lines"] if "mark" in line.entry.detail}


@pytest.fixture
def printed(world: World) -> tuple[World, Any]:
    """A document that 市环保局 has signed for and printed, and another that has nothing to do with it."""
    delivery = world.signed_for(allowance=3)
    print_original(actor=world.clerk["市环保局"], delivery_id=delivery.pk, copies=2)
    return world, delivery


def test_a_document_is_found_by_its_number_however_its_brackets_are_written(printed: tuple[World, Any]) -> None:
    world, delivery = printed
    other = world.draft()
    document = delivery.dispatch.document
    year, serial = "2008", document.number.split("〕")[1].removesuffix("号")
    for typed in (
        document.number,
        f"江府办[{year}]{serial}号",
        f"江府办（{year}）第0{serial}号",
        f"江府办 {year} {serial}",
    ):
        answer = _search(world, document=typed)
        assert set(_verbs(answer)) >= {
            "compose.begin", "compose.seal", "exchange.send", "exchange.sign_for", "exchange.print_original",
        }, typed  # fmt: skip
        assert document.title not in answer.content.decode()
        assert other.pk not in {line.entry.subject_id for line in answer.context["lines"]}


def test_it_is_found_by_the_id_of_whatever_belongs_to_it(printed: tuple[World, Any]) -> None:
    world, delivery = printed
    by_number = _verbs(_search(world, document=delivery.dispatch.document.number))
    for subject in (delivery.pk, delivery.dispatch_id, delivery.dispatch.document_id):
        assert _verbs(_search(world, document=str(subject))) == by_number


def test_the_entries_of_anything_else_are_found_by_its_id(world: World) -> None:
    unit = world.units["市环保局"]
    answer = _search(world, document=str(unit.pk))
    assert _verbs(answer) == ["org.register_unit"]


def test_a_person_is_found_by_name_and_by_account(world: World) -> None:
    clerk = world.sending_clerk
    _write("people.log_in", actor=clerk, mark="own")
    _write("people.log_in", actor=world.clerk["市环保局"], mark="of another")
    _write("people.log_in", mark="of the centre")
    assert _marks(_search(world, person=clerk.name)) == {"own"}
    assert _marks(_search(world, person=clerk.username)) == {"own"}
    assert _marks(_search(world, person=clerk.name[:1])) >= {"own"}
    assert _marks(_search(world, person="系统")) == {"of the centre"}


def test_what_was_done_to_a_person_is_told_apart_from_what_they_did(world: World) -> None:
    clerk = world.sending_clerk
    assert "people.open_account" not in _verbs(_search(world, person=clerk.username))
    assert "people.open_account" in _verbs(_search(world, person=clerk.username, side="about"))


def test_a_persons_card_leads_the_auditor_to_the_log_and_nobody_else(world: World) -> None:
    clerk = world.sending_clerk
    card = f"/access/people/{clerk.pk}/"
    assert f"/log/?person={clerk.username}" in world.browser(auditor(world)).get(card).content.decode()
    other = world.browser(world.holder(Duty.SYSTEM_ADMIN)).get(card)
    assert other.status_code == 200
    assert "/log/" not in other.content.decode()


def test_namesakes_are_listed_with_their_units(world: World) -> None:
    one, other = world.clerk["市环保局"], world.clerk["市卫生局"]
    type(other).objects.filter(pk=other.pk).update(name=one.name)
    text = _search(world, person=one.name).content.decode()
    assert "一起查" in text
    assert f"市环保局，账号 {one.username}" in text
    assert f"市卫生局，账号 {other.username}" in text


def test_a_unit_is_found_by_its_former_name_too(world: World) -> None:
    unit = world.units["市环保局"]
    _write("people.log_in", unit=unit, mark="its own")
    _write("people.log_in", unit=world.units["市卫生局"], mark="another's")
    with command():
        rename_unit(actor=None, unit=unit, name="江门市生态环境局", short_name="市生态环境局", on=date(2008, 7, 1))
    for typed in ("市环保局", "市生态环境局", "江门市生态环境局"):
        answer = _search(world, unit=typed)
        assert _marks(answer) == {"its own"}, typed
    assert "市生态环境局" in _search(world, unit="市环保局").content.decode()


def test_what_a_clock_that_ran_ahead_wrote_hides_no_later_look(world: World) -> None:
    auditor, clerk = world.holder(Duty.AUDITOR), world.sending_clerk
    with clock.fixed_at(clock.now() + timedelta(days=90)), command():
        record(verb="audit.search", actor=auditor, subject=clerk, detail={"person": clerk.name})
    assert not recorded_lately(verb="audit.search", actor=auditor, subject=clerk, since=clock.now())
    note_search(actor=auditor, fields={"person": clerk.name})
    assert Entry.objects.filter(verb="audit.search").count() == 2


def test_all_of_it_together(world: World) -> None:
    clerk, unit = world.sending_clerk, world.units["市环保局"]
    _write("seals.suspend", actor=clerk, unit=unit, mark="it")
    _write("seals.suspend", actor=clerk, unit=world.sender, mark="other unit")
    _write("seals.resume", actor=clerk, unit=unit, mark="other act")
    _write("seals.suspend", NOON - timedelta(days=9), actor=clerk, unit=unit, mark="other day")
    _write("seals.suspend", actor=world.clerk["市环保局"], unit=unit, mark="other person")
    day = {"since": "2026-06-01", "until": "2026-06-02"}
    assert _marks(_search(world, person=clerk.name, unit="市环保局", act="seals.suspend", **day)) == {"it"}
    assert _marks(_search(world, person=clerk.name, unit="市环保局", act="seals", **day)) == {"it", "other act"}


def test_an_entry_is_found_by_its_place_in_the_log(world: World) -> None:
    entry = _write("people.log_in", mark="here")
    sequence()
    place = place_of([entry])[entry.pk] + 1
    assert _marks(_search(world, place=str(place))) == {"here"}
    assert _verbs(_search(world, place=str(place), act="seals")) == []
    assert _verbs(_search(world, place=str(10**12))) == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"person": "没有这个人"}, "没有叫「没有这个人」的人"),
        ({"unit": "没有这个局"}, "没有名称含「没有这个局」的单位"),
        ({"document": "第七号"}, "没有文号是「第七号」的公文"),
    ],
    ids=["person", "unit", "document"],
)
def test_what_is_nothing_here_is_said_and_nothing_is_shown(world: World, query: dict[str, str], said: str) -> None:
    answer = _search(world, **query)
    assert said in answer.content.decode()
    assert _verbs(answer) == []


@pytest.mark.parametrize(
    "query",
    [
        {"place": "0"}, {"place": "eins"}, {"person": "a\u202eb"}, {"document": "x" * 61}, {"side": "other"},
        {"person": "张三", "side": "about", "document": "江府办〔2008〕50号"},
    ],
    ids=["nought", "letters", "unseen", "long", "side", "two things"],
)  # fmt: skip
def test_wrong_input_is_named(world: World, query: dict[str, str]) -> None:
    answer = _search(world, **query)
    assert answer.status_code == 422
    assert "err-msg" in answer.content.decode()


def test_looking_somebody_up_is_an_act_and_turning_pages_is_none(world: World) -> None:
    _search(world, act="seals", since="2026-06-01")
    assert not Entry.objects.filter(verb="audit.search").exists()
    for _ in range(2):
        _search(world, person=world.sending_clerk.name, act="seals")
    entry = Entry.objects.get(verb="audit.search")
    assert entry.detail == {"person": world.sending_clerk.name, "act": "seals"}
    assert entry.actor_id == auditor(world).pk


def _export(world: World, **query: str) -> list[tuple[Any, ...]]:
    browser = world.browser(auditor(world))
    answer = browser.post("/log/export/?" + "&".join(f"{name}={value}" for name, value in query.items()))
    sheet = load_workbook(BytesIO(answer.content)).active
    return list(sheet.iter_rows(values_only=True))


def test_what_was_found_is_taken_along_on_record(world: World) -> None:
    _write("seals.suspend", actor=world.sending_clerk, unit=world.sender, reason="=1+1")
    rows = _export(world, act="seals.suspend", since="2026-06-01")
    assert [row[1:6] for row in rows[1:]] == [
        ("2026-06-02 12:00:00", world.sending_clerk.name, "市府办公室", "暂停使用印章", "原因：=1+1")
    ]
    assert Entry.objects.get(verb="audit.export").detail == {"act": "seals.suspend", "since": "2026-06-01", "count": 1}


def test_a_table_that_is_cut_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_log, "MOST_ROWS", 3)
    for _ in range(4):
        _write("seals.suspend")
    rows = _export(world, act="seals.suspend")
    assert len(rows) == 1 + 3 + 1
    assert "只导出了最近的 3 条" in rows[-1][1]


def test_nobody_else_takes_it_along(world: World) -> None:
    assert world.browser(world.sending_clerk).post("/log/export/").status_code == 403
    assert not Entry.objects.filter(verb="audit.export").exists()
