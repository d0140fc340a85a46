"""The forms of applications for seals, of reports of loss, and of rules. They take the types; services decide."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.labels import Labelled
from yichuan.org.models import Unit
from yichuan.org.selectors.who_can import holders
from yichuan.seals.kinds import Carrier, Cause, CustodyRole, Matter, OpeningKind, SealState
from yichuan.seals.models import Imprint, Seal
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.services.report_loss import CAUSES as REPORTED
from yichuan.seals.wish import CAUSES, Keeper, Wish

Choices = list[tuple[str, str]]
CARRIERS = (Carrier.USB, Carrier.FILE, Carrier.DEVICE)  # the unit's own first
NONE: tuple[str, str] = ("", "请选择")


def labelled(words: Iterable[Labelled]) -> Choices:
    """The words of an enum, as a field's choices."""
    return [(each.value, each.label) for each in words]


class RefusableForm(forms.Form):
    """A form that shows what a service refused beside its fields."""

    def show(self, refusal: Refused) -> None:
        """Put each message at its field, what has none above all."""
        errors = getattr(refusal, "errors", None) or {refusal.field or "": refusal.message}
        for name, message in errors.items():
            self.add_error(self.placed(name), message)

    def placed(self, name: str) -> str | None:
        """The field of this form that a service calls `name`."""
        return name if name in self.fields else None


class WishForm(RefusableForm):
    """What is asked for, of one matter, by one unit. Nothing is required here: `cleaned` says all at once."""

    seal = forms.ChoiceField(label="印章", required=False)
    cause = forms.ChoiceField(label="原因", required=False)
    imprint = forms.ChoiceField(label="印模", required=False)
    carrier = forms.ChoiceField(label="载体", required=False, widget=forms.RadioSelect, choices=labelled(CARRIERS))
    keeper = forms.ChoiceField(label="保管人", required=False)
    password_keeper = forms.ChoiceField(label="密码保管人", required=False)
    custodians = forms.MultipleChoiceField(label="保管人", required=False, widget=forms.CheckboxSelectMultiple)
    quorum = forms.IntegerField(label="每次用印", required=False, min_value=1, max_value=9, initial=2)
    opening_kind = forms.ChoiceField(label="每次开启", required=False, choices=labelled(OpeningKind))
    opening_limit = forms.IntegerField(label="开启限度", required=False, min_value=1, max_value=999, initial=1)
    verification_holder = forms.ChoiceField(label="验证章保管人", required=False)
    attendant = forms.ChoiceField(label="到场办理人", required=False)
    words = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, unit: Unit, matter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = Matter(matter)
        causes = [(each.value, each.label) for each in CAUSES[self.matter]]
        users = _people(May.USE, unit)
        choices: dict[str, Choices] = {
            "seal": [NONE, *_seals(unit)],
            "cause": causes if len(causes) == 1 else [NONE, *causes],
            "imprint": [NONE, *_imprints(unit)],
            "keeper": [NONE, *users],
            "password_keeper": [("", "不分开，由同一人保管"), *users],
            "custodians": users,
            "verification_holder": [NONE, *_people(May.HOLD_VERIFICATION, unit)],
            "attendant": [NONE, *_people(May.ATTEND, unit)],
        }
        for name, given in choices.items():
            self.fields[name].choices = given  # type: ignore[attr-defined]
        for name in self._left_out():
            del self.fields[name]

    def _left_out(self) -> list[str]:
        if self.matter == Matter.MAKE:
            return ["seal", "cause"]
        keeping = ["imprint", "carrier", "keeper", "password_keeper", "custodians", "quorum"]
        keeping += ["opening_kind", "opening_limit", "verification_holder"]
        return keeping if self.matter == Matter.DESTROY else []

    def placed(self, name: str) -> str | None:
        if name == "keepers":
            name = "custodians" if self.cleaned_data.get("carrier") == Carrier.DEVICE else "keeper"
        return super().placed(name)

    def to_wish(self) -> Wish:
        """The wish; valid forms only."""
        said = self.cleaned_data
        device = said.get("carrier") == Carrier.DEVICE
        return Wish(
            matter=self.matter.value,
            cause=said.get("cause") or (Cause.NEW.value if self.matter == Matter.MAKE else ""),
            seal_id=_id(said.get("seal")),
            imprint_id=_id(said.get("imprint")),
            words=said["words"],
            carrier=said.get("carrier", ""),
            keepers=self._keepers(device=device),
            quorum=(said.get("quorum") or 0) if device else 1,
            opening_kind=said.get("opening_kind") or OpeningKind.DOCUMENT.value,
            opening_limit=(said.get("opening_limit") or 0) if device else 1,
            verification_holder_id=_id(said.get("verification_holder")),
            attendant_id=_id(said.get("attendant")),
        )

    def _keepers(self, *, device: bool) -> tuple[Keeper, ...]:
        said = self.cleaned_data
        if device:
            return tuple(Keeper(uuid.UUID(each)) for each in said["custodians"])
        first, second = _id(said.get("keeper")), _id(said.get("password_keeper"))
        if first is None:
            return ()
        if second is None:
            return (Keeper(first),)
        return (Keeper(first, CustodyRole.CARRIER.value), Keeper(second, CustodyRole.PASSWORD.value))

    @staticmethod
    def initial_of(wish: Wish) -> dict[str, Any]:
        """The fields' values for a wish that is to be changed."""
        ids = [str(each.account_id) for each in wish.keepers]
        device = wish.carrier == Carrier.DEVICE
        return {
            "seal": wish.seal_id,
            "cause": wish.cause,
            "imprint": wish.imprint_id,
            "carrier": wish.carrier,
            "keeper": ids[0] if ids and not device else "",
            "password_keeper": ids[1] if len(ids) > 1 and not device else "",
            "custodians": ids if device else [],
            "quorum": wish.quorum,
            "opening_kind": wish.opening_kind,
            "opening_limit": wish.opening_limit,
            "verification_holder": wish.verification_holder_id,
            "attendant": wish.attendant_id,
            "words": wish.words,
        }


class ReportForm(RefusableForm):
    """报告损坏、遗失."""

    cause = forms.ChoiceField(label="情况", widget=forms.RadioSelect, choices=[(c.value, c.label) for c in REPORTED])
    lost_at = forms.DateTimeField(
        label="从什么时候起",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={"invalid": "时间写成 2008-08-01 09:30 的样子。", "required": "请填写从什么时候起。"},
    )
    words = forms.CharField(label="情况说明", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, data: Any = None) -> None:
        now = timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
        super().__init__(data, initial={"lost_at": now, "cause": Cause.LOSS.value})
        self.fields["cause"].error_messages["required"] = "请选择遗失还是损坏。"


class RulesForm(RefusableForm):
    """本单位印章管理使用办法."""

    title = forms.CharField(label="名称", required=False, max_length=500)
    text = forms.CharField(label="全文", required=False, widget=forms.Textarea(attrs={"rows": 18}), max_length=100_000)


def _id(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None


def _people(permission: May, unit: Unit) -> Choices:
    """Who holds the post for it in this unit, each once."""
    accounts = {post.account_id: post.account for post in holders(permission, unit)}
    ordered = sorted(accounts.values(), key=lambda each: (each.name, each.username))
    return [(str(each.pk), f"{each.name}（{each.username}）") for each in ordered]


def _imprints(unit: Unit) -> Choices:
    rows = (
        Imprint.objects.filter(unit=unit, unit_name__valid_to=None).exclude(approved_at=None).order_by("-approved_at")
    )
    return [
        (str(pk), f"{name}，直径 {diameter.normalize():f} 毫米，{timezone.localdate(at):%Y-%m-%d} 批准")
        for pk, name, diameter, at in rows.values_list("pk", "name", "diameter_mm", "approved_at")[:50]
        if at is not None
    ]


def _seals(unit: Unit) -> Choices:
    rows = Seal.objects.filter(unit=unit).exclude(state__in=(SealState.MAKING, SealState.DESTROYED))
    return [(str(each.pk), f"{each.name}，{each.get_state_display()}") for each in rows.order_by("-issued_at")[:50]]
