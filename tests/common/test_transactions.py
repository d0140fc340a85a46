"""Commands and steps (contract 4)."""

import pytest
from django.db import transaction

from yichuan.common.models import Event
from yichuan.common.outbox import publish
from yichuan.common.transactions import command, require_transaction


@pytest.mark.django_db(transaction=True)
def test_a_step_outside_of_a_command_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside"):
        require_transaction()
    with pytest.raises(RuntimeError):
        publish("arrival", [])
    with command():
        require_transaction()


@pytest.mark.django_db(transaction=True)
def test_a_command_inside_of_another_is_refused() -> None:
    with command(), pytest.raises(RuntimeError, match="durable"), command():
        pytest.fail("a command inside of another would not be durable")
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), command():
        pytest.fail("nor inside of any other transaction")


@pytest.mark.django_db(transaction=True)
def test_of_a_command_that_fails_nothing_stays() -> None:
    import uuid

    with pytest.raises(ZeroDivisionError), command():
        publish("arrival", [uuid.uuid4()])
        raise ZeroDivisionError
    assert not Event.objects.exists()
