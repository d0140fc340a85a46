"""What the auditor looks for in the log."""

from datetime import date, timedelta
from typing import Any

from django import forms

from yichuan.audit.labels import LABELS

ROOMS = {
    "compose": "制作和盖章",
    "exchange": "交换",
    "seals": "印章",
    "org": "单位、岗位和权限",
    "people": "人员和登录",
    "interface": "办公系统接口",
    "keys": "证书",
    "changes": "单位申请和批次",
    "operations": "中心",
}
LATELY = timedelta(days=7)
_WRONG = "请写成 2026-01-31 这样的日期。"


class LogForm(forms.Form):
    """A span of days and, within it, a room or one act, and a person's name. Nothing given: the last seven days."""

    since = forms.DateField(label="从", required=False, error_messages={"invalid": _WRONG})
    until = forms.DateField(label="到", required=False, error_messages={"invalid": _WRONG})
    act = forms.CharField(required=False, max_length=60)
    person = forms.CharField(required=False, max_length=40)

    def clean_act(self) -> str:
        """An act or a room of the lists; anything else looks for nothing in particular."""
        act: str = self.cleaned_data["act"]
        return act if act in LABELS or act in ROOMS else ""

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期早于开始日期，请改一下。")
        return found


def acts() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The rooms and their acts, for the choice: value, label, acts of it."""
    return [
        (room, label, sorted((verb, words) for verb, words in LABELS.items() if verb.startswith(f"{room}.")))
        for room, label in ROOMS.items()
    ]


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days to look through: as given, else the last seven."""
    last = until or today
    return since or last - LATELY, last
