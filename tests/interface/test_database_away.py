"""A database that is restarted is no fault of the request: an office system is told to come again, and does."""

import uuid

import pytest
from django.db import InterfaceError, OperationalError

from support.systems import problem_of, system_of
from support.world import World
from yichuan.interface.api import deliveries
from yichuan.interface.services import answers


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_request_under_a_key_is_told_to_come_again_and_is_then_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    system, delivery, key = system_of(world), world.delivery(), str(uuid.uuid4())

    def broken(**_: object) -> None:
        raise fault("server closed the connection unexpectedly: secret particulars")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "sign_for", broken)
        answer = system.post(f"/deliveries/{delivery.pk}/sign-for", key=key)
    assert (answer.status_code, problem_of(answer), answer.headers["Retry-After"]) == (503, "database", "2")
    assert b"particulars" not in answer.content
    monkeypatch.setattr(answers, "GIVEN_UP_AFTER", answers.GIVEN_UP_AFTER * 0)
    again = system.post(f"/deliveries/{delivery.pk}/sign-for", key=key)
    assert (again.status_code, again.json()["state"]) == (200, "signed_for")
