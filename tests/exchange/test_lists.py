"""Lists of what was sent: counted for what a page shows, never for all that was ever sent."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.world import World
from yichuan.exchange.selectors import dispatches_of, with_progress
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for


def test_each_dispatch_says_how_many_stand_where(world: World) -> None:
    first, second = world.sent("市环保局", "市卫生局", "市建设局"), world.sent("市规划局")
    sign_for(actor=world.clerk["市环保局"], delivery_id=first.deliveries.get(unit=world.units["市环保局"]).pk)
    delivery = first.deliveries.get(unit=world.units["市卫生局"])
    return_delivery(actor=world.clerk["市卫生局"], delivery_id=delivery.pk, reason="附件没有收到")
    shown = with_progress(dispatches_of(world.sender.pk))
    found = [(each.pk, each.total, each.received, each.signed, each.returned) for each in shown]
    assert found == [(second.pk, 1, 0, 0, 0), (first.pk, 3, 0, 1, 1)]


def test_a_page_of_dispatches_takes_two_queries_however_many_there_are(world: World) -> None:
    for _ in range(3):
        world.sent("市环保局")
    with CaptureQueriesContext(connection) as queries:
        assert len(with_progress(dispatches_of(world.sender.pk)[:2])) == 2
    assert len(queries) == 2
    assert "LIMIT 2" in queries[0]["sql"]
