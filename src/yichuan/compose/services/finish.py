"""Finishing a draft: checked, typeset, converted to a body that cannot be changed, numbered (J-27, C1, C2)."""

import uuid
from dataclasses import dataclass
from typing import Any

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import Fields, in_the_clerks_words, to_gongwen
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.content import read_content
from yichuan.compose.services.joint import call_to_seal, issuing_units, set_turns
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.typeset import typeset
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.people.models import Account
from yichuan.seals.services.void_uses import void_uses
from yichuan.web.fonts import fonts


@dataclass(frozen=True)
class Body:
    """A typeset document: the OFD, its pages, and where its seals go."""

    ofd: bytes
    pages: int
    seal_places: list[dict[str, Any]]


def typeset_fields(document_id: uuid.UUID, fields: Fields, original: dict[str, Any]) -> Body:
    """Typeset what the form holds. Pure work: nothing is stored. Raises `Invalid` field by field."""
    from yichuan.lib.ofd.convert import pdf_to_ofd  # large: where bodies come sealed, nothing is typeset

    gongwen = to_gongwen(fields, original)
    try:
        result = typeset(gongwen, fonts())
    except GongwenError as error:
        raise Invalid(in_the_clerks_words(error)) from error
    info = DocumentInfo(
        title=gongwen.one_line_title, author="、".join(gongwen.issuers), created=clock.now(), doc_id=document_id.hex
    )
    places = [
        {"page": place.page_index, "x": round(place.centre_x_mm, 2), "y": round(place.centre_y_mm, 2)}
        for place in result.seal_positions
    ]
    return Body(pdf_to_ofd(result.pdf, info=info), result.pages, places)


def finish(*, actor: Account, document_id: uuid.UUID) -> Document:
    """Make the body and hand the document over for sealing. A command; refuses a draft that changed meanwhile."""
    document = own(actor, document_id, ComposePermission.WRITE)
    DOCUMENT.find("finish", document.state)
    fields, original = read_content(document)
    issuers = issuing_units(document, fields)
    body = typeset_fields(document.pk, fields, original)
    blob = sealed.write_bytes(own_key(document), document.body_context, body.ofd)
    with command():
        current = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("finish", current.state)
        check(actor, transition.permission, current)
        if current.content != document.content:
            raise Refused("changed", "制版时草稿又有改动，没有完成制版。请查看最新内容后再试。")
        keep_body(current, body, blob)
        current.state = transition.target
        current.save()
        set_turns(current, issuers)
        call_to_seal(current)
        detail = {"number": current.number, "pages": body.pages, "digest": current.body_digest}
        record(verb=transition.audit, actor=actor, unit_id=current.unit_id, subject=current, detail=detail)
    return current


def keep_body(document: Document, body: Body, blob: str, *, digest: str = "") -> None:
    """Set the body's columns on a locked document; `digest` is its SM3 in hex, where the caller has it. A step's
    helper: the caller saves."""
    document.body = blob
    document.body_digest = digest or sm3(body.ofd).hex()
    document.pages = body.pages
    document.seal_places = body.seal_places
    document.changed_at = clock.now()


def reopen(*, actor: Account, document_id: uuid.UUID) -> Document:
    """Take a finished document back to be changed; a seal on it is void with its body. A command."""
    own(actor, document_id, ComposePermission.WRITE)
    with command():
        document = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("reopen", document.state)
        check(actor, transition.permission, document)
        detail = {"from": document.state, "digest": document.body_digest}
        void_uses(actor=actor, document_id=document.pk, why="公文退回修改")
        drop_body(document)
        document.state = transition.target
        document.changed_at = clock.now()
        document.save()
        record(verb=transition.audit, actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
    return document


def drop_body(document: Document) -> None:
    """Make a locked document one without a body, to be finished anew. A step's helper: the caller saves."""
    document.source = Document.Source.TYPESET  # until another finished body is uploaded
    document.body = document.body_digest = document.unsealed = ""
    document.pages = 0
    document.seal_places = []
    set_turns(document, [])
