"""People who ask for, review and agree to changes of access, in the small centre."""

from dataclasses import dataclass
from typing import Any

from support.world import LONG_AGO, PASSWORD, World
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, CentreRole, Post, Staff, Unit
from yichuan.org.services.access import request_change
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_account

Kind = AccessChange.Kind
SUPERVISING, OPERATING, OTHER = "市府办公室", "市建设局", "市环保局"


@dataclass
class Parties:
    """The three administrators, the supervising office's person, and the administrator of 市环保局."""

    world: World
    system_admin: Account
    security_officer: Account
    auditor: Account
    supervisor: Account
    unit_admin: Account

    @property
    def unit(self) -> Unit:
        return self.world.units[OTHER]

    def newcomer(self, username: str = "newcomer", unit: str | None = OTHER, **values: Any) -> Account:
        """A person who qualifies and holds no post."""
        with command():
            account = open_account(actor=None, username=username, name=f"新{username}", password=PASSWORD)
            facts = {"established": True, "trained_on": LONG_AGO.date()} | values
            Staff.objects.create(account=account, unit=self.world.units[unit] if unit else None, **facts)
        Account.objects.filter(pk=account.pk).update(must_change_password=False)
        return Account.objects.get(pk=account.pk)

    def asked(self, account: Account | None = None, duty: str = Duty.CLERK, **values: Any) -> AccessChange:
        """An appointment in 市环保局 that its administrator asked for."""
        given: dict[str, Any] = {"actor": self.unit_admin, "kind": Kind.APPOINT, "unit": self.unit}
        given |= {"account": account or self.newcomer(), "duty": duty, "reason": "工作需要"} | values
        with command():
            return request_change(**given)


def parties(world: World) -> Parties:
    """Put the people of the centre into their posts."""
    CentreRole.objects.create(role=CentreRole.Role.SUPERVISING, unit=world.units[SUPERVISING])
    CentreRole.objects.create(role=CentreRole.Role.OPERATING, unit=world.units[OPERATING])
    return Parties(
        world,
        world.holder(Duty.SYSTEM_ADMIN),
        world.holder(Duty.SECURITY_OFFICER),
        world.holder(Duty.AUDITOR),
        world.holder(Duty.SUPERVISOR, SUPERVISING),
        world.holder(Duty.UNIT_ADMIN, OTHER),
    )


def fresh(account: Account) -> Account:
    """The account as a new request sees it: nothing kept of its posts."""
    return Account.objects.get(pk=account.pk)


def posts_of(account: Account) -> list[Post]:
    return list(Post.objects.filter(account=account))
