"""挂失, 解除挂失, 吊销 of a person's certificate (G-26): at once, with its revocation list, and its sessions end."""

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.hold import hold
from yichuan.keys.services.release import release
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CERTIFICATE, CertificateState, Why
from yichuan.people.models import Account, OpenSession, PersonCertificate
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import unit_of
from yichuan.people.reasons import reason_at_fault
from yichuan.people.scope import holds_everywhere, within
from yichuan.people.services.end_sessions import SIGNED_OUT
from yichuan.people.services.log_in import check_password_login

VERBS = {
    "hold": "people.report_loss",
    "release": "people.release_certificate",
    "revoke": "people.revoke_certificate",
}


def report_own_loss(request: HttpRequest, *, username: str, password: str, reason: str) -> list[PersonCertificate]:
    """Whoever knows the account's password holds all its certificates: also without logging in. A command.

    A wrong password counts like one at the login. Refused `nothing_to_hold`.
    """
    if fault := reason_at_fault(reason):
        raise Invalid({"reason": fault})
    account = check_password_login(request, username=username, password=password)
    with command():
        bound = list(_rows().filter(account=account))
        standing = [each for each in bound if each.state is CertificateState.VALID]
        if not standing:
            raise Refused("nothing_to_hold", "这个账号没有在用的数字证书，不用挂失。")
        for each in standing:
            _move(account, each, "hold", reason)
        return standing


def report_loss(*, actor: Account, certificate_id: uuid.UUID, reason: str) -> PersonCertificate:
    """The unit's administrator or the security officer holds somebody's certificate. A command."""
    with command():
        bound = _locked(certificate_id)
        unit_id = unit_of(bound.account)
        if not holds_everywhere(actor, PeoplePermission.REVOKE_CERTIFICATES):
            within(actor, PeoplePermission.APPLY_FOR_OTHERS, unit_id)
        return _move(actor, bound, "hold", reason)


def release_certificate(*, actor: Account, certificate_id: uuid.UUID, reason: str) -> PersonCertificate:
    """What was held counts again: the security officer, never for themself. A command."""
    return _officer(actor, certificate_id, "release", reason)


def revoke_certificate(*, actor: Account, certificate_id: uuid.UUID, reason: str) -> PersonCertificate:
    """End it for good: the security officer. A command."""
    return _officer(actor, certificate_id, "revoke", reason)


def _officer(actor: Account, certificate_id: uuid.UUID, verb: str, reason: str) -> PersonCertificate:
    with command():
        bound = _locked(certificate_id)
        within(actor, PeoplePermission.REVOKE_CERTIFICATES, unit_of(bound.account))
        if verb == "release" and bound.account_id == actor.pk:
            raise NotAllowed("own_certificate", "自己的证书要由另一位系统保密员解除挂失。")
        return _move(actor, bound, verb, reason)


def _move(actor: Actor, bound: PersonCertificate, verb: str, reason: str) -> PersonCertificate:
    """Lead a locked certificate along, by the register where the centre issued it, and end what was begun with it."""
    require_transaction()
    transition = CERTIFICATE.find(verb, bound.state)
    if fault := reason_at_fault(reason):
        raise Invalid({"reason": fault})
    if bound.issued is None:
        bound.outside_state = transition.target
        bound.save(update_fields=["outside_state"])
    else:
        bound.issued = _in_register(actor, bound.issued, verb, reason.strip())
    ended = end_sessions_begun_with(bound) if transition.target is not CertificateState.VALID else 0
    detail = {"name": bound.account.name, "serial": bound.serial, "reason": reason.strip(), "sessions_ended": ended}
    record(verb=VERBS[verb], actor=actor, unit_id=unit_of(bound.account), subject=bound, detail=detail)
    return bound


def _in_register(actor: Actor, issued: IssuedCertificate, verb: str, reason: str) -> IssuedCertificate:
    if verb == "hold":
        return hold(actor=actor, certificate=issued, reason=reason)
    if verb == "release":
        return release(actor=actor, certificate=issued, reason=reason)
    return revoke(actor=actor, certificate=issued, reason=Why.KEY_COMPROMISE, words=reason)


def end_sessions_begun_with(bound: PersonCertificate) -> int:
    """End the sessions that this certificate began; how many. A step."""
    require_transaction()
    standing = OpenSession.objects.filter(by_certificate__certificate=bound, ended_at=None)
    ended = standing.update(ended_at=clock.now(), end=OpenSession.End.CERTIFICATE)
    if ended:
        publish(SIGNED_OUT, [bound.account_id])
    return ended


def _rows() -> QuerySet[PersonCertificate]:
    return PersonCertificate.objects.select_for_update(of=("self",)).select_related("account", "issued", "application")


def _locked(certificate_id: uuid.UUID) -> PersonCertificate:
    bound = _rows().filter(pk=certificate_id).first()
    if bound is None:
        raise NotFound("no_certificate", "没有这张数字证书，请回到列表查找。")
    return bound
