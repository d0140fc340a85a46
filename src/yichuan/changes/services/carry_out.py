"""Carrying out (办理) in three parts: intent committed, device asked, everything else in one transaction.

A process that dies in between leaves the application 正在办理 with its plan; `settle_plans` goes on from there.
"""

import contextlib
import logging
import uuid
from datetime import timedelta

from yichuan.changes.content import NewUnit, content_of
from yichuan.changes.models import Application, Plan
from yichuan.changes.services.carrying import kinds
from yichuan.changes.services.end_others import end
from yichuan.changes.services.facts import check_facts
from yichuan.changes.services.parties import locked
from yichuan.changes.services.stepping import step
from yichuan.changes.states import APPLICATION, ApplicationState
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.ids import new_id
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.services import take_over
from yichuan.org.models import CentreRole
from yichuan.people.models import Account

LEFT_ALONE_FOR = timedelta(minutes=1)
TRY_AGAIN = frozenset(("box_changed", "not_prepared"))


def carry_out(*, actor: Account, application_id: uuid.UUID) -> Application:
    """Do what was approved. A command in three parts; a second click finds it begun, and is told so.

    Where the centre's facts have changed since the approval, nothing is done, and it goes back with the reason.
    """
    with command():
        application, transition = locked(actor, application_id, "carry_out")
        fault = _changed(application)
        if fault is None:
            coming = isinstance(content_of(application), NewUnit)
            Plan.objects.create(
                application=application,
                begun_by=actor,
                begun_at=clock.now(),
                unit_id=new_id() if coming else None,
                box_id=new_id() if coming else None,
            )
            step(application, transition, actor)
        else:
            _give_back(application, fault, actor)
    if fault is not None:
        raise _given_back(application, fault)
    return go_on(application_id)


def go_on(application_id: uuid.UUID) -> Application:
    """From the intent to the end, whoever began it. A command; done twice at once it is done once."""
    plan = Plan.objects.select_related("application__unit", "begun_by").get(pk=application_id)
    if plan.ended_at is not None:
        return plan.application
    boxes: list[take_over.Plan] = []
    try:
        check_facts(plan.application.unit, content_of(plan.application))
        boxes = kinds.prepare(plan.application, plan)
        with command():
            application = _finish(plan, boxes)
    except Unavailable:
        _note(plan, "密码设备没有应答")
        raise
    except Refused as refusal:
        if refusal.code in TRY_AGAIN:
            _note(plan, refusal.message)
            raise
        with command():
            application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
            if application.state != ApplicationState.CARRYING_OUT:
                return application  # somebody else ended it meanwhile, and that is what stood against it
            _give_back(application, refusal, plan.begun_by)
        raise _given_back(application, refusal) from refusal
    for each in boxes:
        with contextlib.suppress(Unavailable):  # all is done; old keys that still stand the ticker destroys
            take_over.finish_take_over(each)
    return application


def settle_plans() -> int:
    """Go on with what a process left half-way. For the ticker; how many were settled."""
    left = Plan.objects.filter(ended_at=None, begun_at__lt=clock.now() - LEFT_ALONE_FOR)
    settled = 0
    for application_id in left.values_list("pk", flat=True):
        try:
            go_on(application_id)
        except Refused:
            continue
        except Exception:  # one plan that cannot go on keeps no other waiting
            logging.getLogger("yichuan.changes").exception("the plan of application %s waits", application_id)
            continue
        settled += 1
    return settled


def _finish(plan: Plan, boxes: list[take_over.Plan]) -> Application:
    application = Application.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if application.state != ApplicationState.CARRYING_OUT:
        return application
    # One at a time in the whole centre: a name is free until somebody takes it.
    CentreRole.objects.select_for_update().get(role=CentreRole.Role.OPERATING)
    check_facts(application.unit, content_of(application))
    outcome = kinds.carry(plan.begun_by, application, plan, boxes)
    Plan.objects.filter(pk=plan.pk).update(ended_at=clock.now(), failure="", seals=list(outcome.seals))
    application.result, application.administrator = outcome.unit, outcome.administrator
    application.affected.add(outcome.unit)
    words = "已照批准的内容办理。"
    step(application, APPLICATION.find("finish", application.state), plan.begun_by, words)
    return application


def _changed(application: Application) -> Refused | None:
    """What in the centre's present facts stands against it, if anything."""
    try:
        check_facts(application.unit, content_of(application))
    except Refused as refusal:
        return refusal
    return None


def _give_back(application: Application, fault: Refused, actor: Account) -> None:
    """Back to the applicant, with the reason. A step."""
    require_transaction()
    Plan.objects.filter(pk=application.pk).delete()
    words = f"批准以后情况有变：{fault.message}"[:400]
    if application.unit is not None and application.unit.closed_at is not None:
        end(application, actor, words)  # nobody is left who could correct it
        return
    step(application, APPLICATION.find("send_back", application.state), actor, words)


def _given_back(application: Application, fault: Refused) -> Refused:
    became = "已经结束" if application.state == ApplicationState.WITHDRAWN else "已退回补正"
    return Refused("facts_changed", f"没有办理，申请{became}。批准以后情况有变：{fault.message}")


def _note(plan: Plan, failure: str) -> None:
    with command():
        found = Plan.objects.select_for_update().filter(pk=plan.pk, ended_at=None).first()
        if found is not None:
            found.attempts, found.failure = found.attempts + 1, failure[:200]
            found.save(update_fields=["attempts", "failure"])
