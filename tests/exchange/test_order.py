"""What waits longest comes first, and lists are narrowed by any of a unit's names."""

import pytest

from support.world import World
from yichuan.compose.search import Sought
from yichuan.exchange.selectors import inbox, next_unsigned, unsigned
from yichuan.exchange.selectors_search import Wanted, dispatches
from yichuan.exchange.services.sign_for import sign_for


def test_the_oldest_that_is_not_signed_for_is_the_next_one(world: World) -> None:
    first, second, third = (world.delivery() for _ in range(3))
    unit = world.units["市环保局"]
    assert unsigned(unit.pk) == [first, second, third]
    assert next_unsigned(third) == first
    assert next_unsigned(first) == second
    sign_for(actor=world.clerk["市环保局"], delivery_id=first.pk)
    assert next_unsigned(third) == second
    strip = world.browser(world.clerk["市环保局"]).get("/arrive/").content.decode()
    assert f"/deliveries/{second.pk}/" in strip
    assert third.dispatch.document.number in strip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("市府办", 1),
        ("江门市人民政府办公室", 1),
        ("人民政府", 1),
        ("shifu", 1),
        ("SFB", 1),
        ("市卫生局", 0),
        ("x%_", 0),
    ],
)
def test_a_sender_is_found_by_short_name_full_name_and_pinyin(world: World, typed: str, found: int) -> None:
    delivery = world.delivery()
    assert len(inbox(delivery.unit_id, sender=typed)) == found


def test_a_dispatch_is_found_by_a_part_of_its_number(world: World) -> None:
    first, _ = world.delivery(), world.delivery()
    number = first.dispatch.document.number or ""
    assert list(dispatches(world.sender.pk, Wanted(Sought(number=number[-4:]))).rows) == [first.dispatch]
