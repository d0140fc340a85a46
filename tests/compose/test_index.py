"""Putting sent documents into the search: once, whole, under a key, and never in the clear."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.making import scanned
from support.search import delivered, titled
from support.world import BODY_SENTENCE, TITLE, World, alter_blob, broken_device, small_gongwen
from yichuan.common.errors import Unavailable
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document, SearchTerm
from yichuan.compose.search import Holders, Sought, holders
from yichuan.compose.services import index
from yichuan.compose.services.index import index_documents
from yichuan.compose.services.save import begin
from yichuan.compose.words import plain
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.send import Recipient, send
from yichuan.keys.models import WrappedKey
from yichuan.keys.services import search_key as keys

LONG = "关于印发江门市《节能减排》统计监测办法（试行）的通知2009"


def found(**asked: str) -> list[Document]:
    held = holders(Sought(**asked).terms())
    assert held.seldom
    return list(Document.objects.filter(held.among("pk")).order_by("created_at"))


def found_by(**asked: str) -> int:
    return len(found(**asked))


def test_number_title_initials_and_text_are_found(world: World) -> None:
    delivery = world.delivery()
    assert index_documents() == 1
    number = delivery.dispatch.document.number or ""
    asked = ({"number": number}, {"title": TITLE}, {"title": "gytzsz"}, {"text": BODY_SENTENCE}, {"text": number})
    assert [found_by(**each) for each in asked] == [1] * len(asked)
    assert [found_by(**each) for each in ({"number": "47"}, {"title": "印发"}, {"text": "九月底前"})] == [0, 0, 0]


def test_what_was_not_sent_yet_is_not_put_in(world: World) -> None:
    world.sealed()
    assert index_documents() == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_every_part_of_a_title_is_found_and_nothing_else(indexed: Document, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(LONG) - 2))
    part = LONG[start : data.draw(st.integers(start + 2, len(LONG)))]
    if plain(part):
        assert found(title=part) == [indexed]
        assert Sought(title=part).fits(indexed)
    other = data.draw(st.text(st.sampled_from("统计监测办法年报汇总"), min_size=2, max_size=6))
    if other not in LONG:
        assert not Sought(title=other).fits(indexed)


@pytest.fixture
def indexed(world: World) -> Document:
    document = delivered(world, LONG).dispatch.document
    index_documents()
    return document


def test_put_in_twice_nothing_stands_twice(world: World) -> None:
    world.delivery()
    index_documents()
    before = SearchTerm.objects.count()
    Document.objects.update(indexed_at=None)
    assert index_documents() == 1
    assert SearchTerm.objects.count() == before


def test_killed_half_way_nothing_half_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = world.delivery().dispatch.document

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(index.clock, "now", killed)  # after the terms are written, before the document is marked
        with pytest.raises(KeyboardInterrupt):
            index_documents()
    document.refresh_from_db()
    assert (document.indexed_at, SearchTerm.objects.count()) == (None, 0)
    assert index_documents() == 1


def test_two_that_work_at_once_put_it_in_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    document = world.delivery().dispatch.document
    read: Callable[[Document], str] = index.body_text

    def meanwhile(found: Document) -> str:
        monkeypatch.setattr(index, "body_text", read)
        assert index_documents() == 1
        return read(found)

    monkeypatch.setattr(index, "body_text", meanwhile)
    assert index_documents() == 0
    document.refresh_from_db()
    assert document.indexed_at is not None


def test_a_device_that_does_not_answer_leaves_all_for_later(world: World) -> None:
    world.delivery()
    with broken_device("unwrap"), pytest.raises(Unavailable):
        index_documents()
    assert not SearchTerm.objects.exists()
    assert index_documents() == 1


def test_a_body_that_cannot_be_read_keeps_nobody_waiting(world: World) -> None:
    delivery = world.delivery()
    alter_blob(delivery.dispatch.document.body)
    assert index_documents() == 1
    assert (found_by(title=TITLE), found_by(text=BODY_SENTENCE)) == (1, 0)


def test_the_table_says_nothing_without_the_key(world: World) -> None:
    delivered(world, LONG)
    index_documents()
    with connection.cursor() as cursor:
        cursor.execute("SELECT term FROM compose_searchterm")
        kept = {row[0] for row in cursor.fetchall()}
    other = {index.term_of(b"another key of 16", 1, pair) for pair in ("关于", "节能", "减排")}
    assert not kept & other
    assert kept & {index.term_of(keys.search_key(), 1, pair) for pair in ("关于", "节能", "减排")}


def test_the_key_is_made_once_and_rests_wrapped(world: World) -> None:
    assert keys.search_key() == keys.search_key()
    row = WrappedKey.objects.get(label=keys.LABEL)
    assert keys.search_key() not in bytes(row.wrapped)


def test_titles_that_are_not_in_the_search_yet_are_opened(world: World) -> None:
    draft = titled(world, LONG)
    assert Sought(title="减排统计").fits(draft)
    assert not Sought(title="减排办法").fits(draft)


def test_a_scan_is_found_by_the_text_that_travels_beside_it(world: World, settings: Any) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    clerk = world.clerk["市卫生局"]
    fields = from_gongwen(small_gongwen("江卫〔2008〕5号"), kind="通知")
    draft = begin(actor=clerk, unit=world.units["市卫生局"], fields=fields)
    to = [Recipient(world.units["市环保局"].pk, Delivery.Role.MAIN, 2)]
    send(actor=clerk, document=scanned(world, draft, "市卫生局"), recipients=to, idempotency_key=uuid.uuid4())
    index_documents()
    assert [found_by(text=each) for each in ("七月底前报送", BODY_SENTENCE)] == [1, 0]
    answer = world.browser(world.clerk["市环保局"]).get("/inbox/", {"text": "七月底前报送"})
    assert "<mark>七月底前报送</mark>" in answer.content.decode()


def test_a_search_begins_with_what_is_rarest_and_leaves_out_what_stands_everywhere(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seldom, often, everywhere = (1, 7), (1, 8), (1, 9)
    documents = [world.delivery().dispatch.document for _ in range(4)]
    held = {seldom: documents[-1:], often: documents[-2:], everywhere: documents}
    SearchTerm.objects.bulk_create(
        SearchTerm(document=each, place=place, term=term) for (place, term), holders in held.items() for each in holders
    )
    monkeypatch.setattr("yichuan.compose.search.LATELY", 3)
    monkeypatch.setattr("yichuan.compose.search.OFTEN", 70)  # of the latest three documents: all three
    monkeypatch.setattr("yichuan.compose.search.FEW", 2)
    assert holders([everywhere, often, seldom]) == Holders((seldom, often, everywhere), seldom=1, often=False)
    assert holders([everywhere, often]) == Holders((often,), seldom=0, often=False)
    assert holders([everywhere]) == Holders((everywhere,), seldom=0, often=True)


def test_what_was_withdrawn_before_it_was_put_in_is_put_in_too(world: World) -> None:
    document = world.delivery().dispatch.document
    Document.objects.filter(pk=document.pk).update(state="withdrawn")
    assert index_documents() == 1
    assert found_by(title=TITLE) == 1
