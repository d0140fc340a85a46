"""Bringing in the revocation list of an authority outside: without a fresh one its certificates are refused."""

from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.models import ExternalAuthority, ImportedList
from yichuan.keys.selectors import accepted_authorities
from yichuan.keys.services.outside import LONGEST_LIST, locked_authority, may_manage, note_authority
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.errors import GmError


def import_list(*, actor: Actor, data: bytes) -> ImportedList:
    """Keep the list (DER or PEM) for the accepted authority that signed it, in the place of the one before. A command.

    Invalid `revocations`: not a list, of no accepted authority, partial, out of date, or older than the one kept.
    """
    may_manage(actor)
    crl = _read(data)
    at = clock.now()
    authority = _signer(crl)
    if crl.unknown_critical:
        raise Invalid({"revocations": "这是增量或者分段的吊销列表，不能单独使用。请向该机构索取完整的吊销列表。"})
    if crl.this_update > at or (crl.next_update is not None and crl.next_update <= at):
        raise Invalid({"revocations": "这份吊销列表已经过期或者还没有生效，请下载最新的一份。"})
    with command():
        locked_authority(authority.pk)
        kept = ImportedList.objects.filter(authority=authority).first()
        if kept is not None and crl.this_update < kept.this_update:
            raise Invalid({"revocations": "已经导入过更新的吊销列表，这一份是旧的，没有导入。"})
        row, _ = ImportedList.objects.update_or_create(
            authority=authority,
            defaults={
                "number": "" if crl.number is None else f"{crl.number:x}",
                "this_update": crl.this_update,
                "next_update": crl.next_update,
                "imported_at": at,
                "der": crl.der,
            },
        )
        more = {"number": row.number, "this_update": crl.this_update.isoformat(), "revoked": str(len(crl.revoked))}
        note_authority(authority, actor=actor, verb="keys.import_list", **more)
    return row


def _read(data: bytes) -> Crl:
    if len(data) > LONGEST_LIST:
        raise Invalid({"revocations": "文件超过 16 MB，请核对。"})
    try:
        return Crl.from_pem(data) if data.lstrip().startswith(b"-----BEGIN") else Crl.from_der(data)
    except GmError as error:
        raise Invalid({"revocations": "读不出吊销列表。请选择 PEM 或者 DER 格式的吊销列表文件（.crl）。"}) from error


def _signer(crl: Crl) -> ExternalAuthority:
    for row in accepted_authorities():
        if crl.signed_by(row.certificate):
            return row
    raise Invalid(
        {"revocations": "这份吊销列表不是信任名单里的机构签发的，或者被改动过。请先导入并信任该机构，再导入列表。"}
    )
