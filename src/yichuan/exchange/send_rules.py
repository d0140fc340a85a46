"""What the sending form asks by the centre's rules: the declaration (J-4), the telephone record (G-16)."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from yichuan.common import clock, profile
from yichuan.common.errors import Invalid
from yichuan.compose.models import Document
from yichuan.exchange.services.calls import CallRecord, call_needed

DECLARATION = "本件不含密级内容、内部资料和私人信息"
WITHOUT = "未经电话通知，后果由发文单位承担"


class SendRulesForm(forms.Form):
    """Fields beside the recipients. `asks_call`: the document needs a call now; `may_go_without`: or a tick."""

    declared = forms.BooleanField(
        label=DECLARATION, error_messages={"required": f"请确认「{DECLARATION}」，打勾以后才能发送。"}
    )
    call_caller = forms.CharField(label="打电话的人", required=False)
    call_called = forms.CharField(label="接电话的人", required=False)
    call_phone = forms.CharField(label="电话号码", required=False, widget=forms.TextInput({"inputmode": "tel"}))
    call_at = forms.DateTimeField(
        label="通话时间",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "通话时间写成 2013-01-05 20:15 的样子。"},
    )
    call_said = forms.CharField(label="通话内容", required=False)
    without_call = forms.BooleanField(label=WITHOUT, required=False)

    def __init__(self, data: QueryDict | None, *, document: Document, caller: str) -> None:
        now = clock.now().astimezone(profile.current().zone)
        super().__init__(data, auto_id="%s", initial={"call_caller": caller, "call_at": now.replace(tzinfo=None)})
        rules = profile.current().exchange
        self.asks_call = call_needed(document.urgency, now)
        self.may_go_without = rules.without_call == "mark"
        self.duty_desk = rules.duty_desk

    def call(self) -> CallRecord | None:
        """The call that was written down; none while nothing is said of who answered, under which number, and what."""
        given: dict[str, Any] = self.cleaned_data
        if not (given["call_called"] or given["call_phone"] or given["call_said"]):
            return None
        at = given["call_at"]
        if not isinstance(at, datetime):
            raise Invalid({"call_at": "通话时间是空的，请填写。"})
        return CallRecord(given["call_called"], given["call_phone"], given["call_caller"], at, given["call_said"])

    def require(self) -> None:
        """Raise `Invalid`, one message a field, for what the form itself finds."""
        if not self.is_valid():
            raise Invalid({name: str(texts[0]) for name, texts in self.errors.items()})

    def take(self, errors: dict[str, str]) -> None:
        """Show what a service refused beside its field; what is said of the call as a whole stands at its first."""
        for name, message in errors.items():
            field = "call_called" if name == "call" else name
            if field in self.fields and not self.has_error(field):
                self.add_error(field, message)
