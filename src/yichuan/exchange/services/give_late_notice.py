"""A receiver tells senders in advance until when it takes a day's documents (J-32), and takes its word back."""

import uuid
from datetime import date, time

from django.utils.timezone import localtime

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.calendar import is_workday
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import LateNotice
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.calendar_table import FURTHEST, today
from yichuan.org.models import Unit
from yichuan.people.models import Account

LONGEST_REASON = 200


def give_late_notice(
    *, actor: Account, unit: Unit, day: date, until: time, reason: str, sender_id: uuid.UUID | None = None
) -> LateNotice:
    """What is sent to `unit` on that working day until that time counts for the day. A command.

    `sender_id` names the one sender it is for; without one it is for all. Raises `Invalid` field by field.
    """
    check(actor, ExchangePermission.GIVE_LATE_NOTICE, unit)
    reason = reason.strip()
    errors = _faults(day, until, reason)
    if sender_id is not None and (sender_id == unit.pk or not _open(sender_id)):
        errors["sender"] = "请从名单里选择一个发文单位，不能是本单位。"
    if errors:
        raise Invalid(errors)
    with command():
        notice = LateNotice.objects.create(
            unit=unit,
            sender_id=sender_id,
            day=day,
            until=until,
            reason=reason,
            given_by=actor,
            given_at=clock.now(),
        )
        detail = {"day": day.isoformat(), "until": f"{until:%H:%M}", "sender": str(sender_id or "")}
        record(verb="exchange.give_late_notice", actor=actor, unit_id=unit.pk, subject=notice, detail=detail)
        if sender_id is not None:
            publish("late_notice", [sender_id], subject_id=notice.pk)
    return notice


def withdraw_late_notice(*, actor: Account, notice_id: uuid.UUID) -> LateNotice:
    """Take a notice back before its time; what was sent meanwhile keeps its counted day. A command."""
    with command():
        notice = LateNotice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None or not actor.has_perm(ExchangePermission.GIVE_LATE_NOTICE, notice):
            raise NotFound("no_late_notice", "没有这份告知，或者不是你单位的。请回到晚收告知查看。")
        if notice.withdrawn_at is not None or over(notice):
            raise Refused("late_notice_over", "这份告知已经收回，或者时间已过，不用再收回。")
        notice.withdrawn_at = clock.now()
        notice.save(update_fields=["withdrawn_at"])
        detail = {"day": notice.day.isoformat(), "until": f"{notice.until:%H:%M}"}
        record(verb="exchange.withdraw_late_notice", actor=actor, unit_id=notice.unit_id, subject=notice, detail=detail)
    return notice


def over(notice: LateNotice) -> bool:
    """Whether its time has passed."""
    local = localtime(clock.now(), profile.current().zone)
    return (notice.day, notice.until) <= (local.date(), local.time())


def _faults(day: date, until: time, reason: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    rules, now = profile.current(), today()
    if day < now:
        errors["day"] = "日期已经过去，请选今天或以后的一天。"
    elif day > now + FURTHEST:
        errors["day"] = "日期太远，请检查年份。"
    elif not is_workday(day):
        errors["day"] = "这一天不是工作日，当天发出的公文计为下一个工作日。请选工作日。"
    if until <= rules.cut_off:
        errors["until"] = f"{rules.cut_off:%H:%M} 以前发出的公文本来就计为当天，请填更晚的时间。"
    elif day == now and until <= localtime(clock.now(), rules.zone).time():
        errors["until"] = "这个时间已经过了，请填更晚的时间。"
    if not reason:
        errors["reason"] = "请写明什么情况，发文单位会看到。"
    elif len(reason) > LONGEST_REASON or hides_something(reason):
        errors["reason"] = f"说明请不超过 {LONGEST_REASON} 个字，不要有看不见的字符。"
    return errors


def _open(unit_id: uuid.UUID) -> bool:
    return Unit.objects.filter(pk=unit_id, closed_at=None).exists()
