"""The unit's administrator opens an account for one of its people (P1, J-14)."""

from datetime import date

from yichuan.common.errors import Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.org.models import Office, Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk
from yichuan.org.selectors.staff import likely_same
from yichuan.org.services.card import card
from yichuan.org.services.staff import register_person
from yichuan.people.models import Account


def open_person(
    *,
    actor: Account,
    unit: Unit,
    username: str,
    name: str,
    title: str = "",
    phone: str = "",
    mobile: str = "",
    mail: str = "",
    established: bool = False,
    trained_on: date | None = None,
    office: Office | None = None,
    sure: bool = False,
) -> tuple[Account, str]:
    """Register the person; the account and the first password, to be shown once. A command.

    Somebody of the same name in the unit, or of the same name and number anywhere, is asked about once: one person,
    one account (J-16). `sure` is the answer.
    """
    entry = card(name=name, title=title, phone=phone, mobile=mobile, mail=mail)
    with command():
        Unit.objects.select_for_update().get(pk=unit.pk)
        check(actor, OrgPermission.MANAGE_STAFF, Desk(unit))
        known = None if sure else likely_same(unit.pk, entry.name, entry.mobile)
        if known is not None:
            where = known.unit.short_name if known.unit else "交换中心"
            raise Refused(
                "likely_same",
                f"{where}已经有「{known.account.name}」（账号 {known.account.username}）。一人一号，"
                "如果是同一个人，不要重复开设；确实是另一个人，请再按一次「开设账号」。",
            )
        return register_person(
            actor=actor, unit=unit, username=username, name=name, title=title, phone=phone, mobile=mobile, mail=mail,
            established=established, trained_on=trained_on, office=office,
        )  # fmt: skip
