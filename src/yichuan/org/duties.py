"""Duties and what each opens. The rooms above say which of their permissions belong to which duty.

The sets are plugged in by `config` (`YICHUAN_DUTY_PERMISSIONS`), because this room stands below those rooms.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.common.labels import Labelled


class Duty(Labelled):
    """Every post there is: a unit's own, the centre's two parties', and the three administrators."""

    # of a unit (J-plan 附件1, J-13, G-11)
    LEADER = "leader", "主管领导"
    CLERK = "clerk", "文件管理员"
    CUSTODIAN = "custodian", "印章管理员"
    UNIT_ADMIN = "unit_admin", "单位系统管理员"
    RECEIVER = "receiver", "收文员"
    OFFICE_HEAD = "office_head", "处室负责人"
    # of the unit that supervises the centre, and of the one that operates it (J-5, J-6, G-5)
    SUPERVISOR = "supervisor", "主管单位审批人"
    OPERATOR = "operator", "承办单位经办人"
    LIAISON = "liaison", "业务联络员"
    # a unit's office system, which works through the interface and is no person (J-36)
    OFFICE_SYSTEM = "office_system", "办公系统接口"
    # of the centre itself (G-5 to G-9)
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_OFFICER = "security_officer", "系统保密员"
    AUDITOR = "auditor", "系统审计员"


ADMINISTRATORS = frozenset((Duty.SYSTEM_ADMIN, Duty.SECURITY_OFFICER, Duty.AUDITOR))
UNIT_DUTIES = (Duty.LEADER, Duty.CLERK, Duty.CUSTODIAN, Duty.UNIT_ADMIN)
OFFICE_DUTIES = (Duty.RECEIVER, Duty.OFFICE_HEAD)
SUPERVISING_DUTIES = (Duty.SUPERVISOR,)
OPERATING_DUTIES = (Duty.OPERATOR, Duty.LIAISON)
ADJUSTABLE_DUTIES = frozenset((*UNIT_DUTIES, *OFFICE_DUTIES)) - {Duty.UNIT_ADMIN}


@cache
def permissions_of(duty: str) -> frozenset[str]:
    """The permission values that a duty's template opens."""
    table: dict[str, tuple[str, ...]] = import_string(settings.YICHUAN_DUTY_PERMISSIONS)
    return frozenset(str(permission) for permission in table.get(duty, ()))


@cache
def adjustable(duty: str) -> frozenset[str]:
    """What may be ticked for a single post: what the posts for documents open by their templates, a unit's or an
    office's as the post is; nothing for a post that has its template. Administering goes with its own post only.
    """
    if duty not in ADJUSTABLE_DUTIES:
        return frozenset()
    of_office = duty in OFFICE_DUTIES
    alike = (other for other in ADJUSTABLE_DUTIES if (other in OFFICE_DUTIES) == of_office)
    return frozenset(permission for other in alike for permission in permissions_of(other))
