"""Units and their people, for the room of accounts below: what `config` plugs into its ports."""

import uuid

from django.db.models import QuerySet

from yichuan.org.models import Staff, Unit
from yichuan.people.models import Account


def unit_of_account(account: Account) -> uuid.UUID | None:
    """The unit on the person's card; None for people of the centre itself."""
    return Staff.objects.filter(pk=account.pk).values_list("unit_id", flat=True).first()


def people_of_unit(unit_id: uuid.UUID) -> QuerySet[Account]:
    """The people on the unit's cards who may log in, by name."""
    return Account.objects.filter(staff__unit_id=unit_id, is_active=True).order_by("name", "username")


def unit_names(unit_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Short names, closed units included."""
    return dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "short_name"))
