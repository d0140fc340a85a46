"""The old seals come back (J-25): the supervising office's secretariat has them in hand, on record."""

import uuid

from yichuan.audit.services.record import record
from yichuan.changes.models import Application, Plan
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.services.parties import require, visible
from yichuan.changes.services.stepping import note, said
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import Seal
from yichuan.seals.services.take_in import hand_in_all


def take_back_seals(*, actor: Account, application_id: uuid.UUID, words: str = "") -> Plan:
    """Say that the carriers of the withdrawn seals were handed in. A command, once."""
    words = said(words)
    with command():
        visible(actor, application_id)
        application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
        require(actor, ChangesPermission.APPROVE, application)
        plan = Plan.objects.filter(application=application).exclude(ended_at=None).first()
        if plan is None or not plan.seals:
            raise Refused("no_seals", "这份申请没有要收回的印章。")
        if plan.seals_back_at is not None:
            raise Refused("back_already", "旧印章已经登记收回，不用再登记。")
        plan.seals_back_at = clock.now()
        plan.save(update_fields=["seals_back_at"])
        affected = application.affected.values("pk")
        back = Seal.objects.select_for_update().filter(unit__in=affected, name__in=plan.seals).order_by("pk")
        withdrawn = back.filter(state=SealState.WITHDRAWN, withdrawn_at__gte=plan.begun_at)
        hand_in_all(actor=actor, seals=withdrawn, words=words)
        note(application, "seals_back", actor, f"{'、'.join(plan.seals)}。{words}"[:400])
        detail = {"seals": plan.seals}
        unit_id = application.unit_id
        record(verb="changes.take_back_seals", actor=actor, unit_id=unit_id, subject=application, detail=detail)
    return plan
