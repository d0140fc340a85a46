"""Reading what is filed with the supervising office (J-14)."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from yichuan.common import profile
from yichuan.common.errors import NotAllowed
from yichuan.common.permissions import Actor
from yichuan.org.models import CentreRole, Filing, Unit
from yichuan.org.permissions import OrgPermission


def supervising_unit() -> Unit | None:
    """The unit that supervises the centre (J-5), once it is set."""
    role = CentreRole.objects.select_related("unit").filter(role=CentreRole.Role.SUPERVISING).first()
    return role.unit if role else None


def may_see(actor: Actor) -> None:
    """Only a post in the supervising unit opens the filings. Raises `NotAllowed`."""
    unit = supervising_unit()
    if unit is None or not actor.has_perm(OrgPermission.SEE_FILINGS, unit):
        raise NotAllowed("no_permission", f"你的岗位没有「{OrgPermission.SEE_FILINGS.label}」的权限。")


def filings(
    *, unit: Unit | None = None, since: date | None = None, until: date | None = None, new_only: bool = False
) -> QuerySet[Filing]:
    """The filings, the newest first; of one unit, between two days (both included), not yet noted."""
    found = Filing.objects.select_related("unit", "account", "by", "noted_by").order_by("-at", "-id")
    if unit is not None:
        found = found.filter(unit=unit)
    if since is not None:
        found = found.filter(at__gte=_midnight(since))
    if until is not None:
        found = found.filter(at__lt=_midnight(until + timedelta(days=1)))
    return found.filter(noted_at=None) if new_only else found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=profile.current().zone)
