"""Duties and what each opens. The rooms above say which of their permissions belong to which duty.

The sets are plugged in by `config` (`YICHUAN_DUTY_PERMISSIONS`), because this room stands below those rooms.
"""

from enum import StrEnum
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


class Duty(StrEnum):
    """The posts of the founding document's staff form (J-plan, 附件1)."""

    LEADER = "leader"
    CLERK = "clerk"
    CUSTODIAN = "custodian"


LABELS = {Duty.LEADER: "主管领导", Duty.CLERK: "文件管理员", Duty.CUSTODIAN: "印章管理员"}


@cache
def permissions_of(duty: str) -> frozenset[str]:
    """The permission values that a duty opens."""
    table: dict[str, tuple[str, ...]] = import_string(settings.YICHUAN_DUTY_PERMISSIONS)
    return frozenset(str(permission) for permission in table.get(duty, ()))
