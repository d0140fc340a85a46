"""What must be so in the centre before an application can be sent, and again before it is carried out."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from yichuan.changes.content import (
    Administered,
    Content,
    Deregister,
    DropName,
    MergeInto,
    MergeNew,
    Named,
    Rename,
)
from yichuan.common import clock
from yichuan.common.characters import skeleton
from yichuan.common.errors import Invalid
from yichuan.org.models import CentreRole, Staff, Unit, UnitName
from yichuan.org.selectors.qualification import lacking
from yichuan.org.services.card import card

CLOSED = "已经注销或者不在通讯录里"


def check_facts(unit: Unit | None, content: Content) -> None:
    """Raise `Invalid`, one message a field, where the centre's present facts stand against the application."""
    errors: dict[str, str] = {}
    if unit is not None and unit.closed_at is not None:
        errors["unit"] = f"「{unit.name}」已经注销，不能再办这项申请。"
    if isinstance(content, Named):
        errors |= _taken(content, own=unit if isinstance(content, Rename) else None)
    if isinstance(content, Administered) and not (isinstance(content, Rename) and content.administrator):
        errors |= _card_faults(content)
    for fault in (_rename, _deregister, _merge, _drop_name):
        errors |= fault(unit, content)
    if errors:
        raise Invalid(errors)


def affected_units(unit: Unit | None, content: Content) -> list[Unit]:
    """Every unit that the application touches: the applicant, who merges, who takes over."""
    named: list[str] = []
    if isinstance(content, MergeInto | MergeNew):
        named += content.merged
    if isinstance(content, MergeInto):
        named.append(content.survivor)
    if isinstance(content, Deregister):
        named.append(content.to)
    found = open_units(named)
    return found if unit is None or unit in found else [unit, *found]


def open_units(ids: Iterable[str]) -> list[Unit]:
    """Of these units, those that are open, in the order of the address book."""
    return list(Unit.objects.filter(pk__in=identifiers(ids), closed_at=None).order_by("order"))


def name_in_use(text: str, *, own: Unit | None = None) -> str:
    """The present name of another open unit that a reader takes for `text`, or nothing.

    Full and short names count, of the boards a unit carries besides as well (J-9).
    """
    wanted = skeleton(text)
    rows = UnitName.objects.filter(valid_to=None, unit__closed_at=None)
    if own is not None:
        rows = rows.exclude(unit=own)
    for pair in rows.values_list("name", "short_name").iterator():
        for name in pair:
            if skeleton(name) == wanted:
                return name
    return ""


def _taken(content: Named, *, own: Unit | None) -> dict[str, str]:
    errors = {}
    for field in ("name", "short_name"):
        given = getattr(content, field)
        if not skeleton(given):
            errors[field] = "名称里要有汉字、字母或数字。"
            continue
        other = name_in_use(given, own=own)
        if other:
            alike = "" if other == given else f"（看上去和已有的「{other}」一样）"
            errors[field] = f"「{given}」已经有单位使用{alike}，请换一个名称，或者核对是不是同一个单位。"
    return errors


def _card_faults(content: Administered) -> dict[str, str]:
    try:
        card(
            name=content.admin_name,
            title=content.admin_title,
            phone=content.admin_phone,
            mobile=content.admin_mobile,
            mail=content.admin_mail,
        )
    except Invalid as refusal:
        return {f"admin_{name}": message for name, message in refusal.errors.items()}
    named = Staff(established=content.admin_established, trained_on=content.admin_trained_on)
    missing = lacking(named, clock.now())
    return {"admin_trained_on": f"{content.admin_name}{missing}"} if missing else {}


def _rename(unit: Unit | None, content: Content) -> dict[str, str]:
    if not isinstance(content, Rename) or unit is None:
        return {}
    errors = {}
    own = {str(each.pk): each for each in Staff.objects.filter(unit=unit).select_related("account")}
    if content.administrator:
        chosen = own.get(content.administrator)
        missing = lacking(chosen, clock.now()) if chosen else "不是本单位登记的人员，请重新选择。"
        if missing:
            errors["administrator"] = f"{chosen.account.name if chosen else '选定的系统管理员'}{missing}"
    if set(content.users) - set(own):
        errors["users"] = "名单里有人已不在本单位，请重新核对。"
    if (content.name, content.short_name) == (unit.name, unit.short_name):
        errors["name"] = "新名称和现在的名称一样，不用更名。"
    return errors


def _deregister(unit: Unit | None, content: Content) -> dict[str, str]:
    if not isinstance(content, Deregister) or unit is None:
        return {}
    errors = _plays_a_part([unit], "unit")
    if content.disposal == Unit.Disposal.HAND_OVER:
        if content.to == str(unit.pk):
            errors["to"] = "公文不能移交给要注销的单位自己。"
        elif not open_units([content.to]):
            errors["to"] = f"接收公文的单位{CLOSED}，请另选。"
    return errors


def _merge(unit: Unit | None, content: Content) -> dict[str, str]:
    if not isinstance(content, MergeInto | MergeNew):
        return {}
    merged = open_units(content.merged)
    errors = _plays_a_part(merged, "merged")
    if len(merged) != len(set(content.merged)):
        errors["merged"] = f"要合并的单位里有的{CLOSED}，请重新选择。"
    concerned = set(content.merged)
    if isinstance(content, MergeInto):
        concerned.add(content.survivor)
        if not open_units([content.survivor]):
            errors["survivor"] = f"保留名称的单位{CLOSED}，请重新选择。"
    if unit is not None and str(unit.pk) not in concerned:
        errors["merged"] = f"申请单位「{unit.short_name}」应是合并的一方。"
    return errors


def _drop_name(unit: Unit | None, content: Content) -> dict[str, str]:
    if not isinstance(content, DropName) or unit is None:
        return {}
    if not content.dropped.isdecimal() or not further_names(unit).filter(pk=int(content.dropped)).exists():
        return {"dropped": "这块牌子不是本单位现在增挂的，请重新选择。"}
    return {}


def further_names(unit: Unit) -> QuerySet[UnitName]:
    """The names that the unit carries besides its own (挂多个牌子)."""
    return UnitName.objects.filter(unit=unit, main=False, valid_to=None).order_by("valid_from", "pk")


def _plays_a_part(units: Iterable[Unit], field: str) -> dict[str, str]:
    """The unit that supervises or operates the centre hands that on before it goes (J-5, J-6)."""
    row = CentreRole.objects.select_related("unit").filter(unit__in=list(units)).first()
    if row is None:
        return {}
    part = row.get_role_display()
    return {field: f"「{row.unit.short_name}」是交换中心的{part}，请系统管理员先改定{part}。"}


def identifiers(texts: Iterable[str]) -> list[uuid.UUID]:
    """The identifiers among these texts; what is none belongs to no unit."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
