"""Suspending, unlocking, and a new first password act at once and are reviewed after; resuming is asked for (P4)."""

import uuid

from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.org.models import AccessChange, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.access import note_at_once, request_change
from yichuan.org.services.looked_after import locked_person
from yichuan.people.models import Account
from yichuan.people.services.reset_password import reset_password, unlock
from yichuan.people.services.suspend import suspend

Kind = AccessChange.Kind


def suspend_person(*, actor: Account, account_id: uuid.UUID, reason: str) -> Staff:
    """停用. A command: the person's sessions end within seconds."""
    with command():
        person = locked_person(actor, account_id, OrgPermission.SUSPEND)
        suspend(actor=actor, account=person.account, reason=reason)
        _note(actor, person, Kind.SUSPEND, reason)
    return person


def resume_person(*, actor: Account, account_id: uuid.UUID, reason: str) -> AccessChange:
    """恢复账号. A command: it opens something again, so it waits for the auditor like any grant."""
    with command():
        person = locked_person(actor, account_id, OrgPermission.SUSPEND)
        return request_change(actor=actor, kind=Kind.RESUME, account=person.account, unit=person.unit, reason=reason)


def unlock_person(*, actor: Account, account_id: uuid.UUID, reason: str) -> Staff:
    """解除锁定. A command."""
    with command():
        person = locked_person(actor, account_id, OrgPermission.RESET)
        unlock(actor=actor, account=person.account)
        _note(actor, person, Kind.UNLOCK, reason)
    return person


def reset_person(*, actor: Account, account_id: uuid.UUID, reason: str) -> tuple[Account, str]:
    """恢复初始密码. A command; the account and the new first password, to be shown once."""
    with command():
        person = locked_person(actor, account_id, OrgPermission.RESET)
        if not person.account.is_active:
            raise Refused("suspended", "这个账号已停用。请先恢复账号，再恢复初始密码。")
        password = reset_password(actor=actor, account=person.account)
        _note(actor, person, Kind.RESET, reason)
        account = Account.objects.get(pk=account_id)
    return account, password


def _note(actor: Account, person: Staff, kind: AccessChange.Kind, reason: str) -> None:
    note_at_once(actor=actor, kind=kind, account=person.account, unit=person.unit, reason=reason)
