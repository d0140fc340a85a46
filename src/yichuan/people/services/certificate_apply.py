"""Applying for a personal certificate, and taking the application back (G-27, G-28)."""

import uuid
from collections.abc import Iterable

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.services.check import check_certificate
from yichuan.keys.states import Use
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import Account, CertificateApplication, PersonCertificate
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import unit_of
from yichuan.people.reasons import reason_at_fault
from yichuan.people.scope import within
from yichuan.people.services.certificate_standing import fingerprint
from yichuan.people.states import APPLICATION, OPEN, ApplicationState, Carrier


def apply_for_certificate(
    *,
    actor: Account,
    account: Account,
    carrier: str,
    purpose: str,
    undertaken: bool,
    device_ids: Iterable[uuid.UUID] = (),
    offered: bytes | None = None,
) -> CertificateApplication:
    """Apply for oneself, or as the unit's administrator for somebody of the unit. A command; refuses field by field.

    `offered` is the file of a certificate of an authority outside: it is read and checked here, before any lock.
    """
    der = _offered(carrier, offered)
    with command():
        person = Account.objects.select_for_update().get(pk=account.pk)
        if person.certificate_applications.filter(state__in=OPEN).exists():
            raise Refused("applied_already", f"{person.name}已有一份数字证书申请在办理，办完或撤回后才能再申请。")
        may_act_for(actor, person)
        errors = _faults(carrier, purpose, undertaken)
        devices = list(person.devices.filter(pk__in=list(device_ids), retired_at=None))
        if len(devices) != len(set(device_ids)):
            errors["devices"] = "只能选本人名下在用的登记设备。"
        if der is not None and PersonCertificate.objects.filter(fingerprint=fingerprint(der)).exists():
            errors["offered"] = "这张证书已经登记过，不能再登记。"
        if errors:
            raise Invalid(errors)
        application = CertificateApplication.objects.create(
            account=person,
            applied_by_id=actor.pk,
            applied_at=clock.now(),
            carrier=carrier,
            purpose=purpose.strip(),
            offered=der.der if der else None,
            state=ApplicationState.APPLIED,
        )
        application.devices.set(devices)
        detail = {"carrier": carrier, "name": person.name, "devices": [device.name for device in devices]}
        record(
            verb="people.apply_for_certificate",
            actor=actor,
            unit_id=unit_of(person),
            subject=application,
            detail=detail,
        )
        return application


def withdraw_application(*, actor: Account, application_id: uuid.UUID) -> CertificateApplication:
    """Take back what is not issued yet: the person themself, or the unit's administrator. A command."""
    with command():
        application = locked_application(application_id)
        transition = APPLICATION.find("withdraw", application.state)
        may_act_for(actor, application.account)
        application.state = transition.target
        application.save(update_fields=["state"])
        record(
            verb=transition.audit,
            actor=actor,
            unit_id=unit_of(application.account),
            subject=application,
            detail={"name": application.account.name},
        )
        return application


def may_act_for(actor: Actor, account: Account) -> None:
    """Raise unless it is the actor's own affair, or that of somebody of the unit they administer."""
    if actor.pk != account.pk:
        within(actor, PeoplePermission.APPLY_FOR_OTHERS, unit_of(account))


def own_application(actor: Actor, application_id: uuid.UUID) -> CertificateApplication:
    """The actor's own application; another's looks as if it did not exist."""
    found = CertificateApplication.objects.select_related("account").filter(pk=application_id, account_id=actor.pk)
    application = found.first()
    if application is None:
        raise NotFound("no_application", "没有这份数字证书申请。")
    return application


def visible_application(actor: Actor, application_id: uuid.UUID) -> CertificateApplication:
    """The application, for the person, the unit's administrator and the security officer."""
    application = (
        CertificateApplication.objects.select_related("account", "applied_by", "reviewed_by")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise NotFound("no_application", "没有这份数字证书申请。")
    if actor.pk != application.account_id:
        try:
            within(actor, PeoplePermission.SEE_CERTIFICATES, unit_of(application.account))
        except NotAllowed as refusal:
            raise NotFound("no_application", "没有这份数字证书申请。") from refusal
    return application


def locked_application(application_id: uuid.UUID) -> CertificateApplication:
    """The row, locked until the transaction ends."""
    application = (
        CertificateApplication.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise NotFound("no_application", "没有这份数字证书申请。")
    return application


def _faults(carrier: str, purpose: str, undertaken: bool) -> dict[str, str]:
    errors = {}
    if carrier not in set(Carrier):
        errors["carrier"] = "请选择证书放在哪里。"
    if fault := reason_at_fault(purpose):
        errors["purpose"] = fault.replace("原因", "用途")
    if not undertaken:
        errors["undertaken"] = "请先勾选承诺：不转借他人，也不由他人代用。"
    return errors


def _offered(carrier: str, offered: bytes | None) -> Certificate | None:
    """The certificate of an authority outside, as DER or PEM; it must be one that would log in today."""
    if carrier != Carrier.EXTERNAL:
        return None
    if not offered:
        raise Invalid({"offered": "请选择外部证书的文件（.cer、.crt 或 .pem）。"})
    try:
        der = Certificate.from_pem(offered).der if b"-----BEGIN" in offered[:200] else offered
        checked = check_certificate(der, Use.LOGIN, clock.now())
    except GmError as error:
        raise Invalid({"offered": "读不出证书，请选择导出的证书文件，不要选私钥。"}) from error
    except Refused as refusal:
        raise Invalid({"offered": refusal.message}) from refusal
    if checked.row is not None:
        raise Invalid({"offered": "这是本中心签发的证书，不用登记。"})
    return checked.certificate
