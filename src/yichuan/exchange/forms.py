"""The sending form: recipients, allowance, and the key that makes a double click harmless."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.send import Recipient
from yichuan.org.batches import batch_name
from yichuan.org.models import Unit


class SendForm(forms.Form):
    """Fields are read by hand: a recipient is a unit, or a batch that stands for its units."""

    key = forms.UUIDField(error_messages=dict.fromkeys(("invalid", "required"), "这张发送单失效了，请刷新页面。"))
    main = forms.CharField(required=False)
    copy = forms.CharField(required=False)
    allowance = forms.CharField(required=False)

    def __init__(self, data: QueryDict, units: list[Unit]) -> None:
        super().__init__(data)
        self._units = {str(unit.pk): unit for unit in units}
        self._batches: dict[str, list[str]] = {}
        for unit in units:
            self._batches.setdefault(f"batch:{unit.batch}", []).append(str(unit.pk))
        self.given = data

    def recipients(self, sender: Unit) -> list[Recipient]:
        """The recipients in order. Raises `Invalid`, one message a field."""
        errors: dict[str, str] = {}
        default = self._number(self.given.get("allowance", ""), "allowance", errors)
        found: list[Recipient] = []
        for role in (Delivery.Role.MAIN, Delivery.Role.COPY):
            for unit_id in self._expanded(role.value, sender, errors):
                own = self.given.get(f"allowance-{unit_id}", "")
                allowance = self._number(own, "allowance", errors) if own else default
                found.append(Recipient(uuid.UUID(unit_id), role, allowance))
        if errors:
            raise Invalid(errors)
        return found

    def _expanded(self, name: str, sender: Unit, errors: dict[str, str]) -> list[str]:
        units: dict[str, None] = {}
        for value in self.given.getlist(name):
            members = self._batches.get(value)
            if members is not None:
                units |= dict.fromkeys(member for member in members if member != str(sender.pk))
            elif value in self._units:
                units[value] = None
            else:
                errors[name] = "有的收件单位不在通讯录里，请从名单中选择。"
        return list(units)

    def _number(self, text: str, name: str, errors: dict[str, str]) -> int:
        most = profile.current().greatest_allowance
        digits = text.strip()
        number = int(digits) if digits.isdecimal() and len(digits) < 6 else -1
        if not 0 <= number <= most:
            errors[name] = f"打印份数应是 0 到 {most} 之间的整数，现在是「{text[:20]}」。"
        return number


def picker_data(units: list[Unit], sender: Unit) -> dict[str, Any]:
    """What the recipients picker needs: units with their pinyin, and batches as groups."""
    others = [unit for unit in units if unit.pk != sender.pk]
    batches = sorted({unit.batch for unit in others})
    return {
        "groups": [
            {
                "value": f"batch:{batch}",
                "text": batch_name(batch),
                "members": [str(unit.pk) for unit in others if unit.batch == batch],
            }
            for batch in batches
        ],
        "units": [
            {
                "value": str(unit.pk),
                "text": unit.short_name,
                "full": unit.name,
                "pinyin": f"{unit.pinyin} {unit.initials}",
                "group": batch_name(unit.batch),
                "paper": False,
            }
            for unit in others
        ],
    }
