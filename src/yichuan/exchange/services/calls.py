"""The telephone call that an urgent document out of hours asks for (G-16, D5), and calls on record."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from yichuan.audit.services.record import record
from yichuan.common import clock, profile
from yichuan.common.calendar import is_workday
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, Dispatch, PhoneCall
from yichuan.people.models import Account

LONG_BEFORE = timedelta(hours=12)  # a call of the day before notifies nobody of this document
NEEDED = {"caller": "打电话的人", "called": "接电话的人", "phone": "电话号码"}


@dataclass(frozen=True)
class CallRecord:
    """Who called whom, when, and what was said. `at` is aware."""

    called: str
    phone: str
    caller: str
    at: datetime
    said: str = ""


def call_needed(urgency: str, at: datetime) -> bool:
    """Whether a document of this urgency that is sent at this moment asks for a call (G-16)."""
    rules = profile.current()
    if not rules.exchange.call_out_of_hours or urgency == rules.urgencies[0]:
        return False
    local = at.astimezone(rules.zone)
    return not (is_workday(local.date()) and rules.hours.holds(local.time()))


def require_call(document: Document, at: datetime, call: CallRecord | None, *, accept_without: bool) -> bool:
    """Whether the document goes without the call it needs, and is marked so; the sender answers for it.

    Raises `Refused` for an urgency that is not exchanged here (J-4) or where the centre sends none without a call,
    `Invalid` where the call is described badly or the sender has not said to go without one.
    """
    rules = profile.current()
    if document.urgency not in rules.urgencies:
        raise Refused("urgency", rules.refused_urgency_note)
    if call is not None:
        check_call(call, at)
        return False
    if not call_needed(document.urgency, at):
        return False
    if rules.exchange.without_call == "refuse":
        raise Invalid({"call": f"非工作时间发送{document.urgency}，须先电话通知{_desk()}，请填写通话记录。"})
    if not accept_without:
        raise Invalid(
            {"call": f"现在不是工作时间，{document.urgency}须先电话通知{_desk()}：请填写通话记录，或者勾选下面一项。"}
        )
    return True


def check_call(call: CallRecord, at: datetime) -> None:
    """Raise `Invalid`, one message a field (`call_…`), unless the call can stand on record at this moment."""
    errors = {}
    for name, text in asdict(call).items():
        if name == "at":
            continue
        label, longest = _words_of(name)
        if name in NEEDED and not text.strip():
            errors[f"call_{name}"] = f"{label}是空的，请填写。"
        elif len(text) > longest:
            errors[f"call_{name}"] = f"{label}请不超过 {longest} 个字。"
        elif hides_something(text, lines=name == "said"):
            errors[f"call_{name}"] = f"{label}里有看不见的字符，请重新输入。"
    if call.at > at:
        errors["call_at"] = "通话时间比现在还晚，请改正。"
    elif at - call.at > LONG_BEFORE:
        errors["call_at"] = f"通话时间早于 {LONG_BEFORE // timedelta(hours=1)} 小时以前，请填写这件公文的通话。"
    if errors:
        raise Invalid(errors)


def record_call(
    *, actor: Account, dispatch: Dispatch, call: CallRecord, delivery: Delivery | None = None, by_sender: bool = True
) -> PhoneCall:
    """Put a call on record: the sender's notice, or, of a `delivery`, a reminder to sign for it. A step.

    The sender reminds a registry; a registry reminds its own unit's offices (G-20), which is not `by_sender`.
    """
    require_transaction()
    unit_id = delivery.unit_id if delivery and not by_sender else dispatch.unit_id
    row = PhoneCall.objects.create(
        kind=PhoneCall.Kind.REMINDER if delivery else PhoneCall.Kind.NOTICE,
        dispatch=dispatch,
        delivery=delivery,
        unit_id=unit_id,
        recorded_by=actor,
        recorded_at=clock.now(),
        **asdict(call),
    )
    detail = {"call": row.kind, "at": call.at.isoformat(timespec="minutes")}
    record(verb="exchange.record_call", actor=actor, unit_id=unit_id, subject=delivery or dispatch, detail=detail)
    return row


def _words_of(name: str) -> tuple[str, int]:
    field: Any = PhoneCall._meta.get_field(name)
    return str(field.verbose_name), field.max_length


def _desk() -> str:
    return profile.current().exchange.duty_desk or "收文单位"
