"""What an entry of the navigation and a line below it are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from yichuan.common.permissions import Permission
from yichuan.org.selectors import Desk, opened_at
from yichuan.people.models import Account
from yichuan.web.numbers import Number

Counted = Sequence[int | Number]
"""What adds up to the number of an entry; those that nobody has asked for yet are asked for together."""
Count = Callable[[Account, Desk | None], Counted]


def of_room(room: str, names: str) -> frozenset[str]:
    """The routes of a room by their names."""
    return frozenset(f"{room}:{name}" for name in names.split())


def opened_for(user: Account, desk: Desk | None) -> frozenset[str]:
    """What the person's posts open at this desk; without one, anywhere."""
    return opened_at(user, desk.unit_id, desk.office_id) if desk else opened_at(user)


@dataclass(frozen=True)
class Child:
    """A line below an open entry. Any of `permission` opens it (None: the entry's own); `routes` light it up too."""

    label: str
    route: str
    permission: Permission | tuple[Permission, ...] | None = None
    count: Count | None = None
    routes: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def url(self) -> str:
        """Where it leads: the same for everybody."""
        return reverse(self.route)

    def opens(self, opened: frozenset[str]) -> bool:
        """Whether somebody finds the line for whom so much is opened."""
        if self.permission is None:
            return True
        wanted = self.permission if isinstance(self.permission, tuple) else (self.permission,)
        return not opened.isdisjoint(wanted)

    def stands_for(self, where: str) -> bool:
        """Whether the page of this route belongs to the line."""
        return where == self.route or where in self.routes


@dataclass(frozen=True)
class Entry:
    """One entry: any one of `permissions` opens it (none: everybody); lit up where one of its lines is."""

    label: str
    icon: str
    permissions: tuple[Permission, ...]
    children: tuple[Child, ...]
    count: Count | None = None
    hot: bool = False
