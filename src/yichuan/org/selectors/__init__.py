"""Reading units and posts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Q, QuerySet, UUIDField

from yichuan.common import clock
from yichuan.common.errors import NotFound
from yichuan.common.prepared import Prepared
from yichuan.org.duties import ADMINISTRATORS, permissions_of
from yichuan.org.models import Box, CentreRole, Office, Post, Unit, UnitName
from yichuan.people.models import Account


def in_force(posts: QuerySet[Post], at: datetime | None = None) -> QuerySet[Post]:
    """Of these posts, those that hold now, or at that moment: begun, and not ended yet."""
    now = at or clock.now()
    return posts.filter(Q(until=None) | Q(until__gt=now), since__lte=now)


def not_ended(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Of these posts, those that hold now or will."""
    return posts.filter(Q(until=None) | Q(until__gt=clock.now()))


def posts_not_ended(account: Account) -> list[Post]:
    """The same of one person; of a person who was read with the posts, without asking again."""
    now = clock.now()
    return [post for post in account.posts.all() if post.until is None or post.until > now]


def as_held(posts: QuerySet[Post], now: datetime) -> QuerySet[Post]:
    """Of these posts, those that hold now, with their units, in the order in which somebody's posts are told."""
    return in_force(posts, now).select_related("unit", "office").order_by("unit__order", "since", "id")


_held = Prepared(
    lambda account, now: as_held(Post.objects.filter(account=account), now), account=UUIDField(), now=DateTimeField()
)


def present_posts(account: Account) -> list[Post]:
    """The posts the person holds now, with their units; asked once a request and kept on the account object."""
    kept: list[Post] | None = getattr(account, "_present_posts", None)
    if kept is None:
        kept = _held(account=account.pk, now=clock.now())
        keep_posts(account, kept)
    return kept


def keep_posts(account: Account, held: list[Post]) -> None:
    """Let the person's `present_posts` be these, `as_held` of all of them, which were read together with the person."""
    account._present_posts = held  # type: ignore[attr-defined]


def opened_by(post: Post) -> frozenset[str]:
    """The permissions that this post opens: its duty's template, or what was set for it.

    The three administrators' posts open their template whatever their row says: never a document (P4).
    """
    if post.permissions is None or post.duty in ADMINISTRATORS:
        return permissions_of(post.duty)
    return frozenset(post.permissions)


def opened_at(account: Account, *place: uuid.UUID | None) -> frozenset[str]:
    """What the person's present posts open in any part of a unit (its id), or in one office of it or its registry (both
    ids); anywhere, where no place is named. A post of the centre itself opens it everywhere. Kept as the posts are.
    """
    kept: dict[tuple[uuid.UUID | None, ...], frozenset[str]] = account.__dict__.setdefault("_opened", {})
    if place not in kept:
        held = [
            opened_by(post)
            for post in present_posts(account)
            if post.unit_id is None or (post.unit_id, post.office_id)[: len(place)] == place
        ]
        kept[place] = frozenset().union(*held)
    return kept[place]


def units_of(account: Account) -> list[Unit]:
    """The units in which the person holds a post, each once."""
    return list({post.unit_id: post.unit for post in present_posts(account) if post.unit is not None}.values())


@dataclass(frozen=True)
class Desk:
    """A place where somebody works: a unit's registry, or with `office` one of its offices.

    Permissions are asked for it as for any object of a unit: `has_perm(permission, desk)`.
    """

    unit: Unit
    office: Office | None = None

    @property
    def unit_id(self) -> uuid.UUID:
        """The unit's id."""
        return self.unit.pk

    @property
    def office_id(self) -> uuid.UUID | None:
        """The office's id; None at the registry."""
        return self.office.pk if self.office else None

    @property
    def key(self) -> str:
        """What a session and a form name the desk by."""
        return str(self.office_id or self.unit_id)

    @property
    def label(self) -> str:
        """The desk as pages call it."""
        return f"{self.unit.short_name}{self.office.name}" if self.office else self.unit.short_name


def desks_of(account: Account) -> list[Desk]:
    """Where the person works now, each place once: units in their order, the registry before the offices."""
    found = {(post.unit_id, post.office_id): post for post in present_posts(account) if post.unit is not None}
    desks = [Desk(post.unit, post.office) for post in found.values() if post.unit is not None]
    return sorted(desks, key=lambda desk: (desk.unit.order, desk.office is not None, desk.label))


_parties = Prepared(lambda: CentreRole.objects.select_related("unit").order_by("role"))


def centre_parties() -> dict[str, Unit]:
    """The unit that plays each part in the centre, by role (J-5, J-6); only parts that are settled."""
    return {row.role: row.unit for row in _parties()}


def address_book() -> list[Unit]:
    """Every unit that is open, in the order of the work plan."""
    return list(Unit.objects.filter(closed_at=None).order_by("order"))


def boxes_of(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Box]:
    """The open box of each unit's registry."""
    return {box.unit_id: box for box in _registry_boxes().filter(unit_id__in=list(unit_ids))}


def box_of(unit_id: uuid.UUID) -> Box:
    """The open box of one unit's registry."""
    found = _registry_box(unit=unit_id)
    if not found:
        raise NotFound("no_box", "这个单位还没有交换箱，请联系系统管理员。")
    return found[0]


def _registry_boxes() -> QuerySet[Box]:
    return Box.objects.filter(office=None, closed_at=None)


_registry_box = Prepared(lambda unit: _registry_boxes().filter(unit_id=unit).order_by("pk"), unit=UUIDField())


def name_of(unit_id: uuid.UUID) -> UnitName:
    """The present name of an open unit, as the row that old documents go on pointing at (U3)."""
    [name] = _present_name(unit=unit_id)
    return name


_present_name = Prepared(lambda unit: UnitName.objects.filter(unit_id=unit, main=True, valid_to=None), unit=UUIDField())
