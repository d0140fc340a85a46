"""From what a person has proved to the session: enough, a second proof first, or only the way to a factor (P6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from yichuan.common import clock
from yichuan.keys.states import CertificateState
from yichuan.people.factors import Demand, Factor, enough
from yichuan.people.models import Account, OneTimeCodes, PersonCertificate
from yichuan.people.ports import demands_of_duties

PENDING = "proved_so_far"
ENROL_ONLY = "enrol_only"
WAITS = timedelta(minutes=5)


@dataclass(frozen=True)
class Pending:
    """Who has proved part of what their duties demand, in this browser, a moment ago."""

    account: Account
    proved: frozenset[Factor]
    certificate: PersonCertificate | None


def demands_of(account: Account) -> frozenset[Demand]:
    """What the person's duties demand. Who has set up one-time codes is asked for them, whatever the duties say."""
    demands = {Demand(each) for each in demands_of_duties(account)}
    return frozenset(demands | {Demand.SECOND} if has_codes(account) else demands)


def owned(account: Account) -> frozenset[Factor]:
    """What the person has to prove themself by."""
    has = {Factor.PASSWORD: True, Factor.CERTIFICATE: has_certificate(account), Factor.CODE: has_codes(account)}
    return frozenset(factor for factor, there in has.items() if there)


def has_codes(account: Account) -> bool:
    """Whether one-time codes are set up."""
    return OneTimeCodes.objects.filter(account=account).exclude(set_up_at=None).exists()


def has_certificate(account: Account, at: datetime | None = None) -> bool:
    """Whether a certificate of the person is in force."""
    at = at or clock.now()
    bound = PersonCertificate.objects.select_related("issued").filter(account=account, not_after__gt=at)
    return any(each.state is CertificateState.VALID for each in bound)


def within_reach(account: Account) -> bool:
    """Whether what the person owns would do for what their duties demand."""
    return enough(demands_of(account), owned(account))


def keep_pending(
    request: HttpRequest, account: Account, proved: frozenset[Factor], certificate: PersonCertificate | None
) -> None:
    """Remember in the browser's session what was proved; nobody is logged in by it."""
    request.session[PENDING] = {
        "account": str(account.pk),
        "password": account.password[-24:],
        "proved": sorted(proved),
        "certificate": str(certificate.pk) if certificate else "",
        "at": clock.now().timestamp(),
    }


def pending(request: HttpRequest) -> Pending | None:
    """What was proved in this browser and still counts: a moment ago, by an account whose password is the same."""
    kept = request.session.get(PENDING)
    if not kept or clock.now().timestamp() - kept["at"] > WAITS.total_seconds():
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    if account is None or account.password[-24:] != kept["password"]:
        return None
    certificate = PersonCertificate.objects.filter(pk=kept["certificate"]).first() if kept["certificate"] else None
    return Pending(account, frozenset(Factor(each) for each in kept["proved"]), certificate)


def forget_pending(request: HttpRequest) -> None:
    """It led to a session, or to nothing."""
    request.session.pop(PENDING, None)
