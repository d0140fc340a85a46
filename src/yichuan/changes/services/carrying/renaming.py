"""Names change (J-9, J-10(1)): a unit's own, or one of those that it carries besides."""

from datetime import date

from yichuan.changes.content import AddName, DropName, Rename
from yichuan.changes.services.carrying.closing import staff_of, stop
from yichuan.changes.services.carrying.joining import ask, ask_for_post, open_administrator
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post, Unit, UnitName
from yichuan.org.selectors import not_ended
from yichuan.org.services.names import add_name, drop_name
from yichuan.org.services.rename_unit import rename_unit
from yichuan.people.models import Account
from yichuan.seals.services.withdraw import withdraw_seals


def rename(*, actor: Actor, unit: Unit, content: Rename, number: str, on: date) -> Account | None:
    """The new names; seals of the old one end, the certificate is made anew; people as the letter says. A step.

    Returns the new administrator where an account was opened for one.
    """
    require_transaction()
    reason = f"申请 {number}：{unit.name}更名为{content.name}"
    leaving = left_out(unit, content)
    old = UnitName.objects.get(unit=unit, main=True, valid_to=None)
    withdraw_seals(actor=actor, unit=unit, name=old, reason=reason)
    rename_unit(actor=actor, unit=unit, name=content.name, short_name=content.short_name, on=on)
    if content.administrator:
        opened, administrator = None, Account.objects.get(pk=content.administrator)
        ask_for_post(account=administrator, unit=unit, number=number)
    else:
        opened = administrator = open_administrator(actor=actor, unit=unit, content=content, number=number)
    for account in leaving:
        stop(actor=actor, account=account, unit=unit, reason=reason)
    _replace_administrators(unit, administrator, number)
    return opened


def left_out(unit: Unit, content: Rename) -> list[Account]:
    """The present people whom the letter no longer names."""
    staying = {*content.users, content.administrator}
    return [account for account in staff_of(unit) if str(account.pk) not in staying]


def _replace_administrators(unit: Unit, administrator: Account, number: str) -> None:
    """The administrators of before: their posts are asked to end, for the letter names another."""
    posts = not_ended(Post.objects.filter(unit=unit, duty=Duty.UNIT_ADMIN)).exclude(account=administrator)
    reason = f"申请 {number} 的来函确定了新的单位系统管理员"
    for post in posts.select_related("account", "unit", "office"):
        ask(AccessChange.Kind.DISMISS, account=post.account, post=post, reason=reason)


def carry_name(*, actor: Actor, unit: Unit, content: AddName, on: date) -> None:
    """One more name in the address book; its seal is applied for on its own (J-9). A step."""
    add_name(actor=actor, unit=unit, name=content.name, short_name=content.short_name, on=on)


def lay_down_name(*, actor: Actor, unit: Unit, content: DropName, number: str, on: date) -> None:
    """A further name goes, with the seal that bears it. A step."""
    name = UnitName.objects.get(pk=int(content.dropped), unit=unit)
    withdraw_seals(actor=actor, unit=unit, name=name, reason=f"申请 {number}：不再使用「{name.name}」")
    drop_name(actor=actor, unit=unit, name=name, on=on)
