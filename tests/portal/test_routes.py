"""Every address of a centre: its permission, its method, its unit (contract 6)."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from support.world import World
from yichuan.common.permissions import PUBLIC, SIGNED_IN, Permission
from yichuan.compose.services.uploads import attach
from yichuan.org.duties import Duty, permissions_of
from yichuan.people.models import Account

# What may be asked for, and what changes something and therefore must be posted.
CHANGES = {
    "people:log_out", "compose:finish", "compose:reopen", "compose:import", "compose:upload", "compose:attach",
    "compose:detach",
    "exchange:settle_return", "exchange:sign_for_several", "exchange:sign_for", "exchange:return", "exchange:print",
    "exchange:copy",
}  # fmt: skip
BOTH = {"people:log_in", "people:change_password", "compose:new", "compose:edit", "compose:seal", "exchange:send"}


@dataclass(frozen=True)
class Route:
    """One pattern: its name, its address with placeholders, its view."""

    name: str
    address: str
    view: Any

    @property
    def permission(self) -> Permission | str:
        return self.view.permission  # type: ignore[no-any-return]

    @property
    def methods(self) -> tuple[str, ...]:
        return ("post",) if self.name in CHANGES else ("get", "post") if self.name in BOTH else ("get",)

    def at(self, **values: Any) -> str:
        """The address with these values; what is not given is an identifier of nothing."""
        values.setdefault("page", 1)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1]) or uuid.uuid4()), self.address)


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Route]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, prefix + str(each.pattern), each.app_name or space)
        elif isinstance(each, URLPattern):
            yield Route(f"{space}:{each.name}", prefix + str(each.pattern), each.callback)


ROUTES = list(_walk(get_resolver().url_patterns))
EVERY = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
OF_A_PERMISSION = [route for route in ROUTES if isinstance(getattr(route.view, "permission", None), Permission)]


def _call(client: Client, method: str, address: str) -> Any:
    return getattr(client, method)(address)


def test_there_are_routes_and_the_lists_above_name_real_ones() -> None:
    names = {route.name for route in ROUTES}
    assert len(names) == len(ROUTES) > 25
    assert names >= CHANGES | BOTH


@EVERY
def test_it_declares_its_permission(route: Route) -> None:
    assert isinstance(route.permission, Permission) or route.permission in (PUBLIC, SIGNED_IN)


def test_only_the_login_and_the_question_for_the_session_are_public() -> None:
    assert [route.name for route in ROUTES if route.permission == PUBLIC] == ["people:log_in", "people:session"]


@pytest.mark.django_db
def test_who_is_not_logged_in_is_led_to_the_login() -> None:
    for route in ROUTES:
        if route.permission != PUBLIC:
            for method in route.methods:
                answer = _call(Client(), method, route.at())
                assert answer.status_code == 302, route
                assert answer.headers["Location"].startswith("/login/?next="), route


@pytest.mark.django_db
def test_a_region_of_a_page_gets_no_login_page_in_its_place() -> None:
    for route in ROUTES:
        if route.permission != PUBLIC:
            for method in route.methods:
                answer = getattr(Client(), method)(route.at(), headers={"HX-Request": "true"})
                assert answer.status_code == 401, route
                assert "登录已过期" in answer.content.decode(), route
                assert "<html" not in answer.content.decode(), route


def test_a_post_that_lacks_the_permission_is_refused(world: World) -> None:
    people = {
        Duty.CLERK: world.sending_clerk, Duty.CUSTODIAN: world.custodian["市府办公室"], Duty.LEADER: world.leader,
    }  # fmt: skip
    asked = 0
    for duty, person in people.items():
        browser = world.browser(person)
        for route in OF_A_PERMISSION:
            if str(route.permission) not in permissions_of(duty):
                for method in route.methods:
                    answer = _call(browser, method, route.at())
                    assert answer.status_code == 403, (route, duty)
                    assert route.permission.label in answer.content.decode(), (route, duty)  # type: ignore[union-attr]
                    asked += 1
    assert asked > 30


def test_a_get_of_what_changes_something_only_leads_back_to_a_page(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    pages = {
        "compose": "compose:show", "exchange": "exchange:delivery", "people": "portal:workbench",
        "compose:import": "compose:new", "exchange:sign_for_several": "exchange:inbox",
        "exchange:settle_return": "exchange:recipient",
    }  # fmt: skip
    for route in ROUTES:
        if route.name in CHANGES:
            answer = browser.get(route.at())
            assert answer.status_code == 302, route
            page = pages.get(route.name) or pages[route.name.split(":")[0]]
            assert resolve(answer.headers["Location"]).view_name == page, route
            assert browser.put(route.at()).status_code == 405, route


def test_an_act_that_was_refused_can_be_refreshed_and_is_not_done_by_it(world: World) -> None:
    document, browser = world.ready(), world.browser(world.sending_clerk)
    assert browser.get(f"/documents/{document.pk}/reopen/").headers["Location"] == f"/documents/{document.pk}/"
    document.refresh_from_db()
    assert document.state == "ready"


def test_what_only_shows_something_is_not_posted_to(world: World) -> None:
    for person in (world.sending_clerk, world.custodian["市府办公室"]):
        browser = world.browser(person)
        for route in ROUTES:
            if route.methods == ("get",) and person.has_perm(str(route.permission)):
                answer = browser.post(route.at())
                assert answer.status_code == 405, route
                assert "这个地址不能直接打开" in answer.content.decode(), route


def test_a_form_of_another_site_is_refused(world: World) -> None:
    for person in (world.sending_clerk, world.custodian["市府办公室"]):
        browser = world.browser(person, csrf=True)
        for route in ROUTES:
            if "post" in route.methods:
                assert browser.post(route.at(), {"reason": "x", "copies": "1"}).status_code == 403, route


@dataclass(frozen=True)
class Others:
    """Identifiers of one unit's things, for another unit's hands."""

    document_id: uuid.UUID
    attachment_id: uuid.UUID
    dispatch_id: uuid.UUID
    delivery_id: uuid.UUID


def _things(world: World, state: str) -> Others:
    """A document of 市府办公室 in this state; a dispatch of it to 市环保局 of another one."""
    document = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=document.pk, name="表.csv", data=b"a,b")
    if state == "sealed":
        world.sealed(document)
    delivery = world.delivery("市环保局")
    return Others(document.pk, attached.pk, delivery.dispatch_id, delivery.pk)


def _strangers(world: World) -> list[Account]:
    """Everybody of 市卫生局, which has no part in any of it."""
    return [world.clerk["市卫生局"], world.appoint_custodian("市卫生局"), world.appoint_leader("市卫生局")]


@pytest.mark.parametrize("state", ["draft", "sealed"])
def test_another_units_things_look_as_if_they_did_not_exist(world: World, state: str) -> None:
    things, asked = vars(_things(world, state)), set()
    for stranger in _strangers(world):
        browser = world.browser(stranger)
        for route in OF_A_PERMISSION:
            if "<" not in route.address or not stranger.has_perm(str(route.permission)):
                continue
            for method in route.methods:
                there = _call(browser, method, route.at(**things))
                nowhere = _call(browser, method, route.at())
                assert there.status_code == nowhere.status_code == 404, (route, stranger.username, method)
                asked.add(route.name)
    assert asked == {route.name for route in OF_A_PERMISSION if "<" in route.address}


def test_the_sender_does_not_act_in_a_receivers_box_nor_the_receiver_on_the_senders_desk(world: World) -> None:
    things = vars(_things(world, "sealed"))
    for person, space in ((world.sending_clerk, "deliveries/"), (world.clerk["市环保局"], "documents/")):
        browser = world.browser(person)
        for route in OF_A_PERMISSION:
            if route.address.startswith(space) and "<" in route.address and person.has_perm(str(route.permission)):
                for method in route.methods:
                    assert _call(browser, method, route.at(**things)).status_code == 404, route


def test_pages_of_documents_are_kept_by_nobody_on_the_way(world: World) -> None:
    delivery = world.delivery("市环保局")
    browser = world.browser(world.clerk["市环保局"])
    for address in (f"/deliveries/{delivery.pk}/pages/1.svg",):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert browser.get(f"/deliveries/{delivery.pk}/pages/0.svg").status_code == 404
    assert browser.get(f"/deliveries/{delivery.pk}/pages/2.svg").status_code == 404
    assert browser.get(f"/deliveries/{delivery.pk}/pages/{10**30}.svg").status_code == 404
