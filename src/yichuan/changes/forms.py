"""The forms of each kind of application. They take the types; what must hold stands in `content` and `facts`."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy

from yichuan.changes.content import (
    RANKS,
    AddName,
    Content,
    Deregister,
    DropName,
    Join,
    MergeInto,
    MergeNew,
    Rename,
    label_of,
)
from yichuan.changes.models import Application
from yichuan.changes.services.facts import further_names, identifiers
from yichuan.common.errors import Refused
from yichuan.org.models import Staff, Unit

MOST_UNITS = 100


class Day(forms.DateField):
    """A day, typed or chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "日期写成 2008-08-01 的样子。"},
            **kwargs,
        )


class UnitField(forms.CharField):
    """One unit, typed by its name as the contact book has it; keeps its identifier. The server offers what matches."""

    NAMES = ("to", "survivor", "unit")

    def __init__(self, **kwargs: Any) -> None:
        asks = {"hx-get": reverse_lazy("changes:unit_names"), "hx-trigger": "input changed delay:250ms"}
        puts = {"hx-target": "#units", "hx-swap": "innerHTML"}
        widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off"} | asks | puts)
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        return _found([value])[0] if value else ""

    def prepare_value(self, value: Any) -> Any:
        return (_names([value]) or [value])[0] if value else value


class UnitsField(forms.CharField):
    """Several units, one name a line; keeps their identifiers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_found((value or "").replace("、", "\n").splitlines())))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(_names(value)) if isinstance(value, tuple | list) else value


def _found(names: Iterable[str]) -> list[str]:
    """The identifiers of the open units of these names, full or short. Raises a form's own error."""
    wanted = [name.strip() for name in names if name.strip()][:MOST_UNITS]
    rows = Unit.objects.filter(closed_at=None)
    known = {name: str(pk) for pk, name in rows.filter(name__in=wanted).values_list("pk", "name")}
    known |= {name: str(pk) for pk, name in rows.filter(short_name__in=wanted).values_list("pk", "short_name")}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise forms.ValidationError(f"通讯录里没有「{missing[0][:60]}」，请照通讯录写单位的全称或简称。")
    return [known[name] for name in wanted]


def _names(ids: Iterable[str]) -> list[str]:
    given = list(ids)
    units = Unit.objects.filter(pk__in=identifiers(given))
    names = {str(pk): name for pk, name in units.values_list("pk", "short_name")}
    return [names.get(each, each) for each in given]


class ContentForm(forms.Form):
    """What all kinds share. Nothing is required here: `cleaned` says what is missing, all at once."""

    content: type[Content]
    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    head = forms.CharField(required=False)
    contact = forms.CharField(required=False)
    phone = forms.CharField(required=False)

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = label_of(self.content, name)
        self.order_fields([name for name in self.fields if name not in ContentForm.base_fields])
        self.settle(unit)

    def settle(self, unit: Unit | None) -> None:
        """Fill in the choices that the unit itself gives."""

    def to_content(self) -> Content:
        """The content; valid forms only."""
        known = {field.name for field in dataclasses.fields(self.content)}
        return self.content(**{name: value for name, value in self.cleaned_data.items() if name in known})

    def show(self, refusal: Refused) -> None:
        """Put what a service refused beside its fields."""
        errors = getattr(refusal, "errors", None) or {refusal.field or "": refusal.message}
        for name, message in errors.items():
            if name in self.fields and self.has_error(name):
                continue
            self.add_error(name if name in self.fields else None, message)

    def starred(self) -> frozenset[str]:
        """The fields that may not stay empty."""
        return frozenset(f.name for f in dataclasses.fields(self.content) if not f.metadata.get("free"))


class NamedForm(ContentForm):
    name = forms.CharField(required=False)
    short_name = forms.CharField(required=False)


class AdministeredForm(ContentForm):
    admin_name = forms.CharField(required=False)
    admin_title = forms.CharField(required=False)
    admin_phone = forms.CharField(required=False)
    admin_mobile = forms.CharField(required=False)
    admin_mail = forms.CharField(required=False)
    admin_established = forms.BooleanField(required=False)
    admin_trained_on = Day(required=False)


class NewUnitForm(NamedForm, AdministeredForm):
    unit_kind = forms.ChoiceField(choices=Unit.Kind.choices, required=False)
    rank = forms.ChoiceField(choices=list(RANKS.items()), required=False, initial="department")
    starts = Day(required=False)


class JoinForm(NewUnitForm):
    content = Join
    field_order = ("name", "short_name", "unit_kind", "rank", "starts")


class RenameForm(NamedForm, AdministeredForm):
    content = Rename
    field_order = ("name", "short_name", "administrator")

    administrator = forms.ChoiceField(required=False)
    users = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    newcomers = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def settle(self, unit: Unit | None) -> None:
        """The unit's people, who may go on or not."""
        people = Staff.objects.filter(unit=unit, account__is_active=True).select_related("account").order_by("pinyin")
        named = [(str(each.account_id), f"{each.account.name}（{each.account.username}）") for each in people]
        self.fields["administrator"].choices = [("", "新的管理员（在下面填写）"), *named]  # type: ignore[attr-defined]
        self.fields["users"].choices = named  # type: ignore[attr-defined]
        self.fields["users"].initial = [value for value, _ in named]

    def clean_users(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["users"])


class DeregisterForm(ContentForm):
    content = Deregister

    disposal = forms.ChoiceField(choices=Unit.Disposal.choices, required=False)
    to = UnitField(required=False)


class MergeIntoForm(ContentForm):
    content = MergeInto

    survivor = UnitField(required=False)
    merged = UnitsField(required=False)

    def settle(self, unit: Unit | None) -> None:
        self.fields["survivor"].initial = str(unit.pk) if unit else ""


class MergeNewForm(NewUnitForm):
    content = MergeNew
    field_order = ("merged", "name", "short_name", "unit_kind", "rank", "starts")

    merged = UnitsField(required=False)


class AddNameForm(NamedForm):
    content = AddName


class DropNameForm(ContentForm):
    content = DropName

    dropped = forms.ChoiceField(required=False)

    def settle(self, unit: Unit | None) -> None:
        names = further_names(unit) if unit else []
        self.fields["dropped"].choices = [("", "请选择"), *((str(n.pk), n.name) for n in names)]  # type: ignore[attr-defined]


FORMS: dict[str, type[ContentForm]] = {
    form.content.kind.value: form
    for form in (JoinForm, RenameForm, DeregisterForm, MergeIntoForm, MergeNewForm, AddNameForm, DropNameForm)
}
KINDS = dict(Application.Kind.choices)


class PaperUnitForm(forms.Form):
    """代录: what the paper letter asks for, and which unit sent it."""

    kind = forms.ChoiceField(choices=Application.Kind.choices, label="申请事项")
    unit = UnitField(required=False, label="来函单位")


class QueryForm(forms.Form):
    """查询申请."""

    number = forms.CharField(label="申请编号", max_length=20, error_messages={"required": "请填写申请编号。"})
    code = forms.CharField(label="查询码", max_length=40, error_messages={"required": "请填写查询码。"})
