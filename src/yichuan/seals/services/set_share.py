"""A custodian puts their share of the device's password under a password of their own (设置保管密码, J-24)."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.seals.models import Custodian
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.entrust import context_of
from yichuan.seals.services.open_share import LONGEST, open_share
from yichuan.seals.services.shares import from_device, under_password


def set_share(*, actor: Account, custodian_id: int, new: str, again: str, old: str = "") -> Custodian:
    """Set it, or change it by the `old` one. A command; raises Invalid on `old`, `new`, `again`.

    Until the first time the share lies under a key of the centre; after that only its custodian opens it.
    """
    kept = own_custody(actor, custodian_id)
    check(actor, SealsPermission.USE, kept.seal)
    if errors := password_faults(actor, old, new, again):
        raise Invalid(errors)
    share = _share(kept, old)
    sealed = under_password(share, new, context_of(kept))
    with command():
        present = Custodian.objects.select_for_update().get(pk=kept.pk)
        if present.until is not None or bytes(present.sealed_share) != bytes(kept.sealed_share):
            raise Refused("changed_meanwhile", "这份保管密码刚刚已经变了，没有改成。请刷新页面再试。")
        first = present.share_set_at is None
        present.sealed_share, present.share_set_at = sealed, clock.now()
        present.share_failures, present.share_locked_until = 0, None
        present.save(update_fields=["sealed_share", "share_set_at", "share_failures", "share_locked_until"])
        detail = {"first": first}
        record(verb="seals.set_share", actor=actor, unit_id=kept.seal.unit_id, subject=kept.seal, detail=detail)
    return present


def own_custody(actor: Account, custodian_id: int) -> Custodian:
    """What the person keeps. NotFound where it is another's, or was given up, or has no share."""
    kept = Custodian.objects.select_related("seal__unit", "account").filter(
        pk=custodian_id, account=actor, until=None, index__gt=0
    )
    found = kept.first()
    if found is None:
        raise NotFound("no_share", "你没有这枚印章的保管密码要设置。请回到「我的保管」查看。")
    return found


def _share(kept: Custodian, old: str) -> bytes:
    if kept.share_set_at is None:
        return from_device(bytes(kept.sealed_share), context_of(kept))
    try:
        return open_share(kept, old)
    except Refused as refusal:
        raise Invalid({"old": refusal.message}) from refusal


def password_faults(actor: Account, old: str, new: str, again: str) -> dict[str, str]:
    """What speaks against a new password of somebody who keeps a part of a seal, by field."""
    errors = {}
    if len(new) > LONGEST or hides_something(new):
        errors["new"] = f"保管密码最多 {LONGEST} 个字符，不能有看不见的字符。"
    elif new and new == old:
        errors["new"] = "新的保管密码不能和现在的一样。"
    elif actor.check_password(new):
        errors["new"] = "保管密码不能和登录密码一样：知道登录密码的人不应当能开启印章。"
    else:
        try:
            validate_password(new, actor)
        except ValidationError as error:
            errors["new"] = " ".join(error.messages)
    if new != again:
        errors["again"] = "两次输入的密码不一样。"
    return errors
