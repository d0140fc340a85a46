"""The contact book (通讯录, I4, U8): units with whom to call there, and people by name, pinyin or number.

A centre has some ten thousand units and some hundred thousand people. Of the units the whole table is looked through,
a few milliseconds, so that any part of a present or former name is found. Of people the beginning is looked up in an
index, so that the size of the table does not matter.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from yichuan.common.prefixes import starting_with
from yichuan.org.duties import Duty
from yichuan.org.models import Office, Post, Staff, Unit, UnitName
from yichuan.org.selectors import in_force

PEOPLE_SHOWN = 50
FURTHER_NAMES = 200
_ANSWERS_THE_PHONE = (Duty.CLERK, Duty.RECEIVER, Duty.OFFICE_HEAD, Duty.LEADER, Duty.CUSTODIAN, Duty.UNIT_ADMIN)


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
    for way in ways:
        rows = Staff.objects.filter(way, Exists(held), account__is_active=True).select_related(
            "account", "unit", "office"
        )
        found |= {row.pk: row for row in rows.order_by(_order_of(way))[:PEOPLE_SHOWN]}
    return list(found.values())[:PEOPLE_SHOWN]


def _order_of(way: Q) -> str:
    """The column that is looked up: its index gives the first rows without sorting all."""
    return str(way.children[0][0]).rsplit("__", 1)[0]  # type: ignore[index]


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


def contacts_of(units: Iterable[Unit]) -> list[Contact]:
    """The same for the units of a page, in two questions to the database."""
    book = {unit.pk: Contact(unit) for unit in units}
    posts = in_force(Post.objects.filter(unit__in=list(book), duty__in=_ANSWERS_THE_PHONE, account__is_active=True))
    order = {duty.value: place for place, duty in enumerate(_ANSWERS_THE_PHONE)}
    rows = posts.select_related("account__staff", "office").order_by("since", "id")
    for post in sorted(rows, key=lambda post: (post.office_id is not None, order[post.duty])):
        person = getattr(post.account, "staff", None)
        if person is None or post.unit_id is None:
            continue
        person.duty, person.at_office = Duty(post.duty), post.office
        contact = book[post.unit_id]
        (contact.clerks if post.duty == Duty.CLERK and not post.office_id else contact.others).append(person)
    for name in UnitName.objects.filter(unit__in=list(book), valid_to__isnull=False).order_by("-valid_to"):
        book[name.unit_id].former.append(name.short_name)
    return list(book.values())


def offices_of(unit_id: uuid.UUID) -> QuerySet[Office]:
    """The unit's present offices in their order."""
    return Office.objects.filter(unit_id=unit_id, closed_at=None)
