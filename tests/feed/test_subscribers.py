"""Who may listen to the feed."""

from dataclasses import replace

import pytest
from django.test import Client

from support.offices import an_office, of_office
from support.world import PASSWORD, World
from yichuan.common import profile
from yichuan.feed import subscribers
from yichuan.org.duties import Duty
from yichuan.org.models import Post
from yichuan.people.models import Account

ENVIRONMENT_CLERK = "clerk-2"


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed's threads close what they used; here it is the test's own transaction."""
    monkeypatch.setattr(subscribers, "close_old_connections", lambda: None)


def cookie_of(client: Client) -> str:
    return f"sessionid={client.cookies['sessionid'].value}"


def logged_in() -> Client:
    client = Client()
    client.post("/login/", {"username": ENVIRONMENT_CLERK, "password": PASSWORD})
    return client


def test_a_session_hears_the_units_of_its_posts_and_of_its_own_person(world: World) -> None:
    assert subscribers.heard_by(cookie_of(logged_in())) == {world.units["市环保局"].pk, world.clerk["市环保局"].pk}


def test_a_custodian_hears_word_of_their_own_person(world: World) -> None:
    custodian = world.custodian["市府办公室"]
    assert subscribers.heard_by(cookie_of(world.browser(custodian))) == {custodian.pk}


def test_nobody_hears_without_a_session(world: World) -> None:
    assert subscribers.heard_by("") == frozenset()
    assert subscribers.heard_by("sessionid=guessed") == frozenset()


def test_a_logged_out_session_hears_nothing(world: World) -> None:
    client = logged_in()
    cookie = cookie_of(client)
    client.post("/logout/")
    assert subscribers.heard_by(cookie) == frozenset()


def test_a_suspended_person_and_one_without_a_post_hear_nothing(world: World) -> None:
    cookie = cookie_of(logged_in())
    account = Account.objects.get(username=ENVIRONMENT_CLERK)
    Post.objects.filter(account=account).update(until=account.posts.get().since)
    assert subscribers.heard_by(cookie) == frozenset()
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert subscribers.heard_by(cookie) == frozenset()


def test_a_session_that_a_change_of_password_ended_hears_nothing(world: World) -> None:
    cookie = cookie_of(logged_in())
    account = Account.objects.get(username=ENVIRONMENT_CLERK)
    account.set_password("Other-words-2")
    account.save()
    assert subscribers.heard_by(cookie) == frozenset()


def test_who_is_still_on_the_way_to_a_second_proof_hears_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = profile.current()
    monkeypatch.setattr(profile, "current", lambda: replace(rules, login=rules.login | {"clerk": "second"}))
    assert subscribers.heard_by(cookie_of(logged_in())) == frozenset()


def test_cookies_of_other_programs_do_no_harm(world: World) -> None:
    cookie = f"foo(1)=x; {cookie_of(logged_in())}"
    assert subscribers.heard_by(cookie) == {world.units["市环保局"].pk, world.clerk["市环保局"].pk}


def test_an_offices_receiver_hears_the_office_and_its_unit(world: World) -> None:
    office = an_office(world, "监测站", "市环保局")
    receiver = of_office(office, Duty.RECEIVER, "office-receiver")
    heard = subscribers.heard_by(cookie_of(world.browser(receiver)))
    assert heard == {world.units["市环保局"].pk, office.pk, receiver.pk}


def test_a_leader_hears_the_unit_and_the_supervising_office_its_own_people(world: World) -> None:
    supervisor = world.holder(Duty.SUPERVISOR, "市府办公室")
    assert subscribers.heard_by(cookie_of(world.browser(world.leader))) == {world.sender.pk, world.leader.pk}
    assert subscribers.heard_by(cookie_of(world.browser(supervisor))) == {supervisor.pk}
