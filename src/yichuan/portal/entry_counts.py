"""What the entries of the navigation count: what waits for this person at this desk."""

from yichuan.audit.selectors import faulty_checks
from yichuan.changes.selectors import waiting_count
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.selectors import sealed_number
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.selectors_rules import unfilled_year
from yichuan.exchange.selectors_waiting import unsigned_number
from yichuan.exchange.services.calendar_table import today
from yichuan.org.selectors import Desk
from yichuan.org.selectors.access import changes_to_review
from yichuan.org.selectors.filings import filings
from yichuan.org.selectors.hand_overs import to_confirm_number
from yichuan.org.selectors.unit_certificates import units_without_certificate
from yichuan.people.models import Account
from yichuan.people.selectors import alarms
from yichuan.people.selectors_certificates import waiting_for_review
from yichuan.portal.duty_tasks import replacements_for
from yichuan.portal.entry import Counted, opened_for
from yichuan.portal.seal_entries import SEAL_LINES


def unsigned(user: Account, desk: Desk | None) -> Counted:
    return [unsigned_number(desk.unit_id, desk.office_id)] if desk else []


def to_send(user: Account, desk: Desk | None) -> Counted:
    """What waits for sending, to those who may send it."""
    if desk is None or not user.has_perm(ComposePermission.SEND, desk):
        return []
    return [sealed_number(unit=desk.unit_id)]


def seals(user: Account, desk: Desk | None) -> Counted:
    opened = opened_for(user, desk)
    counts = [line.count for line in SEAL_LINES if line.count and line.opens(opened)]
    return [each for count in counts for each in count(user, desk)]


def applications(user: Account, desk: Desk | None) -> Counted:
    return [waiting_count(user)]


def reviews(user: Account, desk: Desk | None) -> Counted:
    return [changes_to_review().count()]


def certificates(user: Account, desk: Desk | None) -> Counted:
    return [waiting_for_review()]


def uncertified(user: Account, desk: Desk | None) -> Counted:
    return [units_without_certificate().count()]


def new_alarms(user: Account, desk: Desk | None) -> Counted:
    return [alarms(desk.unit_id if desk else None, waiting=True).count()]


def new_filings(user: Account, desk: Desk | None) -> Counted:
    return [filings(new_only=True).count()]


def replacements(user: Account, desk: Desk | None) -> Counted:
    return [len(replacements_for(user))]


def unfilled(user: Account, desk: Desk | None) -> Counted:
    return [int(user.has_perm(ExchangePermission.SET_CALENDAR, desk) and unfilled_year(today()) is not None)]


def hand_overs(user: Account, desk: Desk | None) -> Counted:
    return [to_confirm_number(account=user.pk)]


def log_faults(user: Account, desk: Desk | None) -> Counted:
    return [faulty_checks().count()]
