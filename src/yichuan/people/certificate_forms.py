"""Forms of certificates and one-time codes."""

from typing import Any

from django import forms

from yichuan.people.factors import Factor
from yichuan.people.models import Account
from yichuan.people.states import Carrier


def _password() -> forms.CharField:
    return forms.CharField(
        label="密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入密码。"},
    )


class ApplyForm(forms.Form):
    """广东省党政内网政府系统个人用户数字证书申请表: what the applicant fills in."""

    carrier = forms.ChoiceField(
        label="证书载体",
        choices=[(each.value, each.label) for each in Carrier],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择证书放在哪里。"},
    )
    purpose = forms.CharField(
        label="申请用途",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明用途，如「登录电子公文交换系统办理收文」。"},
    )
    devices = forms.MultipleChoiceField(
        label="限用设备", required=False, widget=forms.CheckboxSelectMultiple, help_text="不勾选就不限设备。"
    )
    offered = forms.FileField(
        label="外部证书",
        required=False,
        help_text="载体选「外部证书」的，选择其他机构发的证书文件（.cer、.crt、.pem），不要选私钥。",
    )
    undertaken = forms.BooleanField(
        label="本人承诺",
        help_text="数字证书不转借他人，也不由他人代用；不在党政内网以外的计算机上使用；保密责任由本人承担。",
        error_messages={"required": "请先勾选承诺：不转借他人，也不由他人代用。"},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices = account.devices.filter(retired_at=None).order_by("-registered_at")[:50]
        self.fields["devices"].choices = [  # type: ignore[attr-defined]
            (str(device.pk), f"{device.name}（{device.asset_number}）") for device in devices
        ]
        if not devices:
            del self.fields["devices"]


class ReasonForm(forms.Form):
    """One line of why, kept on record."""

    reason = forms.CharField(label="原因", max_length=200, error_messages={"required": "请写明原因。"})


class LossForm(forms.Form):
    """挂失 by the person, who proves themself by the password."""

    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请输入账号。"})
    password = _password()
    reason = forms.CharField(
        label="挂失原因", max_length=200, error_messages={"required": "请写明原因，如「USB Key 丢失」。"}
    )


class SecondFactorForm(forms.Form):
    """The proof that is still wanted: one of the two fields."""

    password = _password()
    code = forms.CharField(
        label="动态口令",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
        error_messages={"required": "请输入动态口令。"},
    )

    def __init__(self, *args: Any, wanted: Factor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password", "code"):
            if name != wanted:
                del self.fields[name]


class CodeForm(forms.Form):
    """A code that shows that the generator is at hand."""

    code = forms.CharField(
        label="动态口令",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
        error_messages={"required": "请输入手机上显示的六位数字。"},
    )
