"""What the room of accounts and certificates, which stands below this one, wants to know of a person's posts."""

import uuid

from django.db.models import QuerySet

from yichuan.common import profile
from yichuan.common.models import Centre, title_of
from yichuan.org.models import Staff
from yichuan.org.selectors import present_posts
from yichuan.people.models import Account
from yichuan.people.ports import Card


def login_demands(account: Account) -> frozenset[str]:
    """What the profile says of each duty the person holds now; without a post, what it says of everybody."""
    rules = profile.current()
    return frozenset(rules.login_demand(post.duty) for post in present_posts(account)) or frozenset(
        (rules.login_demand("default"),)
    )


def card_of(account: Account) -> Card:
    """The person's card as a form has it."""
    staff = Staff.objects.select_related("unit", "office").filter(pk=account.pk).first()
    if staff is None or staff.unit is None:
        centre = Centre.objects.first()
        return Card(unit=title_of(centre.name) if centre else "")
    office = staff.office.name if staff.office else ""
    return Card(staff.unit.name, office, staff.title, staff.phone, staff.mobile)


def accounts_of(unit_id: uuid.UUID) -> QuerySet[Staff, uuid.UUID]:
    """The accounts whose cards name the unit."""
    return Staff.objects.filter(unit_id=unit_id).values_list("account_id", flat=True)
