"""The forms of the exchange rules. They take the types; what must hold stands in the services."""

from typing import Any

from django import forms

from yichuan.org.models import Unit

BAD_DAY = "日期写成 2027-01-01 的样子。"


class Day(forms.DateField):
    """A day, typed or chosen."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages={"invalid": BAD_DAY, "required": "请填写日期。"}, **kwargs)


class DayForm(forms.Form):
    """One day of the calendar."""

    day = Day(label="日期")
    works = forms.ChoiceField(
        label="安排",
        choices=[("off", "放假"), ("on", "调休上班"), ("", "不登记，按星期计")],
        initial="off",
        required=False,
    )
    name = forms.CharField(label="名称", required=False, max_length=40)


class LoadForm(forms.Form):
    """A year's days in a file."""

    file = forms.FileField(
        label="表格", max_length=200, help_text="xlsx 或 csv。", error_messages={"required": "请选择填好的表格。"}
    )


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A unit by its short name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.short_name)


class LateNoticeForm(forms.Form):
    """Until when which day's documents are taken, from whom, and why."""

    day = Day(label="哪一天")
    until = forms.TimeField(
        label="收到几点",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "时间写成 17:00 的样子。", "required": "请填写时间。"},
    )
    sender = UnitChoice(
        Unit.objects.none(),
        label="告知谁",
        required=False,
        empty_label="所有发文单位",
        error_messages={"invalid_choice": "请从名单里选择一个发文单位。"},
    )
    reason = forms.CharField(label="什么情况", max_length=200, error_messages={"required": "请写明什么情况。"})

    def __init__(self, *args: Any, receiver: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        senders = self.fields["sender"]
        assert isinstance(senders, UnitChoice)  # noqa: S101 - tells the type
        senders.queryset = Unit.objects.filter(closed_at=None).exclude(pk=receiver.pk).order_by("order")
