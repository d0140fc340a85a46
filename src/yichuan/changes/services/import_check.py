"""What a sheet's rows must be for this centre: units that exist, people and units that are there only once."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from django.utils import timezone

from yichuan.changes.models import Batch, Import, Imprint, PlannedUnit
from yichuan.changes.sheet_forms import DUTIES, FORMS
from yichuan.common import clock
from yichuan.common.characters import skeleton
from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import Fault, Row
from yichuan.org.models import Staff, Unit
from yichuan.org.services.card import card, free_username

CHUNK = 500
_T = TypeVar("_T")


def check_rows(kind: str, batch: Batch, rows: list[Row]) -> None:
    """Put what is wrong to each row's faults, and what was found (the unit's id) to its values."""
    {Import.Kind.STAFF: _staff, Import.Kind.UNITS: _units, Import.Kind.IMPRINTS: _imprints}[Import.Kind(kind)](
        batch, rows
    )


def _fault(kind: str, row: Row, key: str, what: str, remedy: str) -> None:
    label = FORMS[Import.Kind(kind)].label(key)
    if not any(fault.column == label for fault in row.faults):
        row.faults.append(Fault(label, what, remedy))


def _staff(batch: Batch, rows: list[Row]) -> None:
    kind = Import.Kind.STAFF
    _find_units(kind, rows, "unit")
    today = timezone.localdate(clock.now())
    for row in rows:
        _card(row)
        _duties(row)
        trained = row.values.get("trained_on", "")
        if not row.faults and trained and date.fromisoformat(trained) > today:
            _fault(kind, row, "trained_on", f"「{trained}」还没有到", "培训以后再填，先留空")
    _twice(kind, rows, "name", ("name", "mobile"), "同一个人的几个岗位写在同一行，用顿号隔开")
    _twice(kind, rows, "username", ("username",), "换一个账号，或者留空由系统给")
    known = _known_people(rows)
    for row in rows:
        name, unit, mobile = skeleton(row.values["name"]), row.values.get("unit_id", ""), row.values["mobile"]
        if (name, mobile) in known:
            _fault(
                kind,
                row,
                "name",
                f"「{row.values['name']}」已经登记过（{known[name, mobile]}）",
                "一人一号，删去这一行",
            )
        elif (name, unit) in known:
            remedy = "同一个人就删去这一行；确实是另一个人，请本单位系统管理员开设账号"
            _fault(kind, row, "name", f"本单位已经有「{row.values['name']}」（{known[name, unit]}）", remedy)


def _card(row: Row) -> None:
    """The card as it is kept; what is wrong with it, cell by cell."""
    keys = ("name", "title", "phone", "mobile", "mail")
    try:
        entry = card(**{key: row.values.get(key, "") for key in keys})
    except Invalid as refusal:
        for key, message in refusal.errors.items():
            _fault(Import.Kind.STAFF, row, key, f"「{row.values.get(key, '')}」不对", message.rstrip("。"))
    else:
        row.values |= {key: getattr(entry, key) for key in keys}
    if wanted := row.values.get("username", ""):
        try:
            row.values["username"] = free_username(wanted, row.values.get("name", ""))
        except Invalid as refusal:
            _fault(Import.Kind.STAFF, row, "username", f"「{wanted}」不能用", refusal.message.rstrip("。"))


def _duties(row: Row) -> None:
    text = row.values.get("duties", "")
    for sign in ("，", ",", "；", ";", "/", " "):
        text = text.replace(sign, "、")
    named = [each for each in text.split("、") if each]
    strange = [each for each in named if each not in DUTIES]
    if strange:
        _fault(Import.Kind.STAFF, row, "duties", f"没有「{'、'.join(strange)}」这个岗位", f"只能填{'、'.join(DUTIES)}")
    row.values["duties"] = "、".join(dict.fromkeys(named))


def _known_people(rows: list[Row]) -> dict[tuple[str, str], str]:
    """Who is registered already, by name and mobile number and by name and unit: the account."""
    known: dict[tuple[str, str], str] = {}
    fields = ("account__name", "mobile", "unit_id", "account__username")
    mobiles = {row.values["mobile"] for row in rows} - {""}
    units = {uuid.UUID(row.values["unit_id"]) for row in rows if "unit_id" in row.values}
    for part in _parts(mobiles):
        for name, mobile, _, username in Staff.objects.filter(mobile__in=part).values_list(*fields):
            known[skeleton(name), mobile] = username
    for some in _parts(units):
        for name, _, unit, username in Staff.objects.filter(unit__in=some).values_list(*fields):
            known[skeleton(name), str(unit)] = username
    return known


def _units(batch: Batch, rows: list[Row]) -> None:
    kind = Import.Kind.UNITS
    for key in ("code", "name", "short_name"):
        _twice(kind, rows, key, (key,), "改成不同的，或者删去一行")
    codes = set(Unit.objects.values_list("code", flat=True)) | set(PlannedUnit.objects.values_list("code", flat=True))
    joined = Unit.objects.filter(closed_at=None).values_list("name", "short_name")
    planned = PlannedUnit.objects.values_list("name", "short_name")
    taken = {skeleton(word): name for name, short in (*joined, *planned) for word in (name, short)}
    for row in rows:
        if row.values["batch"] and row.values["batch"] != str(batch.number) and row.values["batch"].isdigit():
            _fault(
                kind,
                row,
                "batch",
                f"「{row.values['batch']}」不是本批",
                f"本页导入第 {batch.number} 批，填 {batch.number}",
            )
        if row.values["code"] in codes:
            _fault(kind, row, "code", f"「{row.values['code']}」已经用过", "换一个编号")
        for key in ("name", "short_name"):
            if (same := taken.get(skeleton(row.values[key]))) is not None and row.values[key]:
                remedy = "已经在名单里的删去这一行；不是同一个单位，名称要看得出区别"
                _fault(kind, row, key, f"「{row.values[key]}」和「{same}」看上去一样", remedy)


def _imprints(batch: Batch, rows: list[Row]) -> None:
    kind = Import.Kind.IMPRINTS
    _find_units(kind, rows, "name")
    _twice(kind, rows, "name", ("name",), "一个单位一行，删去多余的")
    held = {str(unit) for unit in Imprint.objects.filter(replaced_at=None).values_list("unit", flat=True)}
    for row in rows:
        size = row.values.get("diameter", "")
        if size.isascii() and size.isdigit() and not 10 <= int(size) <= 60:
            _fault(kind, row, "diameter", f"「{size}」不像印章的直径", "填 10 到 60 之间的毫米数")
        if row.values.get("unit_id") in held:
            row.values["replaces"] = "1"


def _find_units(kind: str, rows: list[Row], key: str) -> None:
    """Each row's unit by its full or short name; one that only looks like it is named with the right one."""
    words = {row.values[key] for row in rows} - {""}
    found: dict[str, Unit] = {}
    present = Unit.objects.filter(closed_at=None)
    for part in _parts(words):
        for unit in (*present.filter(name__in=part), *present.filter(short_name__in=part)):
            found |= {unit.name: unit, unit.short_name: unit}
    alike: dict[str, str] = {}
    if words - set(found):
        names = present.values_list("name", "short_name")
        alike = {skeleton(word): word for name, short in names.iterator() for word in (name, short)}
    for row in rows:
        word = row.values[key]
        if word in found:
            row.values |= {"unit_id": str(found[word].pk), "unit_name": found[word].short_name}
        elif word and (right := alike.get(skeleton(word))):
            _fault(kind, row, key, f"「{word}」有形近字或多余的空格", f"改成「{right}」")
        elif word:
            _fault(kind, row, key, f"没有「{word}」这个单位", "核对名称；还没有登记的单位先登记")


def _twice(kind: str, rows: list[Row], key: str, keys: tuple[str, ...], remedy: str) -> None:
    """Of rows that say the same, those after the first are at fault."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        mark = tuple(skeleton(row.values.get(each, "")) for each in keys)
        if not all(mark):
            continue
        if mark in seen:
            _fault(kind, row, key, f"「{row.values[key]}」和第 {seen[mark]} 行重复", remedy)
        else:
            seen[mark] = row.number


def _parts(values: Iterable[_T]) -> Iterator[list[_T]]:
    """In parts that a query can name."""
    every = list(values)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]
