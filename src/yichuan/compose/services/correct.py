"""Correcting what came back (更正重发): a new draft with everything of the old one, which stays as it was sent."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.models import Attachment, Document, PaperAttachment
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.chain import came_back
from yichuan.compose.services.content import read_content, write_content
from yichuan.compose.services.keys import own_key, wrap_for
from yichuan.compose.services.save import hold_numbers, own, require_free_number, set_fields
from yichuan.compose.states import DocumentState
from yichuan.org.selectors import box_of
from yichuan.org.services.hold_boxes import hold_boxes
from yichuan.people.models import Account

DONE = (DocumentState.SENT, DocumentState.WITHDRAWN)


def correct(*, actor: Account, document_id: uuid.UUID) -> Document:
    """Begin the correction of a document that was withdrawn, or that a recipient returned. A command.

    The number is the old one's until it is changed. Attachments are encrypted anew under the new document's key, a
    piece at a time. Refused `nothing_to_correct`; `correcting` where a correction of it is in the making.
    """
    old = own(actor, document_id, ComposePermission.WRITE)
    require_correctable(old)
    fields, original = read_content(old)
    box = box_of(old.unit_id)
    new = Document(unit=old.unit, box=box, author=actor, state=DocumentState.DRAFT, corrects=old)
    key = sealed.new_key()
    new.wrapped_key = wrap_for(box, new, key)
    set_fields(new, fields)
    new.content = write_content(new, key, fields, original)
    new.created_at = new.changed_at = clock.now()
    attachments = _copied(old, new, key)
    with command():
        held = hold_boxes([box.pk])[box.pk]
        hold_numbers(old.unit)
        current = Document.objects.select_for_update().get(pk=old.pk)
        check(actor, ComposePermission.WRITE, current)
        if held.closed_at is not None or (held.unit_id, held.generation) != (current.unit_id, box.generation):
            raise Refused("unit_changed", "本单位刚刚办理了变更，更正稿没有建立。请刷新页面再试。")
        require_correctable(current)
        require_free_number(new)
        new.save(force_insert=True)
        Attachment.objects.bulk_create(attachments)
        PaperAttachment.objects.bulk_create(
            PaperAttachment(document=new, order=each.order, name=each.name, copies=each.copies)
            for each in current.paper_attachments.all()
        )
        detail = {"number": new.number, "corrects": str(old.pk)}
        record(verb="compose.correct", actor=actor, unit_id=new.unit_id, subject=new, detail=detail)
        record(verb="compose.corrected", actor=actor, unit_id=old.unit_id, subject=old, detail={"number": new.number})
    return new


def require_correctable(document: Document) -> None:
    """Refused where nothing came back, or a correction is in the making already."""
    if document.state != DocumentState.WITHDRAWN and not came_back(document):
        raise Refused("nothing_to_correct", "这件公文没有撤回，也没有单位退回，不用更正。")
    if document.corrections.exclude(state__in=DONE).exists():
        raise Refused("correcting", "这件公文的更正稿已经建好，还没有发出。请到发文里打开更正稿继续办理。")


def can_correct(document: Document) -> bool:
    """Whether its page offers to correct it."""
    try:
        require_correctable(document)
    except Refused:
        return False
    return True


def _copied(old: Document, new: Document, key: bytes) -> list[Attachment]:
    """The old one's attachments for the new one, their files stored under its key. File work, outside of locks."""
    opened, copies = own_key(old), []
    for file in old.attachments.all():
        copy = Attachment(
            document=new,
            order=file.order,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            digest=file.digest,
        )
        copy.blob = sealed.write(key, copy.context, sealed.read(opened, file.context, file.blob))
        copies.append(copy)
    return copies
