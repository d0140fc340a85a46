"""Who looks after whose account (P1, P4, J-13): one rule for every verb of the people pages."""

import uuid

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import ADMINISTRATORS, Duty
from yichuan.org.models import Post, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk, in_force
from yichuan.org.selectors.staff import for_the_centre
from yichuan.people.models import Account

GONE = "没有这个人，或者不是你管的。请回到人员列表查看。"


def visible_person(actor: Account, account_id: uuid.UUID) -> Staff:
    """The person, for whoever may do anything with the account; others hear that there is none."""
    person = Staff.objects.select_related("account", "unit", "office").filter(pk=account_id).first()
    if person is None or not _may_see(actor, person):
        raise NotFound("no_person", GONE)
    return person


def locked_person(actor: Account, account_id: uuid.UUID, permission: OrgPermission) -> Staff:
    """Lock the person's record and check that `actor` may do this to it. A step."""
    require_transaction()
    if Staff.objects.select_for_update().filter(pk=account_id).first() is None:
        raise NotFound("no_person", GONE)
    person = visible_person(actor, account_id)
    if refusal := why_not(actor, person, permission):
        raise refusal
    return person


def why_not(actor: Account, person: Staff, permission: OrgPermission) -> Refused | None:
    """What keeps `actor` from this, or None.

    Nobody acts on their own account. The three administrators are nobody's but the security officer's, and only to be
    suspended. A unit administrator's password is the system administrator's business; everybody else's is their own
    unit administrator's. The security officer may suspend anybody.
    """
    if actor.pk == person.pk:
        return Refused("own_account", "自己的账号不能自己办理，请另一位管理员办理。")
    duties = set(in_force(Post.objects.filter(account=person.account)).values_list("duty", flat=True))
    centre = for_the_centre(actor, permission)
    if permission == OrgPermission.SUSPEND and centre:
        return None
    if person.unit is None or duties & ADMINISTRATORS:
        return Refused("administrator", "这是交换中心管理员的账号，只有系统保密员可以停用，别的变更请走权限变更单。")
    if permission == OrgPermission.RESET and (Duty.UNIT_ADMIN in duties) != centre:
        return Refused(
            "not_yours",
            "普通人员的密码由本单位系统管理员恢复。" if centre else "单位系统管理员的密码由交换中心系统管理员恢复。",
        )
    try:
        check(actor, permission, Desk(person.unit))
    except Refused as refusal:
        return refusal
    return None


def _may_see(actor: Account, person: Staff) -> bool:
    if for_the_centre(actor, OrgPermission.SUSPEND) or for_the_centre(actor, OrgPermission.RESET):
        return True
    return person.unit is not None and actor.has_perm(OrgPermission.MANAGE_STAFF, Desk(person.unit))
