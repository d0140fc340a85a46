"""Alarms: a login that went through and does not look like its owner's; and that somebody looked into one."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account, LoginAlarm, LoginAttempt
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import suspend_person
from yichuan.people.reasons import reason_at_fault
from yichuan.people.scope import reaches
from yichuan.people.selectors import open_sessions

FAILURES_BEFORE = 3  # a slip of the finger or two is everybody's
Kind = LoginAlarm.Kind


def raise_alarms(attempt: LoginAttempt) -> None:
    """Compare a login that has just gone through with what is known of the person. A step."""
    require_transaction()
    account = attempt.account
    if account is None:
        return
    seen: dict[LoginAlarm.Kind, str] = {}
    bound = account.devices.filter(retired_at=None).exclude(binding_digest="")
    if bound.exists() and (attempt.device is None or attempt.device not in bound):
        seen[Kind.UNBOUND] = attempt.device.name if attempt.device else ""
    if (failures := _failures_before(attempt)) >= FAILURES_BEFORE:
        seen[Kind.FAILURES] = f"此前连续 {failures} 次没有登录成功"
    other = open_sessions(account).exclude(address=attempt.address).first()
    if other is not None:
        seen[Kind.TWO_ADDRESSES] = f"另一处是 {other.address}"
    for kind, note in seen.items():
        alarm = LoginAlarm.objects.create(
            attempt=attempt, account=account, unit_id=attempt.unit_id, at=attempt.at, kind=kind, note=note
        )
        record(verb="people.alarm", actor=None, unit_id=attempt.unit_id, subject=account, detail={"kind": kind})
        publish("login_alarm", [attempt.unit_id] if attempt.unit_id else [], subject_id=alarm.pk)


def _failures_before(attempt: LoginAttempt) -> int:
    """How many attempts in a row failed before this one; more than a handful makes no difference."""
    before = LoginAttempt.objects.filter(account=attempt.account).exclude(pk=attempt.pk).order_by("-at", "-id")
    count = 0
    for outcome in before.values_list("outcome", flat=True)[:20]:
        if outcome == LoginAttempt.Outcome.DONE:
            break
        count += outcome in (LoginAttempt.Outcome.WRONG, LoginAttempt.Outcome.LOCKED)
    return count


def acknowledge(*, actor: Actor, alarm_id: uuid.UUID, finding: str, suspend: bool = False) -> LoginAlarm:
    """Put on record what an alarm turned out to be (已核实); with `suspend`, stop the account. A command."""
    with command():
        alarm = LoginAlarm.objects.select_for_update().filter(pk=alarm_id).first()
        if alarm is None or not reaches(actor, PeoplePermission.SEE_LOGINS, alarm.unit_id):
            raise NotFound("no_alarm", "没有这条告警，或者不归你管。")
        if alarm.acknowledged_at is not None:
            raise Refused("acknowledged_already", "这条告警已经有人核实过，请刷新看结果。")
        if alarm.account_id == actor.pk:
            raise Refused("own_alarm", "自己的告警要由别人核实，请联系系统保密员或另一位管理员。")
        if fault := reason_at_fault(finding):
            raise Invalid({"finding": fault})
        alarm.acknowledged_at, alarm.acknowledged_by_id, alarm.finding = clock.now(), actor.pk, finding.strip()
        alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "finding"])
        account = Account.objects.get(pk=alarm.account_id)
        if suspend and account.is_active:
            suspend_person(actor=actor, account=account, reason=finding.strip())
        detail = {"kind": alarm.kind, "suspended": suspend}
        record(verb="people.acknowledge_alarm", actor=actor, unit_id=alarm.unit_id, subject=account, detail=detail)
    return alarm
