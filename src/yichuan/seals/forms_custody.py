"""Forms of custody: the password of a share, what is asked for, who keeps a seal from now on."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from yichuan.people.models import Account
from yichuan.seals.kinds import CustodyRole, OpeningKind
from yichuan.seals.models import Custodian, Seal
from yichuan.seals.services.entrust import APART

WORDS = 400


def _secret(label: str, missing: str, auto: str) -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": auto})
    return forms.CharField(
        label=label, strip=False, max_length=200, widget=widget, error_messages={"required": missing}
    )


class ShareForm(forms.Form):
    """The password of one's own share; `old` only where there is one."""

    old = _secret("现在的密码", "请输入现在的保管密码。", "off")
    new = _secret("保管密码", "请输入保管密码。", "new-password")
    again = _secret("再输一次", "请再输入一次新的保管密码。", "new-password")

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["old"]


class AskForm(forms.Form):
    """An opening for a number of documents, or for a time: what the unit chose for its seal."""

    uses = forms.IntegerField(label="件数", required=False, min_value=1)
    minutes = forms.IntegerField(label="时间", required=False, min_value=1)
    words = forms.CharField(
        label="用印事由",
        max_length=WORDS,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明用印的事由，其他保管人据此决定是否同意。"},
    )

    def __init__(self, *args: Any, seal: Seal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = seal.opening_kind == OpeningKind.COUNT
        del self.fields["minutes" if counted else "uses"]
        field = self.fields["uses" if counted else "minutes"]
        field.widget.attrs["max"] = seal.opening_limit
        field.required = True
        field.error_messages["required"] = "请填写。"


class ChangeForm(forms.Form):
    """Who keeps the seal from now on: custodians alike, or one with the carrier and one with its password."""

    words = forms.CharField(
        label="更换原因",
        max_length=WORDS,
        widget=forms.TextInput,
        error_messages={"required": "请写明为什么更换，例如岗位交接。"},
    )
    custodians = forms.MultipleChoiceField(
        label="保管人",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "请从本单位的印章管理员中选择。"},
    )
    carrier = forms.ChoiceField(label="载体保管人", required=False)
    password = forms.ChoiceField(label="密码保管人", required=False)

    def __init__(self, data: QueryDict | None, *, people: list[Account], present: list[Custodian]) -> None:
        kept = {CustodyRole(each.role): str(each.account_id) for each in present}
        initial = {
            "custodians": [str(each.account_id) for each in present],
            "carrier": kept.get(CustodyRole.CARRIER, ""),
            "password": kept.get(CustodyRole.PASSWORD, ""),
        }
        super().__init__(data, initial=initial)
        self.apart = bool(set(kept) & APART)
        choices = [(str(each.pk), f"{each.name}（{each.username}）") for each in people]
        for name in ("carrier", "password") if self.apart else ("custodians",):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in ("custodians",) if self.apart else ("carrier", "password"):
            del self.fields[name]

    def chosen(self) -> list[tuple[UUID, CustodyRole]]:
        """The people with their roles."""
        said = self.cleaned_data
        if self.apart:
            roles = {"carrier": CustodyRole.CARRIER, "password": CustodyRole.PASSWORD}
            return [(UUID(said[name]), role) for name, role in roles.items() if said[name]]
        return [(UUID(each), CustodyRole.CUSTODIAN) for each in said["custodians"]]
