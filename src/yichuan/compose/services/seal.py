"""Sealing a document (J-29): its unit's seal, by a custodian, on the body as it is, recorded before and after."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import attachments_digest, read_body
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ses.errors import SesError
from yichuan.people.models import Account
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.use import Place, apply, begin_use, fail_use, finish_use


def seal_document(*, actor: Account, document_id: uuid.UUID, seal_id: uuid.UUID, places: list[Place]) -> Document:
    """Put the seal on. A command in three parts: intent, device, outcome."""
    document = own(actor, document_id, ComposePermission.SEAL)
    DOCUMENT.find("seal", document.state)
    seal = Seal.objects.filter(pk=seal_id, unit_id=document.unit_id).first()
    if seal is None:
        raise Invalid({"seal": "请选择本单位在用的印章。"})
    if not places or any(not 0 <= place.page_index < document.pages for place in places):
        raise Invalid({"page": f"请写明印章盖在第几页，应是 1 到 {document.pages}。"})
    body, attached = read_body(document), attachments_digest(document)
    with command():
        use = begin_use(actor=actor, seal=seal, document_id=document.pk, digest=sm3(body))
    try:
        result = apply(use, body, places)
        blob = sealed.write_bytes(own_key(document), document.body_context, result)
        return _keep(actor, document, attached, use, result, blob)
    except OfdError as error:
        _abandon(use, error.code)
        raise Refused("cannot_seal", f"这个文件不能盖章：{why(error)}。") from error
    except SesError as error:
        _abandon(use, error.code)
        raise Refused(
            "seal_unfit", f"印章「{seal.name}」现在不能用：不在有效期内，或与证书不符。请联系交换中心。"
        ) from error
    except Exception as error:
        _abandon(use, type(error).__name__)
        raise


def _keep(actor: Account, read: Document, attached: str, use: SealUse, result: bytes, blob: str) -> Document:
    with command():
        document = Document.objects.select_for_update().get(pk=read.pk)
        transition = DOCUMENT.find("seal", document.state)
        check(actor, transition.permission, document)
        if document.body != read.body or attachments_digest(document) != attached:
            raise Refused("changed", "盖章时正文或附件又有改动，没有盖成。请重新核对后再盖。")
        finish_use(use, result)
        document.body = blob
        document.body_digest = sm3(result).hex()
        document.state = transition.target
        document.changed_at = clock.now()
        document.save()
        detail = {
            "number": document.number,
            "use": str(use.pk),
            "digest": document.body_digest,
            "attachments": attached,
        }
        record(verb=transition.audit, actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
        publish("sealed", [document.unit_id], subject_id=document.pk)
    return document


def _abandon(use: SealUse, reason: str) -> None:
    with command():
        if SealUse.objects.filter(pk=use.pk, state=SealUse.State.INTENT).exists():
            fail_use(use, reason)
