"""The security officer looks at an application and passes it or not (G-28): never their own."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed
from yichuan.common.transactions import command
from yichuan.people.models import Account, CertificateApplication
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import unit_of
from yichuan.people.reasons import reason_at_fault
from yichuan.people.scope import within
from yichuan.people.services.bind_certificate import bind
from yichuan.people.services.certificate_apply import locked_application
from yichuan.people.states import APPLICATION, Carrier


def approve(*, actor: Account, application_id: uuid.UUID, opinion: str = "") -> CertificateApplication:
    """Pass it: the person may collect, or a certificate from outside is bound to them at once. A command."""
    with command():
        application = locked_application(application_id)
        verb = "map" if application.carrier == Carrier.EXTERNAL else "approve"
        return _decide(actor, application, verb, opinion)


def refuse(*, actor: Account, application_id: uuid.UUID, opinion: str) -> CertificateApplication:
    """Turn it down, with the reason. A command."""
    with command():
        return _decide(actor, locked_application(application_id), "refuse", opinion)


def _decide(actor: Account, application: CertificateApplication, verb: str, opinion: str) -> CertificateApplication:
    transition = APPLICATION.find(verb, application.state)
    within(actor, PeoplePermission.REVIEW_CERTIFICATES, unit_of(application.account))
    if actor.pk in (application.account_id, application.applied_by_id):
        raise NotAllowed("own_application", "自己的申请不能自己审核，请由另一位系统保密员审核。")
    if (verb == "refuse" or opinion.strip()) and (fault := reason_at_fault(opinion)):
        raise Invalid({"opinion": fault.replace("原因", "意见")})
    application.state, application.opinion = transition.target, opinion.strip()
    application.reviewed_by_id, application.reviewed_at = actor.pk, clock.now()
    application.save(update_fields=["state", "opinion", "reviewed_by", "reviewed_at"])
    detail = {"name": application.account.name, "carrier": application.carrier, "opinion": application.opinion}
    if verb == "map":
        certificate = application.external
        assert certificate is not None  # noqa: S101 - applying demands it; this tells the type
        detail["serial"] = bind(application, certificate).serial
    record(
        verb=transition.audit,
        actor=actor,
        unit_id=unit_of(application.account),
        subject=application,
        detail=detail,
    )
    return application
