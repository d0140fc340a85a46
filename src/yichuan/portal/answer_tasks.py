"""待办 between sender and receiver: requests to answer, and what the registry gave to an office."""

from collections.abc import Iterator

from django.urls import reverse

from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_asking import assigned_to, requests_to
from yichuan.org.selectors import Desk
from yichuan.people.models import Account
from yichuan.portal.task import MOST_OF_A_KIND, Task


def answer_tasks(user: Account, desk: Desk) -> Iterator[Task]:
    """What this person answers for the unit, or takes for their office."""
    if desk.office_id is None and user.has_perm(ExchangePermission.ANSWER, desk):
        yield from _to_answer(desk)
    if desk.office_id is not None and user.has_perm(ExchangePermission.SIGN_FOR, desk):
        yield from _to_take(desk)


def _to_answer(desk: Desk) -> Iterator[Task]:
    for request in requests_to(desk.unit_id, MOST_OF_A_KIND):
        delivery = request.delivery
        document = delivery.dispatch.document
        url = reverse("exchange:recipient", args=[delivery.dispatch_id, delivery.pk])
        number, who = document.number or "", delivery.addressee_name
        yield Task("答复申请", "question-circle", number, document.title, who, request.asked_at, url)


def _to_take(desk: Desk) -> Iterator[Task]:
    if desk.office_id is None:
        return
    for given in assigned_to(desk.office_id, waiting=True)[:MOST_OF_A_KIND]:
        document = given.delivery.dispatch.document
        url = reverse("exchange:assignment", args=[given.pk])
        who = given.delivery.dispatch.sender_name
        yield Task("接办", "people", document.number or "", document.title, who, given.given_at, url, new=True)
