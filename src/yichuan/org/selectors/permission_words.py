"""Permissions in the words of pages, in groups by what they are about."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.common.permissions import Permission

GROUPS = {
    "compose": "制作公文",
    "exchange": "收发公文",
    "seals": "印章",
    "org": "人员岗位",
    "people": "设备和登录",
    "keys": "证书机构",
    "audit": "审计",
    "changes": "单位变更",
}


@dataclass(frozen=True)
class Group:
    """What a page lists under one heading."""

    label: str
    permissions: tuple[Permission, ...]


@cache
def every_permission() -> dict[str, Permission]:
    """All the permissions there are, by value (`YICHUAN_ALL_PERMISSIONS`: some belong to rooms above this one)."""
    rooms: tuple[type[Permission], ...] = import_string(settings.YICHUAN_ALL_PERMISSIONS)
    return {str(permission): permission for room in rooms for permission in room}


def grouped(values: Collection[str]) -> list[Group]:
    """These permissions in their groups, in the order in which the rooms declare them; unknown ones are left out."""
    groups: dict[str, list[Permission]] = {}
    for value, permission in every_permission().items():
        if value in values:
            groups.setdefault(GROUPS[value.partition(".")[0]], []).append(permission)
    return [Group(label, tuple(permissions)) for label, permissions in groups.items()]


def labels_of(values: Collection[str]) -> list[str]:
    """The labels of these permissions, in the order in which the rooms declare them."""
    return [permission.label for value, permission in every_permission().items() if value in values]
