"""The form of a telephone reminder. It takes the types; what must hold stands in the service."""

from django import forms

from yichuan.common import clock, profile
from yichuan.exchange.services.calls import CallRecord


class CallForm(forms.Form):
    """Who called whom, when, and what was said."""

    call_called = forms.CharField(label="接电话的人", error_messages={"required": "请填写。"})
    call_phone = forms.CharField(
        label="电话号码", widget=forms.TextInput({"inputmode": "tel"}), error_messages={"required": "请填写。"}
    )
    call_caller = forms.CharField(label="打电话的人", error_messages={"required": "请填写。"})
    call_at = forms.DateTimeField(
        label="通话时间",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "通话时间写成 2013-01-05 20:15 的样子。", "required": "请填写。"},
    )
    call_said = forms.CharField(label="通话内容", required=False)

    @staticmethod
    def begun(caller: str, called: str, phone: str) -> dict[str, object]:
        """What the form begins with: who is logged in, whom the contact book names, now."""
        now = clock.now().astimezone(profile.current().zone).replace(tzinfo=None)
        return {"call_caller": caller, "call_called": called, "call_phone": phone, "call_at": now}

    def call(self) -> CallRecord:
        """The call that was written down, of a valid form."""
        given = self.cleaned_data
        return CallRecord(
            given["call_called"], given["call_phone"], given["call_caller"], given["call_at"], given["call_said"]
        )

    def take(self, errors: dict[str, str]) -> None:
        """Show what the service refused beside its field."""
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)
