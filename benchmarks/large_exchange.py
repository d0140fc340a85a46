"""Years of exchange put straight into PostgreSQL's tables: documents, dispatches, deliveries and the words they are
found by. Services would make the same rows one by one; here only the reading of them is measured.

Every document went from one unit to all others; the first unit sent half of them. Their bodies do not exist: what is
read of a body is measured with documents that were really made.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TITLES = 1_000
WORDS, WORDS_A_TEXT = 3_000, 200
"""Keyed pairs of the texts: how many there are, and how many a document draws, the common ones more often."""
A_YEAR = 22_000
"""So many documents a year, so that numbers look like numbers."""
TABLES = ("exchange_delivery", "exchange_dispatch", "compose_document", "compose_searchterm")

V7 = """
CREATE OR REPLACE FUNCTION bench_id(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid $$
"""
DOCUMENTS = """
CREATE TEMP TABLE bench_new AS
SELECT n, now() - ((%(all)s - n) || ' minutes')::interval AS at, bench_id(now() - interval '1 day') AS dispatch,
       CASE WHEN n %% 2 = 0 THEN 1 ELSE 2 + n %% %(others)s END AS sender,
       2000 + n / %(year)s AS year, n %% %(year)s + 1 AS place, n %% %(titles)s AS title
FROM generate_series(%(first)s, %(all)s - 1) AS n;
ALTER TABLE bench_new ADD id uuid;
UPDATE bench_new SET id = bench_id(at), dispatch = bench_id(at);
INSERT INTO compose_document (id, unit_id, box_id, author_id, state, source, title, number, kind, urgency, wrapped_key,
                              content, body, body_digest, pages, seal_places, unsealed, indexed_at,
                              created_at, changed_at)
SELECT d.id, u.unit, u.box, %(author)s, 'sent', 'typeset', t.sealed, '江府办〔' || d.year || '〕' || d.place || '号',
       '通知', '', decode(repeat('ab', 60), 'hex'), '', repeat('0', 64), md5(d.id::text) || md5(d.id::text), 5, '[]',
       '', d.at, d.at, d.at
FROM bench_new d JOIN bench_units u ON u.n = d.sender JOIN bench_titles t ON t.n = d.title;
INSERT INTO exchange_dispatch (id, document_id, unit_id, sender_id, sent_by_id, sent_at, counted_day, idempotency_key,
                               request_digest, attachments_digest, without_call, withdrawn_reason, paper_open)
SELECT d.dispatch, d.id, u.unit, u.name, %(author)s, d.at, d.at::date, gen_random_uuid(), '', '', false, '', false
FROM bench_new d JOIN bench_units u ON u.n = d.sender
"""
DELIVERIES = """
INSERT INTO exchange_delivery (id, dispatch_id, unit_id, box_id, addressee_id, addressee_office, role, "order",
                               allowance, printed, wrapped_key, state, arrived_at, signed_for_at, signed_for_by_id,
                               received_at, return_reason, paper_open, note)
SELECT bench_id(d.at), d.dispatch, u.unit, u.box, u.name, '', 'main', u.n, 1, 0,
       decode(repeat('cd', 60), 'hex'), s.state, d.at,
       CASE WHEN s.state <> 'delivered' THEN d.at + interval '1 hour' END,
       CASE WHEN s.state <> 'delivered' THEN %(author)s::uuid END,
       CASE WHEN s.state = 'received' THEN d.at + interval '2 hours' END, '', false, ''
FROM bench_new d JOIN bench_units u ON u.n <> d.sender
CROSS JOIN LATERAL (SELECT CASE
    WHEN d.n > %(all)s - 200 AND (d.n + u.n) %% 2 = 0 THEN 'delivered'
    WHEN (d.n + u.n) %% 50 = 0 THEN 'signed_for' ELSE 'received' END AS state) s
"""
TERMS = """
INSERT INTO compose_searchterm (document_id, place, term)
SELECT d.id, t.place, t.term FROM bench_new d JOIN bench_title_terms t ON t.n = d.title;
INSERT INTO compose_searchterm (document_id, place, term)
SELECT DISTINCT d.id, 4, f.term FROM bench_new d
JOIN bench_figures f ON f.said IN ('', d.year::text, d.place::text);
INSERT INTO compose_searchterm (document_id, place, term)
SELECT DISTINCT d.id, 3, w.term FROM bench_new d
CROSS JOIN LATERAL (SELECT floor(%(words)s * power(random(), 2))::int AS n
                    FROM generate_series(1, %(a_text)s) WHERE d.n >= 0) drawn
JOIN bench_words w ON w.n = drawn.n
"""


def begin(units: Any, author: Any) -> None:
    """Lay out what the years are drawn from: units with their boxes and names, titles, pairs of characters."""
    from django.db import connection

    from yichuan.compose.models import SearchTerm
    from yichuan.compose.services.index import term_of
    from yichuan.compose.words import initials, number_terms, pairs, pairs_and_singles, plain
    from yichuan.keys.services.search_key import search_key
    from yichuan.org.models import Box, UnitName

    key, place = search_key(), SearchTerm.Place
    boxes = dict(Box.objects.filter(unit__in=units, office=None).values_list("unit_id", "pk"))
    names = dict(UnitName.objects.filter(unit__in=units).values_list("unit_id", "pk"))
    titles = [_title(number) for number in range(TITLES)]
    title_terms = [
        (number, int(where), term_of(key, where, part))
        for number, title in enumerate(titles)
        for where, parts in (
            (place.TITLE, pairs_and_singles(plain(title))),
            (place.INITIALS, pairs_and_singles(initials(title))),
            (place.TEXT, pairs(plain(title))),
        )
        for part in parts
    ]
    always = number_terms("江府办〔〕号")
    figures = [("", term_of(key, place.NUMBER, part)) for part in always]
    figures += [(str(number), term_of(key, place.NUMBER, str(number))) for number in range(1, A_YEAR + 2)]
    drawn = random.Random(7)  # noqa: S311 - the same words each run
    words = [(number, drawn.randrange(-(2**63), 2**63)) for number in range(WORDS)]
    sealed = _sealed_titles(titles)
    rows = {
        "bench_units (n int, unit uuid, box uuid, name bigint)": [
            (number, unit.pk, boxes[unit.pk], names[unit.pk]) for number, unit in enumerate(units, start=1)
        ],
        "bench_titles (n int, sealed bytea)": list(enumerate(sealed)),
        "bench_title_terms (n int, place int, term bigint)": title_terms,
        "bench_figures (said text, term bigint)": figures,
        "bench_words (n int, term bigint)": words,
    }
    with connection.cursor() as cursor:
        cursor.execute(V7)
        for table, values in rows.items():
            cursor.execute(f"CREATE TEMP TABLE {table}")
            name = table.split(" ", 1)[0]
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)


def grow(first: int, documents: int, units: int, author: Any) -> None:
    """Go on from `first` documents to `documents`, each delivered to all other units; indexes are made again after."""
    from django.db import connection, transaction

    given = {
        "first": first, "all": documents, "others": units - 1, "year": A_YEAR, "titles": TITLES, "words": WORDS,
        "a_text": WORDS_A_TEXT, "author": author.pk,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the rows are right by the way they are made
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL synchronous_commit = off")
        with _without_indexes(cursor):
            for part in (DOCUMENTS, DELIVERIES, TERMS):
                for statement in part.split(";\n"):
                    cursor.execute(statement, given)
        cursor.execute("DROP TABLE bench_new")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _without_indexes(cursor: Any) -> Iterator[None]:
    """Filling an index row by row takes ten times as long as making it in the end."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))",
        [list(TABLES)],
    )
    made = cursor.fetchall()
    for name, _ in made:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in made:
        cursor.execute(definition)


def _title(number: int) -> str:
    from benchmarks.large_centre import MATTERS, PLACES

    place, matter = PLACES[number % len(PLACES)], MATTERS[number // 7 % len(MATTERS)]
    return f"关于做好{place}市第{number}批{matter}专项检查工作的通知"


def _sealed_titles(titles: list[str]) -> list[bytes]:
    from yichuan.keys.services.texts import seal_text

    return [seal_text(title, "compose.document.title") for title in titles]
