"""待办 around seals: each party finds its own step, nobody another's."""

import pytest
from django.urls import reverse

from support.ceremonies import approved, session
from support.custody import kept
from support.seal_life import Life
from support.seal_life import life as name_parties
from support.world import World
from yichuan.people.models import Account


@pytest.fixture
def life(world: World) -> Life:
    return name_parties(world)


def _finds(life: Life, *people: Account, url: str) -> None:
    parties = (life.custodian, life.second, life.leader, life.supervisor, life.operator, life.clerk)
    found = {each.pk for each in parties if url in life.world.browser(each).get("/").content.decode()}
    assert found == {each.pk for each in people}


def test_an_imprint_waits_for_the_leader(life: Life) -> None:
    imprint = life.imprint(approved=False)
    _finds(life, life.leader, url=reverse("seals:imprint", args=[imprint.pk]))


def test_an_application_waits_for_one_after_the_other(life: Life) -> None:
    _finds(life, life.custodian, life.second, url=reverse("seals:application", args=[life.draft().pk]))
    _finds(life, life.leader, url=reverse("seals:application", args=[life.proposed().pk]))
    _finds(life, life.supervisor, url=reverse("seals:application", args=[life.signed().pk]))
    _finds(life, life.operator, url=reverse("seals:application", args=[life.approved().pk]))


def test_a_session_waits_for_its_three_parties_then_the_other_part_for_its_holder(life: Life) -> None:
    held = session(life, approved(life))
    _finds(life, life.custodian, life.supervisor, life.operator, url=reverse("seals:ceremony", args=[held.ceremony.pk]))
    held.done()
    held.ceremony.refresh_from_db()
    seal = held.ceremony.seal
    assert seal is not None
    _finds(life, life.clerk, url=reverse("seals:take_verification", args=[seal.pk]))


def test_a_share_and_an_opening_wait_for_each_custodian(world: World) -> None:
    office = kept(world, shares=False)
    for number, person in enumerate(office.people):
        url = reverse("seals:share", args=[office.row(number).pk])
        assert url in world.browser(person).get("/").content.decode()
    office.set_shares()
    opening = reverse("seals:opening", args=[office.ask(world.ready()).pk])
    for person in office.people:
        page = world.browser(person).get("/").content.decode()
        assert "/seals/custody/shares/" not in page
        assert opening in page
