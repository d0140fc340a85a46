"""A person with posts in two units sees of each what the post there opens (P3, J-15)."""

import pytest
from django.test import Client

from support.world import World
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.services.appoint import appoint


@pytest.fixture
def both(world: World) -> Client:
    """Custodian in 市卫生局, clerk in 市建设局: 市卫生局 comes first."""
    clerk = world.clerk["市建设局"]
    with command():
        appoint(actor=None, account=clerk, unit=world.units["市卫生局"], duty=Duty.CUSTODIAN)
    world.sent("市卫生局", "市建设局")
    return world.browser(clerk)


def test_the_list_of_a_unit_is_shown_by_a_post_there_alone(world: World, both: Client) -> None:
    for address in ("/inbox/", "/sent/"):
        assert both.get(address).status_code == 403, address
    both.post("/unit/", {"unit": str(world.units["市建设局"].pk)})
    page = both.get("/inbox/")
    assert page.status_code == 200
    assert "市府办公室" in page.content.decode()
    assert both.get("/seals/").status_code == 403


def test_the_menu_offers_the_other_unit(world: World, both: Client) -> None:
    page = both.get("/").content.decode()
    assert "转到市建设局" in page
    both.post("/unit/", {"unit": str(world.units["市建设局"].pk)})
    assert "转到市卫生局" in both.get("/").content.decode()


def test_a_unit_without_a_post_is_not_chosen(world: World, both: Client) -> None:
    assert both.post("/unit/", {"unit": str(world.units["市规划局"].pk)}).status_code == 404
    assert both.post("/unit/", {"unit": "nonsense"}).status_code == 404
