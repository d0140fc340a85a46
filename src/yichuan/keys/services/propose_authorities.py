"""Bringing in certificates of authorities outside: they are shown, and count for nothing until accepted."""

from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.models import ExternalAuthority
from yichuan.keys.services.outside import LONGEST_BUNDLE, MOST_CERTIFICATES, may_manage, note_authority, suitable
from yichuan.keys.services.registry import ISSUING, ROOT, certificate_of
from yichuan.keys.states import AuthorityState
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate, load_certificates


def propose_authorities(*, actor: Actor, bundle: bytes) -> list[ExternalAuthority]:
    """Enter every CA certificate of the file (PEM, or one in DER) as proposed. A command: all of them, or none."""
    may_manage(actor)
    found = _read(bundle)
    for number, certificate in enumerate(found, 1):
        suitable(certificate, number)
    with command():
        known = {
            bytes(der)
            for der in ExternalAuthority.objects.exclude(state=AuthorityState.WITHDRAWN).values_list("der", flat=True)
        }
        new = [each for each in found if each.der not in known]
        if not new:
            raise Invalid({"bundle": "文件里的证书已经都在名单里，没有新的证书。"})
        own = {certificate_of(label).subject_key for label in (ROOT, ISSUING)}
        if any(each.subject_key in own for each in new):
            raise Invalid({"bundle": "文件里有以本中心名义签发的证书，不能导入。来源不明的请立即联系运行管理员。"})
        return [_enter(each, actor) for each in new]


def _read(bundle: bytes) -> list[Certificate]:
    if len(bundle) > LONGEST_BUNDLE:
        raise Invalid({"bundle": "文件超过 1 MB，不像是证书文件，请核对。"})
    try:
        found = list(dict.fromkeys(load_certificates(bundle)))
    except GmError as error:
        raise Invalid({"bundle": "读不出证书。请选择 PEM 或者 DER 格式的证书文件（.pem、.crt、.cer）。"}) from error
    if len(found) > MOST_CERTIFICATES:
        raise Invalid({"bundle": f"文件里有 {len(found)} 张证书，一次最多导入 {MOST_CERTIFICATES} 张，请分几次导入。"})
    return found


def _enter(certificate: Certificate, actor: Actor) -> ExternalAuthority:
    row = ExternalAuthority.objects.create(
        fingerprint=certificate.fingerprint.hex(),
        subject=certificate.subject_name[:200],
        issuer=certificate.issuer_name[:200],
        self_signed=certificate.self_signed and certificate.signed_by(certificate),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        der=certificate.der,
        state=AuthorityState.PROPOSED,
        proposed_at=clock.now(),
    )
    note_authority(row, actor=actor, verb="keys.propose_authority")
    return row
