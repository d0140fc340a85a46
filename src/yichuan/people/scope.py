"""How far somebody's permission reaches: one unit, or the whole centre."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from yichuan.common.errors import NotAllowed
from yichuan.common.permissions import Actor, Permission
from yichuan.web.requests import actor_of, unit_of


@dataclass(frozen=True)
class _Of:
    """Something of a unit."""

    unit_id: uuid.UUID


_ANYWHERE = _Of(uuid.UUID(int=0))  # of no unit that exists: only a post of the centre itself opens it


def holds_everywhere(actor: Actor, permission: Permission) -> bool:
    """Whether a post of the centre itself opens this, in every unit."""
    return actor.has_perm(permission, _ANYWHERE)


def scope_of(request: HttpRequest, permission: Permission) -> uuid.UUID | None:
    """The unit whose things the page shows; None where the person looks after the whole centre."""
    if holds_everywhere(actor_of(request), permission):
        return None
    unit_id: uuid.UUID = unit_of(request).pk
    return unit_id


def reaches(actor: Actor, permission: Permission, unit_id: uuid.UUID | None) -> bool:
    """Whether the permission reaches what belongs to this unit, or to none."""
    return holds_everywhere(actor, permission) or (unit_id is not None and actor.has_perm(permission, _Of(unit_id)))


def within(actor: Actor, permission: Permission, unit_id: uuid.UUID | None) -> None:
    """Raise `NotAllowed` unless it does."""
    if not reaches(actor, permission, unit_id):
        raise NotAllowed("no_permission", f"你的岗位没有「{permission.label}」的权限。")
