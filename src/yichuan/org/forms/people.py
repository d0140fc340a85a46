"""The forms of the unit administrator's people pages. What a field may hold is the service's word; these bound it."""

from typing import Any

from django import forms

from yichuan.org.models import Office, Unit

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CardForm(forms.Form):
    """A person's card as 附件1 has it."""

    name = forms.CharField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    office = forms.ModelChoiceField(
        label="所在处室", queryset=Office.objects.none(), required=False, empty_label="（不分处室）",
        error_messages={"invalid_choice": "本单位没有这个处室，或者已经撤销。"},
    )  # fmt: skip
    title = forms.CharField(label="职务", max_length=80, required=False)
    phone = forms.CharField(label="办公电话", max_length=60, required=False)
    mobile = forms.CharField(label="手机", max_length=40, required=False)
    mail = forms.CharField(label="电子邮箱", max_length=140, required=False)

    def __init__(self, data: Any = None, *, unit: Unit, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offices = self.fields["office"]
        assert isinstance(offices, forms.ModelChoiceField)  # noqa: S101 - tells the type
        offices.queryset = Office.objects.filter(unit=unit, closed_at=None)
        offices.label_from_instance = lambda office: office.name  # type: ignore[method-assign, assignment]


class OpenPersonForm(CardForm):
    """A new account with its card, and whether the person qualifies (P8).

    `sure` comes with the warning that somebody like this is registered already.
    """

    username = forms.CharField(
        label="账号", max_length=60, required=False, help_text="不填就按姓名拼音取一个没人用的。"
    )
    established = forms.BooleanField(label="在编人员", required=False)
    trained_on = forms.DateField(
        label="培训日期",
        required=False,
        widget=_DATE,
        help_text="上岗前的培训。",
        error_messages={"invalid": "日期请写成 2008-06-25 的样子。"},
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ("name", "username")


class TrainingForm(forms.Form):
    """Whether a person qualifies for a post (P8)."""

    established = forms.BooleanField(label="在编人员", required=False)
    trained_on = forms.DateField(
        label="培训日期",
        required=False,
        widget=_DATE,
        error_messages={"invalid": "日期请写成 2008-06-25 的样子。"},
    )
    training_note = forms.CharField(
        label="培训说明",
        max_length=120,
        required=False,
        error_messages={"max_length": "培训说明最多 120 个字。"},
    )


class ReasonForm(forms.Form):
    """Why an account is suspended, resumed, unlocked or given a new first password."""

    reason = forms.CharField(
        label="事由",
        max_length=200,
        error_messages={"required": "请写明事由，审计员要看。", "max_length": "事由最多 200 个字。"},
    )
