"""Who holds which post in a unit and its offices (U7, U8)."""

import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet

from yichuan.org.duties import OFFICE_DUTIES, UNIT_DUTIES, Duty
from yichuan.org.models import Box, Office, Post, Unit
from yichuan.org.selectors import in_force

NEEDED = (Duty.LEADER, Duty.CLERK, Duty.CUSTODIAN)
"""The three posts that every unit names (J-plan 附件1)."""


@dataclass
class Place:
    """One post of a unit or an office, and who holds it."""

    duty: Duty
    office: Office | None = None
    needed: bool = False
    holders: list[Post] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nobody holds it, though somebody should."""
        return self.needed and not self.holders


@dataclass
class OfficeEntry:
    """An office with its open box, its head and its receivers."""

    office: Office
    box: Box | None
    heads: list[Post]
    receivers: list[Post]


def posts_of(unit: Unit) -> list[Place]:
    """The unit's own posts, the three of 附件1 first; then every other duty that somebody holds there."""
    places = {duty: Place(duty, needed=duty in NEEDED) for duty in UNIT_DUTIES}
    for post in _held(unit.pk).filter(office=None):
        duty = next((each for each in Duty if each == post.duty), None)
        if duty is not None:
            places.setdefault(duty, Place(duty)).holders.append(post)
    return list(places.values())


def offices_with_posts(unit_id: uuid.UUID) -> list[OfficeEntry]:
    """The unit's present offices in their order, in three questions to the database."""
    offices = list(Office.objects.filter(unit_id=unit_id, closed_at=None))
    boxes = {box.office_id: box for box in Box.objects.filter(office__in=offices, closed_at=None)}
    held: dict[tuple[uuid.UUID | None, str], list[Post]] = {}
    for post in _held(unit_id).filter(office__in=offices, duty__in=OFFICE_DUTIES):
        held.setdefault((post.office_id, post.duty), []).append(post)
    return [
        OfficeEntry(
            office,
            boxes.get(office.pk),
            held.get((office.pk, Duty.OFFICE_HEAD), []),
            held.get((office.pk, Duty.RECEIVER), []),
        )
        for office in offices
    ]


def _held(unit_id: uuid.UUID) -> QuerySet[Post]:
    posts = in_force(Post.objects.filter(unit_id=unit_id, account__is_active=True)).exclude(duty=Duty.OFFICE_SYSTEM)
    return posts.select_related("account__staff", "office", "stands_in_for__account").order_by("since", "id")
