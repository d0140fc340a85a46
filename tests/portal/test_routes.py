"""Every address of a centre: its permission, its method, its unit (contract 6)."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from support.offices import an_office, of_office
from support.routes import Route, routes
from support.world import World
from yichuan.common.permissions import PUBLIC, SIGNED_IN, Permission
from yichuan.compose.services.uploads import attach
from yichuan.config.duties import ALL
from yichuan.org.duties import Duty, permissions_of
from yichuan.org.models import Post
from yichuan.people.models import Account

pytestmark = pytest.mark.usefixtures("nothing_counted")

# Open to everybody on the network, each for its reason: the login, the question for the session.
OPEN_TO_ALL = {"people:log_in", "people:session"} | {
    # the login by certificate, its second half, and a loss that is reported without logging in
    "people:challenge", "people:certificate_login", "people:certificate_answer", "people:tls_login",
    "people:second_factor", "people:report_loss",
    # a device is bound before anybody can log in from it
    "people:bind_device",
    # who relies on a certificate asks whether it still counts, and for its issuer
    "keys:revocation_list", "keys:authority", "keys:ocsp", "keys:ocsp_question",
    # whoever holds a document or a printed copy may have it verified
    "evidence:verify", "evidence:print_codes",
    # who relies on a seal asks whether it may still be used
    "seals:status_list", "seals:status_list_kept",
    # who writes an office system reads how the interface is asked; nothing of a centre stands there
    "interface:docs", "interface:openapi",
    # a unit that is not there yet has nobody who could log in; what it sent is opened by a query code
    "changes:join", "changes:query", "changes:mine", "changes:mine_edit", "changes:mine_attach", "changes:mine_paper",
    "changes:mine_detach", "changes:mine_submit", "changes:mine_withdraw", "changes:mine_close", "changes:mine_form",
}  # fmt: skip

# Posted to by programs of strangers, that have no token of ours: they change nothing.
ASKED_BY_PROGRAMS = {"keys:ocsp", "keys:ocsp_question"}

# Spoken to by scripts in a protocol of its own methods: files that arrive in parts.
OF_A_PROTOCOL = {name: {"patch", "delete", "options"} for name in ("compose:uploads", "compose:upload_part")}

ROUTES = routes()
EVERY = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
OF_A_PERMISSION = [route for route in ROUTES if isinstance(getattr(route.view, "permission", None), Permission)]
# A delivery that its sender telephones about; the address of a document that is not there yet.
OF_BOTH_SIDES = {"exchange:call", "compose:keep_new"}
OF_A_DOCUMENT = [
    route for route in OF_A_PERMISSION if re.search(r"<uuid:(?:document|dispatch|delivery)_id>", route.address)
]


def _call(client: Client, method: str, address: str) -> Any:
    return getattr(client, method)(address)


def _of_all_trades(world: World) -> Account:
    """A person of 市卫生局 whose post opens everything there is."""
    account = world.clerk["市卫生局"]
    Post.objects.filter(account=account).update(permissions=[str(each) for room in ALL for each in room])
    return account


def test_there_are_routes_each_with_a_name_of_its_own() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES) > 25


@EVERY
def test_it_declares_its_methods(route: Route) -> None:
    assert set(route.methods) <= {"get", "post"} | OF_A_PROTOCOL.get(route.name, set()) and route.methods


@EVERY
def test_it_declares_its_permission(route: Route) -> None:
    assert isinstance(route.permission, Permission) or route.permission in (PUBLIC, SIGNED_IN)


def test_only_what_is_named_above_is_open_to_all() -> None:
    assert {route.name for route in ROUTES if route.permission == PUBLIC} == OPEN_TO_ALL


@pytest.mark.one_database
@pytest.mark.django_db
def test_who_is_not_logged_in_is_led_to_the_login() -> None:
    for route in ROUTES:
        if route.permission != PUBLIC:
            for method in route.methods:
                answer = _call(Client(), method, route.at())
                assert answer.status_code == 302, route
                assert answer.headers["Location"].startswith("/login/?next="), route


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_region_of_a_page_gets_no_login_page_in_its_place() -> None:
    for route in ROUTES:
        if route.permission != PUBLIC:
            for method in route.methods:
                answer = getattr(Client(), method)(route.at(), headers={"HX-Request": "true"})
                assert answer.status_code == 401, route
                assert "登录已过期" in answer.content.decode(), route
                assert "<html" not in answer.content.decode(), route


@pytest.mark.one_database
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


@pytest.mark.one_database
def test_a_get_of_what_changes_something_only_leads_back_to_a_page(world: World) -> None:
    browser = world.browser(_of_all_trades(world))
    acts = [route for route in ROUTES if route.acts]
    assert len(acts) > 10
    for route in acts:
        answer = browser.get(route.at())
        assert answer.status_code == 302, route
        assert resolve(answer.headers["Location"]).view_name == route.leads_back_to, route
        assert browser.put(route.at()).status_code == 405, route


def test_an_act_that_was_refused_can_be_refreshed_and_is_not_done_by_it(world: World) -> None:
    document, browser = world.ready(), world.browser(world.sending_clerk)
    assert browser.get(f"/documents/{document.pk}/reopen/").headers["Location"] == f"/documents/{document.pk}/"
    document.refresh_from_db()
    assert document.state == "ready"


@pytest.mark.one_database
def test_what_only_shows_something_is_not_posted_to(world: World) -> None:
    browser = world.browser(_of_all_trades(world))
    for route in ROUTES:
        if route.methods == ("get",) and route.permission != PUBLIC:
            answer = browser.post(route.at())
            assert answer.status_code == 405, route
            assert "这个地址不能直接打开" in answer.content.decode(), route


@pytest.mark.one_database
def test_a_form_of_another_site_is_refused(world: World) -> None:
    browser = world.browser(_of_all_trades(world), csrf=True)
    for route in ROUTES:
        if "post" in route.methods and route.name not in ASKED_BY_PROGRAMS:
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
    receiver = of_office(an_office(world, "监测科", "市卫生局"), Duty.RECEIVER, "receiver-1")
    return [world.clerk["市卫生局"], world.appoint_custodian("市卫生局"), world.appoint_leader("市卫生局"), receiver]


@pytest.mark.parametrize("state", ["draft", "sealed"])
def test_another_units_things_look_as_if_they_did_not_exist(world: World, state: str) -> None:
    things, asked = vars(_things(world, state)), set()
    for stranger in _strangers(world):
        browser = world.browser(stranger)
        for route in OF_A_PERMISSION:
            if route not in OF_A_DOCUMENT or not stranger.has_perm(str(route.permission)):
                continue
            for method in route.methods:
                there = _call(browser, method, route.at(**things))
                nowhere = _call(browser, method, route.at())
                assert there.status_code == nowhere.status_code == 404, (route, stranger.username, method)
                asked.add(route.name)
    assert asked == {route.name for route in OF_A_DOCUMENT}


def test_the_sender_does_not_act_in_a_receivers_box_nor_the_receiver_on_the_senders_desk(world: World) -> None:
    things = vars(_things(world, "sealed"))
    for person, space in ((world.sending_clerk, "deliveries/"), (world.clerk["市环保局"], "documents/")):
        browser = world.browser(person)
        for route in OF_A_PERMISSION:
            if not route.address.startswith(space) or "<" not in route.address or route.name in OF_BOTH_SIDES:
                continue
            if person.has_perm(str(route.permission)):
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
