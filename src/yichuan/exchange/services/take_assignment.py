"""The office confirms that it takes what the registry gave it (确认接办)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Assignment
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.assignments import given_to
from yichuan.people.models import Account


def take_assignment(*, actor: Account, assignment_id: uuid.UUID) -> Assignment:
    """Confirm one assignment. A command. Said twice, the first time counts."""
    given_to(actor, assignment_id)
    with command():
        Assignment.objects.select_for_update().get(pk=assignment_id)
        assignment = given_to(actor, assignment_id)
        check(actor, ExchangePermission.SIGN_FOR, assignment)
        if assignment.taken_at is None:
            assignment.taken_by, assignment.taken_at = actor, clock.now()
            assignment.save(update_fields=["taken_by", "taken_at"])
            detail = {"office": assignment.office.name}
            delivery = assignment.delivery
            record(
                verb="exchange.take_assignment",
                actor=actor,
                unit_id=assignment.unit_id,
                subject=delivery,
                detail=detail,
            )
            publish("assigned", [assignment.unit_id], subject_id=delivery.pk)
    return assignment
