"""Handing over the administrator's first password (J-8): made when it is handed over, shown once, on record."""

import uuid

from yichuan.audit.services.record import record
from yichuan.changes.models import Application
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.services.parties import require, visible
from yichuan.changes.services.stepping import note
from yichuan.changes.states import ApplicationState
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.reset_password import reset_password

LONGEST_NAME = 40


def waits_for_password(account: Account) -> bool:
    """Whether its owner never came in. A first password after a reset is for others to hand over."""
    return account.is_active and account.must_change_password and account.last_login is None


def hand_over(*, actor: Account, application_id: uuid.UUID, taker: str) -> tuple[Account, str]:
    """A fresh first password for the administrator that the application named; account and password. A command.

    `taker` is who takes it away. Until its owner has logged in it may be handed over anew: the one before is void.
    """
    taker = " ".join(taker.split())
    if not taker or len(taker) > LONGEST_NAME or hides_something(taker):
        raise Invalid({"taker": "没有交付：请写领取人的姓名。"})
    with command():
        visible(actor, application_id)
        application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
        require(actor, ChangesPermission.CARRY_OUT, application)
        if application.state != ApplicationState.DONE or application.administrator_id is None:
            raise Refused("no_password", "这份申请没有要交付的初始密码。")
        account = Account.objects.select_for_update().get(pk=application.administrator_id)
        if not waits_for_password(account):
            raise Refused("used_already", f"{account.name}已经登录过，不能再交付。忘了密码请走「恢复初始密码」。")
        password = reset_password(actor=actor, account=account)
        note(application, "hand_over", actor, f"账号 {account.username}，领取人{taker}")
        detail = {"account": account.username, "taker": taker}
        record(verb="changes.hand_over", actor=actor, unit_id=application.result_id, subject=application, detail=detail)
        account = Account.objects.get(pk=account.pk)
    return account, password
