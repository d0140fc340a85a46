"""纸质附件 (J-28): books and drawings that travel on paper are named on the document before it is sent."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.models import Document, PaperAttachment
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.save import own
from yichuan.compose.states import DocumentState
from yichuan.people.models import Account

OPEN = (DocumentState.DRAFT, DocumentState.READY, DocumentState.SEALED)
LONGEST_NAME = 120
MOST_COPIES = 999
MOST_PAPERS = 50


def name_paper(*, actor: Account, document_id: uuid.UUID, name: str, copies: int) -> PaperAttachment:
    """Add a paper attachment, `copies` of it for each recipient. A command. Raises `Invalid`."""
    called = name.strip()
    errors = {}
    if not skeleton(called):
        errors["paper_name"] = "请填写纸质附件的名称，例如：规划图集。"
    elif len(called) > LONGEST_NAME or hides_something(called):
        errors["paper_name"] = f"纸质附件的名称最多 {LONGEST_NAME} 个字，不能有看不见的字符。"
    if not 1 <= copies <= MOST_COPIES:
        errors["paper_copies"] = f"份数应是 1 到 {MOST_COPIES} 之间的整数。"
    with command():
        document = _locked(actor, document_id)
        if errors:
            raise Invalid(errors)
        there = list(document.paper_attachments.all())
        if len(there) >= MOST_PAPERS:
            raise Invalid({"paper_name": f"一件公文最多 {MOST_PAPERS} 种纸质附件。"})
        if any(skeleton(each.name) == skeleton(called) for each in there):
            raise Invalid({"paper_name": f"「{called}」已经登记了；份数不对的，先去掉再登记。"})
        order = max((each.order for each in there), default=0) + 1
        paper = PaperAttachment.objects.create(document=document, order=order, name=called, copies=copies)
        _record(actor, document)
    return paper


def drop_paper(*, actor: Account, document_id: uuid.UUID, paper_id: int) -> None:
    """Take a paper attachment away again. A command; one that is gone stays gone."""
    with command():
        document = _locked(actor, document_id)
        if document.paper_attachments.filter(pk=paper_id).delete()[0]:
            _record(actor, document)


def _locked(actor: Account, document_id: uuid.UUID) -> Document:
    """The document, locked, while its papers may still change. A step."""
    require_transaction()
    if Document.objects.select_for_update().filter(pk=document_id).first() is None:
        raise NotFound("no_document", "没有这件公文，或者不是你单位的。")
    document = own(actor, document_id, ComposePermission.SEE)
    if document.state not in OPEN:
        raise Refused("wrong_state", f"公文{document.get_state_display()}，不能再改纸质附件。")
    check(actor, ComposePermission.WRITE, document)
    return document


def _record(actor: Account, document: Document) -> None:
    named = [f"{each.name} {each.copies} 份" for each in document.paper_attachments.all()]
    detail = {"attachments": named}
    record(verb="compose.name_papers", actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
