"""Every operation of the interface: its permission, its token, its unit. A browser's session opens none of them."""

import re

import pytest
from django.test import Client as Browser

from support.routes import Operation, operations, routes
from support.systems import ask_for, problem_of, system_of
from support.world import World
from yichuan.common import clock
from yichuan.common.permissions import PUBLIC, Permission
from yichuan.compose.services.uploads import attach
from yichuan.config.duties import ALL
from yichuan.exchange.models import DeliveryRequest
from yichuan.exchange.services.ask_request import ask
from yichuan.interface.api.base import KEY, Bearer
from yichuan.interface.api.site import schema
from yichuan.interface.models import Hook
from yichuan.interface.problems import PROBLEMS
from yichuan.org.duties import Duty, permissions_of
from yichuan.org.models import Post

OPERATIONS = operations()
EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
CLOSED = [each for each in OPERATIONS if each.permission != PUBLIC]
OF_A_THING = [each for each in CLOSED if "<" in each.route.address]


def test_there_are_operations_each_with_a_name_of_its_own() -> None:
    names = [each.name for each in OPERATIONS]
    assert len(set(names)) == len(names) > 30
    documented = {each["operationId"] for methods in schema()["paths"].values() for each in methods.values()}
    assert {name.partition(":")[2] for name in names} == documented
    assert not {each.name for each in routes()} & set(names)


@EVERY
def test_it_declares_its_permission_and_asks_for_a_token(operation: Operation) -> None:
    assert operation.permission == PUBLIC or isinstance(operation.permission, Permission)
    tokens = [isinstance(each, Bearer) for each in operation.auth]
    assert tokens == ([] if operation.permission == PUBLIC else [True])


def test_only_asking_for_a_token_is_open_to_all() -> None:
    assert [each.name for each in OPERATIONS if each.permission == PUBLIC] == ["interface:get_token"]


def test_what_an_operation_needs_an_office_system_may() -> None:
    opened = permissions_of(Duty.OFFICE_SYSTEM)
    assert {str(each.permission) for each in CLOSED} <= opened


def test_without_a_token_nothing_opens(world: World) -> None:
    for operation in CLOSED:
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eA=="}, {"Authorization": "é"}):
            answer = ask_for(operation, Browser(), operation.at(), **headers)
            assert answer.status_code == 401, operation.name
            assert operation.methods == ("HEAD",) or problem_of(answer) == "invalid_token"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_browsers_session_opens_nothing_and_needs_no_token_of_forms(world: World) -> None:
    clerk = world.clerk["市环保局"]
    Post.objects.filter(account=clerk).update(permissions=[str(each) for room in ALL for each in room])
    for csrf in (False, True):
        browser = world.browser(clerk, csrf=csrf)
        for operation in CLOSED:
            answer = ask_for(operation, browser, operation.at())
            assert answer.status_code == 401, operation.name
            assert "Set-Cookie" not in answer.headers and not answer.cookies


def test_a_session_beside_a_token_does_not_count(world: World) -> None:
    """Nor does whatever would lead the person somewhere else."""
    system = system_of(world)
    clerk = world.clerk["市卫生局"]
    clerk.must_change_password = True
    clerk.save()
    browser = world.browser(clerk, csrf=True)
    answer = browser.get("/api/v1/me", headers=system.headers)
    assert (answer.status_code, answer.json()["unit"]["short_name"]) == (200, "市环保局")
    delivery = world.delivery()
    signed = browser.post(f"/api/v1/deliveries/{delivery.pk}/sign-for", headers=system.headers | {KEY: "a"})
    assert signed.status_code == 200


def test_a_post_that_lacks_the_permission_is_refused(world: World) -> None:
    system = system_of(world)
    Post.objects.filter(account=system.client.account).update(permissions=[])
    for operation in CLOSED:
        answer = ask_for(operation, system.browser, operation.at(), **system.headers)
        assert answer.status_code == 403, operation.name
        assert operation.methods == ("HEAD",) or problem_of(answer) == "no_permission"


def test_another_units_things_look_as_if_they_did_not_exist(world: World) -> None:
    draft = world.draft()
    attached = attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b")
    delivery = world.signed_for()
    request = ask(
        actor=world.clerk["市环保局"], delivery_id=delivery.pk, kind=DeliveryRequest.Kind.RESEND, copies=0, reason="x"
    )
    owner = system_of(world, "市府办公室")
    upload = owner.browser.post(
        "/api/v1/uploads/", headers=owner.headers | {"Upload-Length": "3", "Upload-Metadata": "filename YS5jc3Y="}
    ).headers["Location"]
    hook = Hook.objects.create(
        client=owner.client, url="https://oa.example.gov.cn/", secret="x", made_at=clock.now(), heard_until=clock.now()
    )
    call = hook.calls.create(event_id=1, kind="arrival", state="dead", next_at=clock.now(), at=clock.now())
    things = {
        "hook_id": hook.pk, "call_id": call.pk,
        "document_id": draft.pk, "attachment_id": attached.pk, "dispatch_id": delivery.dispatch_id,
        "delivery_id": delivery.pk, "request_id": request.pk, "upload_id": re.findall(r"[0-9a-f-]{36}", upload)[0],
    }  # fmt: skip
    stranger = system_of(world, "市卫生局")
    for operation in OF_A_THING:
        there = ask_for(operation, stranger.browser, operation.at(**things), **stranger.headers)
        nowhere = ask_for(operation, stranger.browser, operation.at(), **stranger.headers)
        assert there.status_code == nowhere.status_code == 404, operation.name
        if operation.methods != ("HEAD",):
            assert problem_of(there) == problem_of(nowhere), operation.name


@EVERY
def test_what_it_tells_of_errors_is_of_the_list(operation: Operation) -> None:
    name = operation.name.partition(":")[2]
    described = next(
        each for methods in schema()["paths"].values() for each in methods.values() if each["operationId"] == name
    )
    assert described["summary"] and described["description"]
    for status, response in described["responses"].items():
        if int(status) >= 400:
            codes = re.findall(r"(\w+): ", response["description"])
            assert codes and all(PROBLEMS[code].status == int(status) for code in codes if code in PROBLEMS)
            assert "application/problem+json" in response["content"]
