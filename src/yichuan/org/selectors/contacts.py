"""The contact book (通讯录, I4, U8): units with whom to call there, and people by name, pinyin or number.

A centre has some ten thousand units and some hundred thousand people. Of the units the whole table is looked through,
a few milliseconds, so that any part of a present or former name is found. Of people the beginning is looked up in an
index, so that the size of the table does not matter.
"""

import re
import uuid
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from yichuan.common.prefixes import starting_with
from yichuan.org.duties import Duty
from yichuan.org.models import Office, Post, Staff, Unit, UnitName
from yichuan.org.selectors import in_force

PEOPLE_SHOWN = 50
FURTHER_NAMES = 200
_PRESENT = Q(main=True, valid_to=None)
_ANSWERS_THE_PHONE = (Duty.CLERK, Duty.RECEIVER, Duty.OFFICE_HEAD, Duty.LEADER, Duty.CUSTODIAN, Duty.UNIT_ADMIN)
_PLACE: dict[str, int] = {duty.value: place for place, duty in enumerate(_ANSWERS_THE_PHONE)}


_SET_OFF = re.compile(r"^\(?0\d{2,3}[)\s-]+")
_AREA_CODE = re.compile(r"^0(?:10|2\d|[3-9]\d\d)(?=\d{7,8}$)")


def local_number(phone: str) -> str:
    """The digits of a telephone number without area code and extension, as somebody in the same town dials it."""
    digits = "".join(re.findall(r"\d+", _SET_OFF.sub("", re.split(r"[转,]", phone)[0])))
    return _AREA_CODE.sub("", digits)


def units_like(text: str) -> QuerySet[Unit]:
    """Open units of which a present or former name, the pinyin or the initials match, in the order of the work plan.

    A unit that was merged into another is found under that one.
    """
    found = Unit.objects.filter(closed_at=None).order_by("order")
    if not text:
        return found
    letters = text.lower()
    own = Q(short_name__contains=text) | Q(name__contains=text)
    if letters.isascii():
        own |= Q(initials__contains=letters) | Q(pinyin__contains=letters)
    further = UnitName.objects.filter(
        ~Q(main=True, valid_to=None), Q(name__contains=text) | Q(short_name__contains=text)
    )
    others = {present_unit(name.unit).pk for name in further.select_related("unit")[:FURTHER_NAMES]}
    return found.filter(own | Q(pk__in=others))


def present_unit(unit: Unit) -> Unit:
    """The unit that took this one's place, however many mergers later; itself where none did."""
    seen = {unit.pk}
    while unit.successor is not None and unit.successor_id not in seen:
        unit = unit.successor
        seen.add(unit.pk)
    return unit


def people_like(text: str) -> list[Staff]:
    """People who hold a post, by the beginning of name, pinyin, initials or number; as many as a page shows."""
    text = text.strip()
    if not text:
        return []
    digits = re.sub(r"[\s-]", "", text)
    if digits.isdecimal():
        ways = [starting_with("mobile", digits), starting_with("local_number", local_number(text))]
    elif text.isascii():
        letters = text.lower()
        ways = [starting_with("pinyin", letters), starting_with("initials", letters)]
    else:
        ways = [starting_with("account__name", text)]
    held = in_force(Post.objects.filter(account=OuterRef("pk")))
    found: dict[uuid.UUID, Staff] = {}
    for way in ways:  # without an order: the database would walk an index in that order, past all that do not match
        rows = Staff.objects.filter(way, Exists(held), account__is_active=True)
        found |= {row.pk: row for row in rows.select_related("account", "unit", "office")[:PEOPLE_SHOWN]}
    return sorted(found.values(), key=lambda person: (person.pinyin, person.account.name))[:PEOPLE_SHOWN]


@dataclass
class Contact:
    """Whom to call at a unit: its registry's people and its offices', those who open the inbox first."""

    unit: Unit
    clerks: list[Staff] = field(default_factory=list)
    others: list[Staff] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    into: Unit | None = None

    @property
    def first(self) -> Staff | None:
        """Who to call first: somebody with a number, a clerk if there is one."""
        return next((person for person in (*self.clerks, *self.others) if person.phone or person.mobile), None)


def contact_of(unit_id: uuid.UUID) -> Contact:
    """Whom to call at one unit; of a unit that was merged into another, at that one."""
    unit = Unit.objects.select_related("successor").get(pk=unit_id)
    into = present_unit(unit)
    [contact] = contacts_of([into])
    if into.pk != unit.pk:
        contact.former.insert(0, unit.short_name)
        contact.into = into
    return contact


def contacts_of(units: Iterable[Unit], *, brief: bool = False) -> list[Contact]:
    """The same for several units, in four questions to the database; `brief` for a page of many: two people a unit."""
    book = {unit.pk: Contact(unit) for unit in units}
    posts = _posts_in(book)
    if brief:
        posts = {unit_id: rows[:2] for unit_id, rows in posts.items()}
    wanted = {post.account_id for rows in posts.values() for post in rows}
    people = Staff.objects.filter(pk__in=wanted, account__is_active=True).select_related("account").in_bulk()
    offices = Office.objects.in_bulk({post.office_id for rows in posts.values() for post in rows if post.office_id})
    for unit_id, rows in posts.items():
        for post in rows:
            if post.account_id not in people:
                continue
            person = copy(people[post.account_id])
            person.duty = Duty(post.duty)  # type: ignore[attr-defined]
            person.at_office = offices.get(post.office_id) if post.office_id else None  # type: ignore[attr-defined]
            at_registry = post.duty == Duty.CLERK and post.office_id is None
            (book[unit_id].clerks if at_registry else book[unit_id].others).append(person)
    _put_former_names(book)
    return list(book.values())


def _posts_in(book: dict[uuid.UUID, Contact]) -> dict[uuid.UUID, list[Post]]:
    """The posts whose holders answer the telephone, by unit, the registry before the offices, clerks first.

    The duty is looked at here: by it the database would walk through that duty's posts in all units.
    """
    found: dict[uuid.UUID, list[Post]] = {}
    for post in in_force(Post.objects.filter(unit__in=list(book))):
        if post.unit_id is not None and post.duty in _PLACE:
            found.setdefault(post.unit_id, []).append(post)
    for rows in found.values():
        rows.sort(key=lambda post: (post.office_id is not None, _PLACE[post.duty], post.since, post.pk))
    return found


def _put_former_names(book: dict[uuid.UUID, Contact]) -> None:
    for name in UnitName.objects.filter(~_PRESENT, unit__in=list(book), main=True).order_by("-valid_to"):
        book[name.unit_id].former.append(name.short_name)


def offices_of(unit_id: uuid.UUID) -> QuerySet[Office]:
    """The unit's present offices in their order."""
    return Office.objects.filter(unit_id=unit_id, closed_at=None)
