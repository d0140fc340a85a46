"""Whichever road a search takes to its rows, it finds what reading every title would find."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.world import World
from yichuan.common.ids import new_id
from yichuan.compose import search
from yichuan.compose.outgoing import Wanted as WantedDocuments
from yichuan.compose.outgoing import outgoing
from yichuan.compose.search import Sought
from yichuan.compose.services.index import index_documents
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Delivery
from yichuan.exchange.selectors_search import Wanted, deliveries, dispatches

CHARACTERS = "水利环保交通"
DOCUMENTS, NOT_YET_IN, WITHDRAWN = 60, 3, 2
ROADS = {
    "from the rarest": {"FEW": 1_000},
    "ids in memory": {"FEW": 0, "OFTEN": 101},
    "each row": {"FEW": 0, "OFTEN": 0},
    "as it comes": {"FEW": 12, "LATELY": 40, "OFTEN": 60},
}


@pytest.fixture
def titles(world: World) -> dict[Any, str]:
    """Sixty documents sent to one unit, by their ids; some are not in the search yet, and some of those withdrawn."""
    drawn = random.Random(5)  # noqa: S311 - the same titles each run
    sent = Delivery.objects.get(pk=world.delivery().pk)
    found = {sent.dispatch.document_id: sent.dispatch.document.title}
    for at in range(DOCUMENTS):
        document, dispatch, delivery = sent.dispatch.document, sent.dispatch, sent
        document.pk, dispatch.pk, delivery.pk, dispatch.idempotency_key = (new_id() for _ in range(4))
        document.title = "".join(drawn.choices(CHARACTERS, k=drawn.randrange(1, 7)))
        document.number = f"江府办〔2009〕{at + 1}号"
        document.state, document.indexed_at = DocumentState.SENT, None
        dispatch.document, delivery.dispatch = document, dispatch
        if at == DOCUMENTS - NOT_YET_IN:
            index_documents()
        if at >= DOCUMENTS - WITHDRAWN:
            document.state = DocumentState.WITHDRAWN
        for row in (document, dispatch, delivery):
            row._state.adding = True
            row.save(force_insert=True)
        found[document.pk] = document.title
    return found


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked=st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=4))
def test_what_a_search_leaves_is_what_reading_every_title_finds(
    world: World, titles: dict[Any, str], asked: str, road: dict[str, int]
) -> None:
    there = {pk for pk, title in titles.items() if asked in title}
    sought = Sought(title=asked)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in road.items():
            patch.setattr(search, name, value)
        inbox = deliveries(world.units["市环保局"].pk, None, Wanted(sought)).rows.select_related("dispatch__document")
        sent = dispatches(world.sender.pk, Wanted(sought)).rows.select_related("document")
        own = outgoing(world.sender.pk, WantedDocuments(sought))
        candidates = [[each.dispatch.document for each in inbox], [each.document for each in sent], list(own)]
    for found in candidates:
        assert {each.pk for each in found if sought.fits(each)} == there
        assert len(found) == len({each.pk for each in found})
