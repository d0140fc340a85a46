"""Looking at a delivered document: on record, once an hour a person, whichever address it is seen through."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from support.world import PASSWORD, World
from yichuan.audit.models import Entry
from yichuan.common import clock


def _looks() -> int:
    return Entry.objects.filter(verb="exchange.look").count()


def _client(username: str) -> Client:
    client = Client()
    client.post("/login/", {"username": username, "password": PASSWORD})
    return client


def test_a_page_fetched_by_its_own_address_is_recorded(world: World) -> None:
    delivery = world.delivery("市环保局")
    assert _client("clerk-2").get(f"/deliveries/{delivery.pk}/pages/1.svg").status_code == 200
    entry = Entry.objects.get(verb="exchange.look")
    assert (entry.subject_id, entry.actor_name) == (delivery.pk, "文市环保局")


def test_looking_on_is_not_recorded_again_within_the_hour(world: World) -> None:
    delivery = world.delivery("市环保局")
    client = _client("clerk-2")
    for address in ("", "pages/1.svg", "pages/2.svg", ""):
        client.get(f"/deliveries/{delivery.pk}/{address}")
    assert _looks() == 1
    with clock.fixed_at(timezone.now() + timedelta(hours=2)):
        _client("clerk-2").get(f"/deliveries/{delivery.pk}/")
    assert _looks() == 2


def test_somebody_elses_look_is_another_entry(world: World) -> None:
    delivery = world.delivery("市环保局")
    _client("clerk-2").get(f"/deliveries/{delivery.pk}/")
    _client("clerk-1").get(f"/deliveries/{delivery.pk}/")
    assert _looks() == 1  # another unit's clerk saw nothing
