"""What the coded values of the log's particulars are called, by the particular (`YICHUAN_LOG_WORDS`)."""

from collections.abc import Iterable

from yichuan.audit.forms import ROOMS
from yichuan.audit.labels import LABELS
from yichuan.changes.models import Application, Attachment, Import
from yichuan.common.labels import Labelled
from yichuan.compose.states import DocumentState
from yichuan.config.duties import ALL
from yichuan.evidence.services.summarize import FOR
from yichuan.exchange.models import DeliveryRequest, PhoneCall, Receipt, Reminder, Track
from yichuan.keys.kinds import Use, Why
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, AccessConfirmation, CentreRole, Unit
from yichuan.people.models import CertificateApplication, LoginAlarm, LoginAttempt, Method
from yichuan.people.services.spot_check import ITEMS
from yichuan.seals.kinds import OpeningKind, OpeningMatter

_CHECKED_PASSWORD = {"slowed": "这个地址失败太多", "locked": "账号已锁定", "unknown account": "没有这个账号"}


def _words(*enums: Iterable[Labelled]) -> dict[str, str]:
    return {str(each): each.label for enum in enums for each in enum}


_KINDS = {
    value: str(label)
    for kind in (Import, LoginAlarm, AccessChange, Application, Receipt)
    for value, label in kind.Kind.choices
}
WORDS: dict[str, dict[str, str]] = {
    "act": LABELS | ROOMS,
    "call": dict(PhoneCall.Kind.choices),
    "carrier": dict(CertificateApplication._meta.get_field("carrier").flatchoices),
    "changed": {
        "name": "姓名", "title": "职务", "phone": "办公电话", "mobile": "手机", "mail": "电子邮箱", "office": "处室",
    },
    "disposal": dict(Unit.Disposal.choices),
    "duty": _words(Duty),
    "faults": ITEMS,
    "from": _words(DocumentState) | dict(Track.choices),
    "form": {form.value: name for form, name in FOR.items()},
    "kind": _KINDS | _words(OpeningKind),
    "matter": _words(OpeningMatter),
    "method": dict(Method.choices),
    "part": dict(CentreRole.Role.choices),
    "party": dict(AccessConfirmation.Party.choices),
    "permissions": _words(*ALL),
    "side": {"about": "对他办的"},
    "step": dict(Reminder.Step.choices),
    "reason": dict(LoginAttempt.Outcome.choices) | _words(Why) | _CHECKED_PASSWORD,
    "request": dict(DeliveryRequest.Kind.choices),
    "role": dict(Attachment.Role.choices),
    "to": dict(Track.choices),
    "use": _words(Use),
    "what": {"body": "正文", "sentence": "查找到的语句"},
}  # fmt: skip
