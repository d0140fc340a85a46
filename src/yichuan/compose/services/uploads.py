"""Files that come in: an attachment, or a finished OFD as the body. What a file is, its bytes say, not its name."""

import uuid
from pathlib import PurePath

from django.db.models import Max, Sum

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.drafting.content import refusals_of_the_rules
from yichuan.compose.drafting.filetypes import recognise
from yichuan.compose.drafting.markings import require_unmarked
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.models import Attachment, Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import Body, keep_body
from yichuan.compose.services.joint import call_to_seal, issuing_units, set_turns
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import own
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import read_document
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.scene.plain import is_plain, text_of_page
from yichuan.lib.ofd.svg import Renderer
from yichuan.people.models import Account

MOST_ATTACHMENTS = 30
MOST_ATTACHED = 256 * 2**20
MOST_PAGES = 1_000
MOST_OBJECTS = 1_000_000
LONGEST_NAME = 120


def attach(*, actor: Account, document_id: uuid.UUID, name: str, data: bytes) -> Attachment:
    """Add an attachment to a document that is not sealed yet. A command."""
    document = own(actor, document_id, ComposePermission.WRITE)
    name = file_name(name)
    media_type = recognise(name, data)
    attachment = Attachment(document=document, name=name, media_type=media_type, size=len(data), digest=sm3(data).hex())
    attachment.blob = sealed.write_bytes(own_key(document), attachment.context, data)
    with command():
        keep_attachment(actor, attachment)
    return attachment


def file_name(name: str) -> str:
    """The name of a file without its folder. Raises `Invalid` for `file`."""
    name = PurePath(name.replace("\\", "/")).name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid({"file": f"附件的文件名应在 1 到 {LONGEST_NAME} 个字之间。"})
    if hides_something(name):
        raise Invalid({"file": "附件的文件名里有看不见的字符，请改名后再选择。"})
    return name


def keep_attachment(actor: Account, attachment: Attachment) -> None:
    """Take what was stored into its document, within the bounds of one document. A step."""
    require_transaction()
    locked = _lock_unsealed(actor, attachment.document_id)
    name = attachment.name
    if any(each.name == name for each in locked.attachments.filter(digest=attachment.digest)):
        raise Invalid({"file": f"「{name}」已经添加过，内容一样，没有再存一份。"})
    if locked.attachments.count() >= MOST_ATTACHMENTS:
        raise Invalid({"file": f"附件最多 {MOST_ATTACHMENTS} 个。"})
    if (locked.attachments.aggregate(all=Sum("size"))["all"] or 0) + attachment.size > MOST_ATTACHED:
        raise Invalid({"file": f"附件合计不超过 {MOST_ATTACHED // 2**20} MB，「{name}」没有保存。"})
    attachment.order = (locked.attachments.aggregate(last=Max("order"))["last"] or 0) + 1
    attachment.save(force_insert=True)
    detail = {"digest": attachment.digest, "size": attachment.size}
    record(verb="compose.attach", actor=actor, unit_id=locked.unit_id, subject=locked, detail=detail)


def detach(*, actor: Account, document_id: uuid.UUID, attachment_id: uuid.UUID) -> None:
    """Remove an attachment from a document that is not sealed yet. A command."""
    own(actor, document_id, ComposePermission.WRITE)
    with command():
        locked = _lock_unsealed(actor, document_id)
        removed, _ = locked.attachments.filter(pk=attachment_id).delete()
        if removed:
            record(verb="compose.detach", actor=actor, unit_id=locked.unit_id, subject=locked)


def upload_body(*, actor: Account, document_id: uuid.UUID, name: str, data: bytes) -> Document:
    """Take a finished OFD as the body of a draft; it is read, drawn and bounded before it is kept. A command."""
    document = own(actor, document_id, ComposePermission.WRITE)
    DOCUMENT.find("finish", document.state)
    if not document.number:
        raise Invalid({"number": "请先填写发文字号并保存，再上传成品。"})
    errors = refusals_of_the_rules({"number": document.number, "urgency": document.urgency})
    if errors:
        raise Invalid(errors)
    recognise(name, data, only=".ofd")
    issuers = issuing_units(document, read_content(document)[0])
    try:
        pages = drawable_pages(Package.open(data))
    except OfdError as error:
        raise Invalid({"file": f"这个 OFD 文件打不开，没有保存：{why(error)}。"}) from error
    blob = sealed.write_bytes(own_key(document), document.body_context, data)
    with command():
        locked = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("finish", locked.state)
        check(actor, transition.permission, locked)
        if locked.content != document.content:
            raise Refused("changed", "上传时草稿又有改动，没有保存成品。请查看最新内容后再传。")
        keep_body(locked, Body(data, pages, []), blob)
        locked.source = Document.Source.UPLOAD
        locked.state = transition.target
        locked.changed_at = clock.now()
        locked.save()
        set_turns(locked, issuers)
        call_to_seal(locked)
        detail = {"digest": locked.body_digest, "pages": pages, "upload": True}
        record(verb=transition.audit, actor=actor, unit_id=locked.unit_id, subject=locked, detail=detail)
    return locked


def drawable_pages(package: Package) -> int:
    """How many pages there are, every one of which can be drawn, all of them within one bound: what nobody could open
    is refused here, where it can be mended. Raises `OfdError` as drawing does, and `Invalid` for what is not exchanged
    (J-4)."""
    document = read_document(package)
    pages = document.pages
    if len(pages) > MOST_PAGES:
        raise OfdError("too_many_pages", f"The document has {len(pages)} pages; at most {MOST_PAGES} are taken.")
    if is_plain(package, document, most_objects=MOST_OBJECTS):
        require_unmarked(package, text=text_of_page(package, document, pages[0]))
        return len(pages)
    renderer = Renderer(package.anew(), most_objects=MOST_OBJECTS)
    for page in {page.loc: page for page in pages}.values():  # what is drawn twice need not be tried twice
        renderer.page(page.index)
    require_unmarked(package)
    return len(pages)


def _lock_unsealed(actor: Account, document_id: uuid.UUID) -> Document:
    document = Document.objects.select_for_update().get(pk=document_id)
    check(actor, ComposePermission.WRITE, document)
    sealed_by_some = document.joint_seals.exclude(sealed_at=None).exists()
    if document.state not in (DocumentState.DRAFT, DocumentState.READY) or sealed_by_some:
        raise Refused("wrong_state", "公文已经盖章，不能再增减附件。")
    return document
