"""单位加密证书: every unit that uses the centre has a key in the device and a certificate of it in its present name."""

import uuid
from datetime import timedelta

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.registry import Holder, make_certificate
from yichuan.keys.services.renew import renew
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Use, Why
from yichuan.lib.gm.x509 import Name
from yichuan.org.models import Unit
from yichuan.org.selectors.unit_certificates import certificates_in_force, held_certificates, unit_certificates

LASTS = timedelta(days=365 * 5)
LONGEST_NAME = 64  # RFC 5280


def make_unit_key(unit_id: uuid.UUID) -> str:
    """Make the unit's key in the device, if it is not there yet; its label. Device work.

    A key whose certificate was revoked is never certified again: the next one has a number.
    """
    revoked = unit_certificates().filter(holder_id=unit_id, state=CertificateState.REVOKED).count()
    label = f"unit:{unit_id}:encryption" + (f":{revoked + 1}" if revoked else "")
    if not device().has(label):
        device().make_signing_key(label)
    return label


def certify_unit(*, actor: Actor | None, unit: Unit) -> IssuedCertificate:
    """A certificate for the unit's key in its present name; the one before makes way. A step, the unit is locked."""
    require_transaction()
    label, name = make_unit_key(unit.pk), unit.name[:LONGEST_NAME]
    holder, subject = Holder("unit", unit.name, unit.pk), Name(common_name=name, organization=name)
    old = IssuedCertificate.objects.filter(label=label, state=CertificateState.VALID).first()
    if old is not None:
        return renew(actor=actor, certificate=old, holder=holder, subject=subject, lasts=LASTS)
    return make_certificate(
        actor=actor,
        use=Use.UNIT,
        holder=holder,
        subject=subject,
        public_key=device().public_key(label),
        lasts=LASTS,
        label=label,
    )


def rename_certificate(*, actor: Actor | None, unit: Unit) -> None:
    """After a change of name: the certificate in the new one. What is held is revoked with the old name. A step."""
    for each in held_certificates().filter(holder_id=unit.pk):
        revoke(actor=actor, certificate=each, reason=Why.AFFILIATION_CHANGED, words="单位更名")
    certify_unit(actor=actor, unit=unit)


def issue_unit_certificate(*, actor: Actor, unit_id: uuid.UUID) -> IssuedCertificate:
    """The security officer's: a certificate for a unit that has none in force. A command; the key is made before."""
    check(actor, KeysPermission.MANAGE_CERTIFICATES, IssuedCertificate())
    if not Unit.objects.filter(pk=unit_id).exists():
        raise NotFound("no_unit", "没有这个单位，请刷新页面。")
    try:
        make_unit_key(unit_id)
    except DeviceError as error:
        raise unavailable(error) from error
    with command():
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        check(actor, KeysPermission.MANAGE_CERTIFICATES, IssuedCertificate())
        if unit.closed_at is not None:
            raise Refused("unit_closed", f"「{unit.name}」已经注销，不能再签发证书。请刷新页面。")
        if certificates_in_force().filter(holder_id=unit.pk).exists():
            raise Refused("certified_already", f"「{unit.name}」已经有有效的加密证书，不用再签发。请刷新页面。")
        if held_certificates().filter(holder_id=unit.pk).exists():
            raise Refused("held", f"「{unit.name}」的加密证书已经挂失。请先在证书台账里解除挂失或者吊销。")
        return certify_unit(actor=actor, unit=unit)
