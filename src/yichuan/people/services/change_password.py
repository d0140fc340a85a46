"""A person changes their own password (J-16)."""

import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yichuan.audit.services.record import record
from yichuan.common import profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account, OpenSession
from yichuan.people.services.check_password import check_password
from yichuan.people.services.end_sessions import end_sessions
from yichuan.people.services.keep_password import keep_own_password, used_before


def change_password(*, account: Account, old: str, new: str, again: str, session_id: uuid.UUID | None = None) -> None:
    """Check the old one, take the new one, end all sessions but `session_id`. A command; refuses field by field."""
    errors = {"old": fault} if (fault := _old_at_fault(account, old)) else {}
    if new != again:
        errors["again"] = "两次输入的新密码不一样。"
    if fault := _new_at_fault(account, old, new, trusted="old" not in errors):
        errors["new"] = fault
    if errors:
        raise Invalid(errors)
    with command():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if locked.password != account.password:
            raise Refused("changed_meanwhile", "密码刚刚已经改过，请重新登录。")
        keep_own_password(account, new)
        end_sessions(account, end=OpenSession.End.PASSWORD, keep=session_id)
        record(verb="people.change_password", actor=account, subject=account)


def _old_at_fault(account: Account, old: str) -> str:
    try:
        right = check_password(account=account, password=old, verb="people.change_password_failed")
    except Refused as refusal:
        return refusal.message
    return "" if right else "现在的密码不对。"


def _new_at_fault(account: Account, old: str, new: str, *, trusted: bool) -> str:
    """What is wrong with the new one. Past passwords are compared only for somebody who knows the present one."""
    if new and new == old:
        return "新密码不能和现在的密码一样。"
    try:
        validate_password(new, account)
    except ValidationError as error:
        return " ".join(error.messages)
    if trusted and used_before(account, new):
        return f"最近用过的 {profile.current().passwords.history} 个密码不能再用，请换一个。"
    return ""
