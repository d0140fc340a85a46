"""Suspending somebody from the pages of logins and devices, whose room stands below this one (P4, P7)."""

from yichuan.org.models import AccessChange, Staff
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.access import note_at_once
from yichuan.org.services.looked_after import locked_person, why_not
from yichuan.people.models import Account
from yichuan.people.services.suspend import suspend


def may_suspend(actor: Account, account: Account) -> bool:
    """Whether the button is offered."""
    person = Staff.objects.select_related("account", "unit").filter(pk=account.pk).first()
    return person is not None and why_not(actor, person, OrgPermission.SUSPEND) is None


def suspend_person(*, actor: Account, account: Account, reason: str) -> None:
    """Suspend at once and lay it before the auditor. A step."""
    person = locked_person(actor, account.pk, OrgPermission.SUSPEND)
    suspend(actor=actor, account=account, reason=reason)
    note_at_once(actor=actor, kind=AccessChange.Kind.SUSPEND, account=account, unit=person.unit, reason=reason)
