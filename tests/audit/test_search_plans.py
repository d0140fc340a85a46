"""What a search of the log costs the database: one index in the order of time, whatever is asked."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.auditor import auditor
from support.world import World
from yichuan.audit import selectors_search
from yichuan.audit.models import Entry
from yichuan.audit.selectors_search import Place, Wanted, found, verbs_of
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import command

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


def _write(verb: str, at: datetime, actor: Any = None) -> Entry:
    with clock.fixed_at(at), command():
        return record(verb=verb, actor=actor)


@pytest.mark.parametrize(("namesakes", "pieces"), [(0, 3), (1, 5)])
def test_what_no_index_narrows_is_looked_for_piece_by_piece(
    world: World, monkeypatch: pytest.MonkeyPatch, namesakes: int, pieces: int
) -> None:
    monkeypatch.setattr(selectors_search, "SCANNED", 10)
    clerk = world.sending_clerk
    _write("seals.suspend", NOON - timedelta(hours=1), actor=clerk)
    for minute in range(25):
        _write("people.log_in", NOON + timedelta(minutes=minute), actor=clerk)
    others = tuple(uuid.UUID(int=each) for each in range(namesakes))
    wanted = Wanted(actors=(clerk.pk, *others), verbs=("seals.suspend",), begin=NOON - timedelta(days=1))
    pages, older = [], None
    while not pages or older:
        page = found(wanted, older)
        pages.append(page)
        older = page.older
    assert len(pages) == pieces
    assert pages[0].looked_to is not None
    assert [entry.verb for page in pages for entry in page.entries] == ["seals.suspend"]
    asked = {"person": clerk.name, "act": "seals.suspend", "since": "2026-06-01"}
    shown = world.browser(auditor(world)).get("/log/", asked).content.decode()
    assert "继续往前查" in shown


MANY = """
INSERT INTO audit_entry (uid, at, verb, actor_id, actor_name, unit_id, subject_kind, subject_id, detail)
SELECT {uid}, {at}, 'some.act_' || (n % 53), {id_of_person}, '', {id_of_unit}, '', {uid}, '{{}}' FROM {numbers}
"""
POSTGRESQL = MANY.format(
    uid="gen_random_uuid()",
    at="timestamptz '2020-01-01' + n * interval '1 minute'",
    id_of_person="md5((n % 997)::text)::uuid",
    id_of_unit="md5((n % 97)::text)::uuid",
    numbers="generate_series(1, 20000) AS n",
)
SQLITE = MANY.format(
    uid="lower(hex(randomblob(16)))",
    at="datetime('2020-01-01', '+' || n || ' minutes')",
    id_of_person="printf('%032x', n % 997)",
    id_of_unit="printf('%032x', n % 97)",
    numbers="(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT n FROM c)",
)


@pytest.fixture
def many(db: None) -> Iterator[None]:
    """So many entries that reading all of them is not the shortest way, and the database knows it."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
        cursor.execute("ANALYZE audit_entry")
    yield


def _plans(wanted: Wanted, older: Place | None) -> str:
    with CaptureQueriesContext(connection) as queries:
        found(wanted, older)
    with connection.cursor() as cursor:
        said = []
        for query in queries.captured_queries:
            explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{explain} {query['sql']}")
            said += [str(line[-1]) for line in cursor.fetchall()]
    return "\n".join(said)


PAST = datetime(2020, 1, 2, tzinfo=UTC)
ONE, OTHER = uuid.UUID(int=5), uuid.UUID(int=6)
ASKED = {
    "nothing": (Wanted(), "audit_entry_at"),
    "days": (Wanted(begin=NOON, end=NOON + timedelta(days=1)), "audit_entry_at"),
    "person": (Wanted(actors=(ONE,)), "audit_entry_actor"),
    "namesakes": (Wanted(actors=(ONE, OTHER, None)), "audit_entry_actor"),
    "unit": (Wanted(units=(ONE,)), "audit_entry_unit"),
    "act": (Wanted(verbs=("seals.suspend",)), "audit_entry_verb"),
    "subject": (Wanted(about=(ONE,)), "audit_entry_subject"),
    "document": (Wanted(about=(ONE, OTHER), begin=PAST), "audit_entry_subject"),
    "place": (Wanted(place=7, verbs=("seals.suspend",)), "audit_leaf"),
    "person and act": (Wanted(actors=(ONE,), verbs=("seals.suspend",)), "audit_entry_"),
    "unit and act and days": (Wanted(units=(ONE,), verbs=("seals.suspend",), end=NOON), "audit_entry_"),
    "all": (Wanted(begin=NOON, actors=(ONE,), units=(ONE,), about=(ONE,), verbs=("seals.suspend",)), "audit_entry_"),
}


def test_whatever_is_asked_goes_by_an_index(many: None) -> None:
    for asked, (wanted, index) in ASKED.items():
        for older in (None, Place(NOON, 9)):
            plan = _plans(wanted, older)
            assert index in plan, (asked, plan)
            assert "Seq Scan on audit_entry" not in plan, (asked, plan)
            whole = [line for line in plan.splitlines() if line.startswith("SCAN audit_entry") and "INDEX" not in line]
            assert whole == [], (asked, plan)


def test_a_room_is_asked_for_in_one_statement_and_gives_its_acts_in_the_order_of_time(world: World) -> None:
    verbs = verbs_of("exchange")
    assert verbs is not None and len(verbs) > 20
    for minute in range(60):
        _write(verbs[minute % 20], NOON + timedelta(minutes=minute))
        _write("people.log_in", NOON + timedelta(minutes=minute))
    with CaptureQueriesContext(connection) as asked:
        page = found(Wanted(verbs=verbs, begin=NOON))
    assert len(asked) == 2, "which they are, and the entries"
    order = [NOON + timedelta(minutes=minute) for minute in range(59, 9, -1)]
    assert [entry.at for entry in page.entries] == order
    rest = found(Wanted(verbs=verbs, begin=NOON), page.older)
    assert [entry.at for entry in rest.entries] == [NOON + timedelta(minutes=minute) for minute in range(9, -1, -1)]
