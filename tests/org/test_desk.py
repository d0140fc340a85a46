"""A person with posts in several units and offices sees of each what the post there opens (P3, J-15, G-35)."""

import pytest
from django.test import Client

from support.offices import an_office, of_office, put_into
from support.world import World
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.selectors import Desk, desks_of
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account


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


def test_a_person_of_the_registry_and_of_an_office_has_two_desks(world: World) -> None:
    office = an_office(world)
    put_into(office, Duty.RECEIVER, world.sending_clerk)
    desks = desks_of(Account.objects.get(pk=world.sending_clerk.pk))
    assert [desk.label for desk in desks] == ["市府办公室", "市府办公室秘书科"]
    assert [desk.office_id for desk in desks] == [None, office.pk]


def test_the_desk_of_the_page_is_the_chosen_one(world: World) -> None:
    office = an_office(world)
    put_into(office, Duty.RECEIVER, world.sending_clerk)
    browser = world.browser(world.sending_clerk)
    assert browser.get("/").wsgi_request.office is None
    browser.post("/unit/", {"unit": str(office.pk)})
    request = browser.get("/").wsgi_request
    assert (request.unit, request.office, request.desk.key) == (world.sender, office, str(office.pk))


def test_at_the_desk_of_an_office_the_registrys_pages_are_closed(world: World) -> None:
    office = an_office(world)
    put_into(office, Duty.RECEIVER, world.sending_clerk)
    browser = world.browser(world.sending_clerk)
    assert browser.get("/sent/").status_code == 200
    browser.post("/unit/", {"unit": str(office.pk)})
    assert browser.get("/sent/").status_code == 403, "a receiver of an office tracks nothing"
    assert browser.get("/inbox/").status_code == 200


def test_an_office_opens_its_own_things_and_not_the_registrys(world: World) -> None:
    office, other = an_office(world), an_office(world, "综合科")
    receiver = of_office(office, Duty.RECEIVER, "receiver-1")
    registry, own, beside = Desk(world.sender), Desk(world.sender, office), Desk(world.sender, other)
    assert [receiver.has_perm("exchange.sign_for", desk) for desk in (registry, own, beside)] == [False, True, False]
