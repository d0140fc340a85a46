"""Whether a person qualifies for a post (P8, J-12, G-6)."""

from datetime import date, datetime

from django.utils import timezone

from yichuan.common import profile
from yichuan.org.models import Staff


def lacking(staff: Staff, at: datetime) -> str:
    """What the person lacks for a post that begins at `at`, as the end of a sentence; empty if nothing."""
    day = timezone.localdate(at)
    if not staff.established:
        return "不是在编人员，不能任命岗位。"
    if staff.trained_on is None:
        return "还没有上岗培训记录，培训登记以后才能任命岗位。"
    if staff.trained_on > day:
        return f"的上岗培训在 {staff.trained_on}，还没有参加，不能任命岗位。"
    ends = valid_to(staff.trained_on)
    if ends is not None and ends < day:
        return f"的上岗培训到 {ends} 已满有效期，重新培训以后才能任命岗位。"
    return ""


def valid_to(trained_on: date) -> date | None:
    """The last day on which a training counts; None where the centre's rules let it count for ever."""
    years = profile.current().training_years
    if not years:
        return None
    last_of_month = trained_on.month == 2 and trained_on.day == 29
    return trained_on.replace(year=trained_on.year + years, day=28 if last_of_month else trained_on.day)
