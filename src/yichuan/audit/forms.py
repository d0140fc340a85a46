"""What the auditor looks for in the log."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from yichuan.audit.asked import ABOUT
from yichuan.audit.labels import LABELS
from yichuan.common.characters import hides_something

ROOMS = {
    "compose": "制作和盖章",
    "exchange": "交换",
    "seals": "印章",
    "org": "单位、岗位和权限",
    "people": "人员和登录",
    "interface": "办公系统接口",
    "keys": "证书",
    "changes": "单位申请和批次",
    "audit": "日志",
    "evidence": "证据",
    "operations": "中心",
}
SIDES = [("", "他办的"), (ABOUT, "对他办的")]
_WRONG = "请写成 2026-01-31 这样的日期。"
_OUT_OF_REACH = "请写 1970 年到 2199 年之间的日期。"
IN_REACH = [
    MinValueValidator(date(1970, 1, 1), _OUT_OF_REACH),
    MaxValueValidator(date(2199, 12, 31), _OUT_OF_REACH),
]
_PRINTED = re.compile(r"(\d{1,17})[^0-9a-zA-Z]{1,3}([0-9a-fA-F]{16})")
_NO_PLACE = "请写日志里的序号，只要数字，从 1 起。"


class LogForm(forms.Form):
    """What is looked for in the log, in any combination. Nothing given: the last seven days."""

    since = forms.DateField(label="从", required=False, error_messages={"invalid": _WRONG}, validators=IN_REACH)
    until = forms.DateField(label="到", required=False, error_messages={"invalid": _WRONG}, validators=IN_REACH)
    act = forms.CharField(label="动作", required=False, max_length=60)
    person = forms.CharField(label="人员", required=False, max_length=40)
    side = forms.ChoiceField(label="人员", required=False, choices=SIDES)
    unit = forms.CharField(label="单位", required=False, max_length=60)
    document = forms.CharField(label="公文", required=False, max_length=60)
    place = forms.IntegerField(
        label="序号",
        required=False,
        min_value=1,
        max_value=10**17,
        error_messages={"invalid": _NO_PLACE, "min_value": _NO_PLACE, "max_value": _NO_PLACE},
    )

    def clean_act(self) -> str:
        """An act or a room of the lists; anything else looks for nothing in particular."""
        act: str = self.cleaned_data["act"]
        return act if act in LABELS or act in ROOMS else ""

    def clean(self) -> dict[str, Any]:
        """Nothing unseen in what was typed, the days in their order, one thing that entries are about."""
        found = super().clean() or {}
        for name in ("person", "unit", "document"):
            if hides_something(found.get(name) or ""):
                self.add_error(name, "里面有看不见的字符，请重新输入。")
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "结束日期早于开始日期，请改一下。")
        if found.get("side") == ABOUT and found.get("person") and found.get("document"):
            self.add_error("person", "查对某个人办的事，不能同时填公文，请去掉一个。")
        return found


def acts() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The rooms and their acts, for the choice: value, label, acts of it."""
    return [
        (room, label, sorted((verb, words) for verb, words in LABELS.items() if verb.startswith(f"{room}.")))
        for room, label in ROOMS.items()
    ]


class NoteForm(forms.Form):
    """What is done about the faults that a verification found."""

    note = forms.CharField(
        label="处理说明",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明查到了什么、怎样处理，再阅知。"},
    )

    def clean_note(self) -> str:
        """Nothing unseen."""
        note: str = self.cleaned_data["note"]
        if hides_something(note, lines=True):
            raise forms.ValidationError("里面有看不见的字符，请重新输入。")
        return note


class PrintedForm(forms.Form):
    """A checkpoint as it is printed on an original: number of entries, a dot, 16 hexadecimal digits of the root."""

    printed = forms.CharField(label="原件上印的检查点", max_length=60, required=False)

    def clean_printed(self) -> tuple[int, str] | None:
        """Number of entries and digits; None where nothing was typed."""
        typed: str = self.cleaned_data["printed"]
        if not typed:
            return None
        parts = _PRINTED.fullmatch("".join(typed.split()))
        if parts is None:
            raise forms.ValidationError("请照原件写：条数、一个点、16 位数字和字母，例如 1024·9f0c2a417be3d058。")
        return int(parts[1]), parts[2].lower()


class DayForm(forms.Form):
    """A day of the list of checkpoints; the newest where none is given."""

    day = forms.DateField(label="日期", required=False, error_messages={"invalid": _WRONG}, validators=IN_REACH)
