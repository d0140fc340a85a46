"""What an entry of the navigation and a line below it are."""

from collections.abc import Callable
from dataclasses import dataclass, field

from yichuan.common.permissions import Permission
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

Count = Callable[[Account, Desk | None], int]


def of_room(room: str, names: str) -> frozenset[str]:
    """The routes of a room by their names."""
    return frozenset(f"{room}:{name}" for name in names.split())


@dataclass(frozen=True)
class Child:
    """A line below an open entry; `permission` is None where the entry's own is enough; `routes` light it up too."""

    label: str
    route: str
    permission: Permission | None = None
    count: Count | None = None
    routes: frozenset[str] = field(default_factory=frozenset)

    def opens(self, user: Account, desk: Desk | None) -> bool:
        """Whether the person finds the line at this desk."""
        return self.permission is None or user.has_perm(self.permission, desk)

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
