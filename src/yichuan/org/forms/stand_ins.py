"""The form by which somebody is named to stand in."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from yichuan.org.models import Post, Staff
from yichuan.org.services.appoint import name_of


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    words = {"required": "请填写日期。", "invalid": "日期请写成 2008-06-25 的样子。"}
    return forms.DateField(label=label, widget=widget, error_messages=words)


class StandInForm(forms.Form):
    """Which post, who, from when to when, why."""

    post = forms.ModelChoiceField(
        label="岗位", queryset=Post.objects.none(), empty_label="选择岗位",
        error_messages={"required": "请选择岗位。", "invalid_choice": "这个岗位已经变动，请重新选择。"},
    )  # fmt: skip
    account = forms.ModelChoiceField(
        label="代岗人", queryset=Staff.objects.none(), empty_label="选择本单位的人",
        error_messages={"required": "请选择代岗的人。", "invalid_choice": "请选择本单位在用的人员。"},
    )  # fmt: skip
    since = _day("从")
    until = _day("到")
    reason = forms.CharField(label="事由", max_length=200, error_messages={"required": "请写明事由。"})

    def __init__(self, data: Any, *, posts: QuerySet[Post], people: QuerySet[Staff]) -> None:
        super().__init__(data)
        for name, rows in (("post", posts), ("account", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type
            field.queryset = rows
        self.fields["post"].label_from_instance = lambda post: f"{name_of(post)}：{post.account.name}"  # type: ignore[attr-defined]
        self.fields["account"].label_from_instance = _person_label  # type: ignore[attr-defined]


def _person_label(staff: Staff) -> str:
    office = f"{staff.office.name}，" if staff.office else ""
    return f"{staff.account.name}（{office}{staff.title or '没有登记职务'}）"
