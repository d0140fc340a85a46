"""No door of the interface opens to one of the three administrators, whatever they hold in hands (P4, G-5 to G-9).

Each of them asks every operation that the interface has, about things of a centre at work: with the session of their
browser, with their login in the place of a client's secret, and with the token of a client whose row somebody has put
under their account.
"""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from support.access import Parties, parties
from support.routes import Operation, operations
from support.systems import System, ask_for, ask_token, basic, problem_of, system_of
from support.world import PASSWORD, TITLE, World
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import PUBLIC
from yichuan.exchange.models import Delivery
from yichuan.interface.models import Client
from yichuan.interface.services.register_client import register_client
from yichuan.org.duties import ADMINISTRATORS, Duty, permissions_of
from yichuan.org.models import AccessChange, Post
from yichuan.org.services.access_rules import check_fit
from yichuan.people.models import Account

CLOSED = [each for each in operations() if each.permission != PUBLIC]
EACH = pytest.mark.parametrize("duty", sorted(ADMINISTRATORS))


@pytest.fixture
def centre(world: World) -> Parties:
    return parties(world)


@pytest.fixture
def delivery(centre: Parties) -> Delivery:
    return centre.world.delivery()


def administrator(centre: Parties, duty: str) -> Account:
    of_each = {
        Duty.SYSTEM_ADMIN: centre.system_admin,
        Duty.SECURITY_OFFICER: centre.security_officer,
        Duty.AUDITOR: centre.auditor,
    }
    return of_each[Duty(duty)]


def refused(operation: Operation, answer: Any, status: int, code: str) -> None:
    """In words and by code, and nothing of a document beside them; a HEAD has no body."""
    assert answer.status_code == status, operation.name
    if operation.methods != ("HEAD",):
        assert problem_of(answer) == code, operation.name
        assert answer.json()["detail"].endswith("。") and TITLE not in answer.content.decode()


@EACH
def test_the_session_of_a_browser_opens_no_operation(centre: Parties, delivery: Delivery, duty: str) -> None:
    browser = centre.world.browser(administrator(centre, duty))
    assert browser.get("/").status_code == 200, "the session itself is good"
    for operation in CLOSED:
        refused(operation, ask_for(operation, browser, _address(operation, delivery)), 401, "invalid_token")
    _nothing_happened(delivery)


@EACH
def test_their_login_is_no_clients_secret_and_no_token(centre: Parties, delivery: Delivery, duty: str) -> None:
    account, system = administrator(centre, duty), system_of(centre.world)
    for name in (account.username, account.pk, system.client.pk):
        form = ask_token(Client(pk=name), PASSWORD)
        assert (form.status_code, problem_of(form)) == (401, "invalid_client")
    login = basic(account.username, PASSWORD)
    for operation in CLOSED:
        answer = ask_for(operation, system.browser, _address(operation, delivery), **login)
        refused(operation, answer, 401, "invalid_token")
    _nothing_happened(delivery)


@EACH
def test_a_client_under_their_account_may_do_nothing(centre: Parties, delivery: Delivery, duty: str) -> None:
    """The post opens, not the token: a row that somebody altered gives an administrator no work of others."""
    system = _under(administrator(centre, duty), system_of(centre.world))
    assert not {str(each.permission) for each in CLOSED} & permissions_of(duty)
    for operation in CLOSED:
        answer = ask_for(operation, system.browser, _address(operation, delivery), **system.headers)
        refused(operation, answer, 403, "no_permission")
    _nothing_happened(delivery)


@EACH
def test_no_client_becomes_an_administrator_and_no_administrator_a_client(centre: Parties, duty: str) -> None:
    """Registering takes no account, it makes one; neither the request nor the database mixes the two posts."""
    client, _ = register_client(actor=None, name="办公系统", unit=centre.unit)
    assert not Post.objects.filter(account=client.account).exclude(duty=Duty.OFFICE_SYSTEM).exists()
    asked = {"kind": AccessChange.Kind.APPOINT, "account": administrator(centre, duty), "unit": centre.unit}
    with pytest.raises(Invalid, match="不是人的岗位"):
        check_fit(AccessChange(**asked, duty=Duty.OFFICE_SYSTEM))
    for account, unit, post in (
        (administrator(centre, duty), centre.unit, Duty.OFFICE_SYSTEM),
        (client.account, None, Duty(duty)),
    ):
        with pytest.raises(DatabaseError, match="administrators hold no other post"), transaction.atomic():
            Post.objects.create(account=account, unit=unit, duty=post, since=clock.now())


def _under(account: Account, system: System) -> System:
    Client.objects.filter(pk=system.client.pk).update(account=account)
    return system.fresh()


def _address(operation: Operation, delivery: Delivery) -> str:
    known = {"delivery_id": delivery.pk, "dispatch_id": delivery.dispatch_id}
    return operation.at(**known, document_id=delivery.dispatch.document_id)


def _nothing_happened(delivery: Delivery) -> None:
    kept = Delivery.objects.get(pk=delivery.pk)
    assert (kept.state, Delivery.objects.count()) == (delivery.state, 1)
