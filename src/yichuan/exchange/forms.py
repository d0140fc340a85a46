"""The sending form: recipients, allowance, and the key that makes a double click harmless."""

import uuid
from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.send import Recipient
from yichuan.org.models import Office, Unit

UNKNOWN = "有的收件单位不在通讯录里，请从名单中选择。"


class SendForm(forms.Form):
    """Fields are read by hand: a recipient is a unit, `office:` an office of one, or `batch:` all units of a batch."""

    key = forms.UUIDField(error_messages=dict.fromkeys(("invalid", "required"), "这张发送单失效了，请刷新页面。"))
    main = forms.CharField(required=False)
    copy = forms.CharField(required=False)
    allowance = forms.CharField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.given = data

    def recipients(self, sender: Unit) -> list[Recipient]:
        """The recipients in order. Raises `Invalid`, one message a field."""
        errors: dict[str, str] = {}
        default = self._number(self.given.get("allowance", ""), "allowance", errors)
        roles = (Delivery.Role.MAIN, Delivery.Role.COPY)
        chosen = Chosen(value for role in roles for value in self.given.getlist(role.value))
        found: list[Recipient] = []
        for role in roles:
            places: dict[str, tuple[uuid.UUID, uuid.UUID | None]] = {}
            for value in self.given.getlist(role.value):
                meant = chosen.places(value, sender)
                if not meant and value not in chosen.batches:
                    errors[role.value] = UNKNOWN
                places |= meant
            for value, (unit_id, office_id) in places.items():
                own = self.given.get(f"allowance-{value}", "")
                allowance = self._number(own, "allowance", errors) if own else default
                found.append(Recipient(unit_id, role, allowance, office_id))
        if errors:
            raise Invalid(errors)
        return found

    def _number(self, text: str, name: str, errors: dict[str, str]) -> int:
        most = profile.current().greatest_allowance
        digits = text.strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 6 else -1
        if not 0 <= number <= most:
            errors[name] = f"打印份数应是 0 到 {most} 之间的整数，现在是「{text[:20]}」。"
        return number


class Chosen:
    """What the values of the recipients' fields stand for, looked up at once. A unit may have closed meanwhile."""

    def __init__(self, values: Iterable[str]) -> None:
        wanted = set(values)
        self.units = Unit.objects.in_bulk([found for each in wanted if (found := _uuid(each))])
        offices = [found for each in wanted if each.startswith("office:") and (found := _uuid(each[7:]))]
        self.offices = Office.objects.select_related("unit").in_bulk(offices)
        self.batches: dict[str, list[uuid.UUID]] = {}
        numbers = [int(each[6:]) for each in wanted if each.startswith("batch:") and each[6:].isdecimal()]
        rows = Unit.objects.filter(closed_at=None, batch__in=[each for each in numbers if each < 2**15])
        for unit_id, batch in rows.order_by("order").values_list("pk", "batch"):
            self.batches.setdefault(f"batch:{batch}", []).append(unit_id)

    def places(self, value: str, sender: Unit) -> dict[str, tuple[uuid.UUID, uuid.UUID | None]]:
        """Unit and office of each recipient that the value stands for, by the value of each by itself."""
        if value in self.batches:
            return {str(unit_id): (unit_id, None) for unit_id in self.batches[value] if unit_id != sender.pk}
        if value.startswith("office:"):
            office = self.offices.get(_uuid(value[7:]) or uuid.UUID(int=0))
            return {value: (office.unit_id, office.pk)} if office else {}
        unit = self.units.get(_uuid(value) or uuid.UUID(int=0))
        return {str(unit.pk): (unit.pk, None)} if unit else {}

    def named(self) -> dict[str, str]:
        """The name of each unit and office by its value."""
        units = {str(unit.pk): unit.short_name for unit in self.units.values()}
        return units | {f"office:{each.pk}": f"{each.unit.short_name}{each.name}" for each in self.offices.values()}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
