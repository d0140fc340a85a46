"""The sending form: recipients, allowances, those who are not connected, and the key that makes a double click
harmless."""

import uuid
from collections.abc import Callable, Iterable

from django import forms
from django.http import QueryDict

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.exchange.models import Delivery
from yichuan.exchange.recipients import members_of, own_members
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.exchange.services.routing import NO_MAIN
from yichuan.exchange.services.send import Recipient
from yichuan.org.models import Office, Unit

UNKNOWN = "有的收件单位不在通讯录里，请从名单中选择。"
ROLES = (Delivery.Role.MAIN, Delivery.Role.COPY)
Place = tuple[uuid.UUID, uuid.UUID | None]


class SendForm(forms.Form):
    """Fields are read by hand. A recipient is a unit, `office:` an office of one, `batch:` a batch, `names:` one of the
    documents' collective names, `own:` a group of the sender's. `paper-…` are columns of those not connected."""

    key = forms.UUIDField(error_messages=dict.fromkeys(("invalid", "required"), "这张发送单失效了，请刷新页面。"))

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.given = data
        self.recipients: list[Recipient] = []
        self.paper: list[PaperRecipientWish] = []

    def read(self, sender: Unit, *also: Callable[[], None]) -> None:
        """Read the recipients, and run the checks of the page's other parts. Raises `Invalid` with the faults of all
        of them, one message a field."""
        errors: dict[str, str] = {}
        for part in (lambda: self._read_recipients(sender), self._read_paper, *also):
            try:
                part()
            except Invalid as refusal:
                errors |= refusal.errors
        if errors:
            raise Invalid(errors)

    def _read_recipients(self, sender: Unit) -> None:
        errors: dict[str, str] = {}
        default = self._number(self.given.get("allowance", ""), errors)
        chosen = Chosen((value for role in ROLES for value in self.given.getlist(role.value)), sender)
        for role in ROLES:
            places: dict[str, Place] = {}
            for value in self.given.getlist(role.value):
                meant = chosen.places(value)
                if meant is None:
                    errors[role.value] = UNKNOWN
                places |= meant or {}
            for value, (unit_id, office_id) in places.items():
                own = self.given.get(f"allowance-{value}", "")
                allowance = self._number(own, errors) if own else default
                self.recipients.append(Recipient(unit_id, role, allowance, office_id))
        if not self.given.getlist(Delivery.Role.MAIN.value):
            errors.setdefault("main", NO_MAIN)
        if errors:
            raise Invalid(errors)

    def _read_paper(self) -> None:
        for place, row in enumerate(paper_rows(self.given), start=1):
            if not row["copies"].isdecimal() or len(row["copies"]) > 4:
                raise Invalid({"paper": f"未联网的单位第 {place} 行（{row['name'][:20]}）：份数应是整数。"})
            role = Delivery.Role.COPY if row["role"] == Delivery.Role.COPY else Delivery.Role.MAIN
            self.paper.append(PaperRecipientWish(row["name"], role, row["address"], int(row["copies"])))

    def _number(self, text: str, errors: dict[str, str]) -> int:
        most = profile.current().greatest_allowance
        digits = text.strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 6 else -1
        if not 0 <= number <= most:
            errors["allowance"] = f"打印份数应是 0 到 {most} 之间的整数，现在是「{text[:20]}」。"
        return number


def paper_rows(given: QueryDict) -> list[dict[str, str]]:
    """What was typed of those not connected, trimmed; rows with nothing in name and address are left out."""
    columns = [given.getlist(f"paper-{name}") for name in ("name", "role", "address", "copies")]
    rows = [dict(zip(("name", "role", "address", "copies"), row, strict=True)) for row in zip(*columns, strict=False)]
    rows = [{name: text.strip() for name, text in row.items()} for row in rows]
    return [row for row in rows if row["name"] or row["address"]]


class Chosen:
    """What the values of the recipients' fields stand for, looked up at once. A unit may have closed meanwhile."""

    def __init__(self, values: Iterable[str], sender: Unit) -> None:
        wanted = set(values)
        self.units = Unit.objects.in_bulk([found for each in wanted if (found := _uuid(each))])
        offices = [found for each in wanted if each.startswith("office:") and (found := _uuid(each[7:]))]
        self.offices = Office.objects.select_related("unit").in_bulk(offices)
        self.groups: dict[str, dict[str, Place]] = {}
        for value in wanted:
            units = members_of(value, sender.pk)
            if units is not None and (ids := list(units.values_list("pk", flat=True))):
                self.groups[value] = {str(unit_id): (unit_id, None) for unit_id in ids}
        if any(each.startswith("own:") for each in wanted):
            for group_id, members in own_members(sender.pk).items():
                self.groups[f"own:{group_id}"] = {
                    f"office:{row.office_id}" if row.office_id else str(row.unit_id): (row.unit_id, row.office_id)
                    for row in members
                }

    def places(self, value: str) -> dict[str, Place] | None:
        """Unit and office of each recipient that the value stands for, by the value of each by itself; None for a
        value that stands for nothing."""
        if value in self.groups:
            return self.groups[value]
        if value.startswith("office:"):
            office = self.offices.get(_uuid(value[7:]) or uuid.UUID(int=0))
            return {value: (office.unit_id, office.pk)} if office else None
        unit = self.units.get(_uuid(value) or uuid.UUID(int=0))
        return {str(unit.pk): (unit.pk, None)} if unit else None

    def named(self) -> dict[str, str]:
        """The name of each unit and office by its value."""
        units = {str(unit.pk): unit.short_name for unit in self.units.values()}
        return units | {f"office:{each.pk}": f"{each.unit.short_name}{each.name}" for each in self.offices.values()}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
