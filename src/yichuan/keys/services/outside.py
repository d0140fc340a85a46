"""Authorities outside the centre: proposed from a file, accepted one by one, given their lists, withdrawn (P6)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import ExternalAuthority
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.states import AUTHORITY
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate

LONGEST_BUNDLE = 1024 * 1024
LONGEST_LIST = 16 * 1024 * 1024
MOST_CERTIFICATES = 50


def locked_authority(authority_id: uuid.UUID) -> ExternalAuthority:
    """The row, locked until the transaction ends."""
    row = ExternalAuthority.objects.select_for_update().filter(pk=authority_id).first()
    if row is None:
        raise NotFound("no_authority", "信任名单里没有这个证书机构，请回到名单查找。")
    return row


def move_authority(row: ExternalAuthority, verb: str, *, actor: Actor) -> None:
    """Lead a locked row along the table and write it down. A step."""
    require_transaction()
    transition = AUTHORITY.find(verb, row.state)
    check(actor, transition.permission, row)
    row.state, row.decided_at = transition.target, clock.now()
    row.save(update_fields=["state", "decided_at", "for_seals"])
    note_authority(row, actor=actor, verb=transition.audit)


def note_authority(row: ExternalAuthority, *, actor: Actor, verb: str, **more: str) -> None:
    """The entry of an act on an authority outside."""
    detail = {"subject": row.subject, "fingerprint_sm3": row.fingerprint, "for_seals": row.for_seals}
    record(verb=verb, actor=actor, subject=row, detail=detail | more)


def may_manage(actor: Actor) -> None:
    """Refuse everybody but the security officer, before anything of a file is read."""
    check(actor, KeysPermission.MANAGE_TRUST, ExternalAuthority())


def suitable(certificate: Certificate, number: int) -> None:
    """Refuse what can never vouch for anybody here; `number` is its place in the file."""
    which = f"第 {number} 张「{certificate.subject_name}」"
    if hides_something(certificate.subject_name + certificate.issuer_name):
        raise Invalid({"bundle": f"第 {number} 张的名称里有看不见的字符，可能是冒名的证书，不能导入。"})
    if not certificate.is_ca:
        raise Invalid({"bundle": f"{which}不是证书机构的证书。信任名单只收证书机构的证书，请从文件里去掉它再导入。"})
    try:
        certificate.public_key  # noqa: B018 - read for its errors
        certificate.signed_by(certificate)
    except GmError as error:
        raise Invalid({"bundle": f"{which}不是国密（SM2）证书，本系统不能核对。请向该机构索取国密证书。"}) from error
    if certificate.not_after <= clock.now():
        raise Invalid({"bundle": f"{which}已经过期，请向该机构索取新的证书。"})
