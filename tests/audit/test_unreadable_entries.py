"""An entry that somebody filled with bytes is named on the auditor's pages, which show all the others."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection

from support.auditor import auditor
from support.batches import planned
from support.log import acts, fill_with_bytes, spoil
from support.systems import system_of
from support.world import World
from yichuan.audit.models import Entry, LogCheck
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log

SAID = "这条记录读不出来"
SPOILED = {"no letters": spoil, "bytes": fill_with_bytes}


@pytest.fixture
def entries(world: World) -> list[Entry]:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    made = acts(3)
    catch_up()
    return made


def _page(world: World, address: str, **headers: str) -> str:
    answer: Any = world.browser(auditor(world)).get(address, **headers)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.parametrize("column", ["verb", "actor_name", "subject_kind", "detail", "at", "uid"])
@pytest.mark.parametrize("how", SPOILED)
def test_the_list_names_it_and_shows_the_others(world: World, entries: list[Entry], column: str, how: str) -> None:
    before, strange, behind = entries
    SPOILED[how](strange.pk, column)
    page = _page(world, "/log/?act=people" if column == "at" else "/log/")  # what has no time is of no day
    assert page.count(SAID) == 1 and f'行号 <span class="num">{strange.pk}</span>' in page
    assert all(f"/log/entries/{each.uid}/" in page for each in (before, behind))
    assert '请<a href="/log/checks/">核验日志</a>' in page


def test_its_own_page_says_what_to_do(world: World, entries: list[Entry]) -> None:
    spoil(entries[1].pk, "actor_name")
    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        page = _page(world, f"/log/entries/{entries[1].uid}/", **headers)
        assert SAID in page and "请立即运行「核验全部日志」" in page and f">{entries[1].pk}</dd>" in page
        assert ("<html" in page) is not bool(headers)


@pytest.mark.parametrize("column", ["detail", "at"])
def test_a_search_that_finds_it_names_it_too(world: World, entries: list[Entry], column: str) -> None:
    spoil(entries[1].pk, column)
    assert SAID in _page(world, f"/log/?place={Entry.objects.filter(pk__lte=entries[1].pk).count()}")
    assert SAID in _page(world, "/log/?act=people.log_in")


@pytest.mark.parametrize("column", ["verb", "actor_name", "subject_kind", "detail", "at", "uid"])
@pytest.mark.parametrize("how", SPOILED)
def test_both_sides_go_on_working_with_the_document_it_is_about(world: World, column: str, how: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    delivery = world.signed_for()
    entry = Entry.objects.get(verb="exchange.send")
    SPOILED[how](entry.pk, column)
    sender, receiver = world.browser(world.sending_clerk), world.browser(world.clerk["市环保局"])
    board = f"/sent/{delivery.dispatch_id}/{delivery.pk}/"
    reads = [(sender, f"/documents/{delivery.dispatch.document_id}/", 1), (sender, board, 0)]
    for client, address, named in [*reads, (receiver, f"/deliveries/{delivery.pk}/", 1)]:
        answer: Any = client.get(address)
        assert answer.status_code == 200, address
        assert answer.content.decode().count(f"{SAID}，请告知系统审计员核验日志") == named, address


def test_a_look_that_cannot_be_read_is_none_and_the_next_is_on_record(world: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    delivery, client = world.signed_for(), world.browser(world.clerk["市环保局"])

    def looks() -> int:
        assert client.get(f"/deliveries/{delivery.pk}/").status_code == 200
        return Entry.objects.filter(verb="exchange.look").count()

    assert [looks(), looks()] == [1, 1]
    fill_with_bytes(Entry.objects.get(verb="exchange.look").pk, "detail")
    assert looks() == 2


@pytest.mark.parametrize("column", ["at", "subject_id"])
@pytest.mark.parametrize("how", SPOILED)
def test_an_office_system_is_told_of_all_that_lies_in_its_box(world: World, column: str, how: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    deliveries = [world.signed_for(), world.signed_for()]
    SPOILED[how](Entry.objects.filter(verb="exchange.sign_for").order_by("at").values_list("pk", flat=True)[0], column)
    system = system_of(world, "市环保局")
    assert {each["id"] for each in system.get("/deliveries").json()["items"]} == {str(each.pk) for each in deliveries}


@pytest.mark.parametrize("column", ["detail", "at", "actor_name"])
@pytest.mark.parametrize("how", SPOILED)
def test_the_course_of_a_batch_names_it(world: World, column: str, how: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes in no such text")
    operator = planned(world).operator
    SPOILED[how](Entry.objects.get(verb="changes.plan_batch").pk, column)
    answer: Any = world.browser(operator).get("/applications/batches/1/plan/")
    assert answer.status_code == 200 and f"{SAID}，请告知系统审计员核验日志" in answer.content.decode()


def test_it_stands_in_the_table_that_is_taken_along(world: World, entries: list[Entry]) -> None:
    spoil(entries[1].pk, "detail")
    answer: Any = world.browser(auditor(world)).post("/log/export/")
    with ZipFile(BytesIO(b"".join(answer) if answer.streaming else answer.content)) as book:
        text = b"".join(book.read(name) for name in book.namelist()).decode(errors="ignore")
    assert SAID in text and f"行号：{entries[1].pk}" in text


def test_a_check_that_found_it_can_be_opened(world: World, entries: list[Entry]) -> None:
    spoil(entries[1].pk, "uid")
    faults = [{"kind": each.kind, "entry": each.entry, "sentence": "改动"} for each in verify_log().faults]
    assert [each["entry"] for each in faults] == [entries[1].pk]
    check = LogCheck.objects.create(asked_at=entries[0].at, state=LogCheck.State.DONE, faults=faults)
    assert "改动" in _page(world, f"/log/checks/{check.pk}/")
