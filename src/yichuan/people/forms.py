"""Forms of login, password and devices."""

from django import forms
from django.db.models import QuerySet

from yichuan.people.models import Account, Device
from yichuan.people.services.spot_check import ITEMS


class LogInForm(forms.Form):
    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请输入账号。"})
    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入密码。"},
    )


class ChangePasswordForm(forms.Form):
    old = forms.CharField(
        label="现在的密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入现在的密码。"},
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请输入新密码。"},
    )
    again = forms.CharField(
        label="再输一次",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput,
        error_messages={"required": "请再输入一次新密码。"},
    )


class BindDeviceForm(forms.Form):
    code = forms.CharField(
        label="绑定码",
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请输入绑定码。"},
    )


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A person by name and account."""

    def label_from_instance(self, obj: Account) -> str:
        return f"{obj.name}（{obj.username}）"


class DeviceForm(forms.Form):
    name = forms.CharField(label="设备名称", max_length=40, error_messages={"required": "请填写设备名称。"})
    kind = forms.ChoiceField(label="类型", choices=Device.Kind.choices)
    asset_number = forms.CharField(label="资产编号", max_length=40, error_messages={"required": "请填写资产编号。"})
    place = forms.CharField(label="放置地点", max_length=60, error_messages={"required": "请填写放置地点。"})
    user = PersonField(
        label="使用人",
        queryset=Account.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择使用人。", "invalid_choice": "请选择本单位的使用人。"},
    )

    def __init__(self, *args: object, people: QuerySet[Account], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101 - tells the type
        user.queryset = people


class SpotCheckForm(forms.Form):
    well = forms.MultipleChoiceField(
        label="符合的项目", choices=tuple(ITEMS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    findings = forms.CharField(label="检查情况", max_length=400, required=False, widget=forms.Textarea({"rows": 3}))


class SealOffForm(forms.Form):
    reason = forms.CharField(label="封存原因", max_length=200, error_messages={"required": "请写明封存原因。"})
    suspend_user = forms.BooleanField(label="同时停用使用人的账号", required=False)
