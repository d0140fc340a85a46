"""Offices of the small centre, and people who work in them."""

from support.world import LONG_AGO, World
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import Office, Post, Staff
from yichuan.org.services.appoint import appoint
from yichuan.people.models import Account
from yichuan.people.services.open_account import open_account


def an_office(world: World, name: str = "秘书科", unit: str = "市府办公室") -> Office:
    """An office of a unit, without a box of its own."""
    return Office.objects.create(unit=world.units[unit], name=name)


def put_into(office: Office, duty: Duty, account: Account) -> Post:
    """A post of the office for somebody, held since long ago."""
    with command():
        return appoint(actor=None, account=account, unit=office.unit, duty=duty, office=office, since=LONG_AGO)


def of_office(office: Office, duty: Duty, username: str) -> Account:
    """A new person who holds a post of the office and no other."""
    with command():
        account = open_account(actor=None, username=username, name=f"科{duty.label}", password="Right-words-1")
        Staff.objects.create(
            account=account, unit=office.unit, office=office, established=True, trained_on=LONG_AGO.date()
        )
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    put_into(office, duty, account)
    return Account.objects.get(pk=account.pk)
