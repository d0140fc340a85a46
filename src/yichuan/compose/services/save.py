"""Beginning a draft and saving it (J-27). A draft may be unfinished; finishing it is what checks."""

import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import CharField, UUIDField

from yichuan.audit.models import Entry
from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import entry, record, record_all
from yichuan.common import clock, sealed
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.permissions import check
from yichuan.common.prepared import Prepared
from yichuan.common.rows import insert
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.drafting.content import KINDS, Fields
from yichuan.compose.drafting.markings import marked
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.chain import chain_ids
from yichuan.compose.services.content import read_content, write_content
from yichuan.compose.services.joint import shared_with
from yichuan.compose.services.keys import own_key, wrap_for
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.org.models import Unit
from yichuan.org.selectors import box_of
from yichuan.org.services.hold_boxes import HeldBox, hold_boxes
from yichuan.people.models import Account

SITTING = timedelta(minutes=30)
LONGEST_TITLE = 200
LONGEST_NUMBER = 60
CHANGED = "changed_elsewhere"
_hold = Prepared(
    lambda pk: Unit.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk", flat=True), pk=UUIDField()
)
_numbered = Prepared(
    lambda unit, number: Document.objects.filter(unit_id=unit, number=number).values_list("pk", flat=True),
    unit=UUIDField(),
    number=CharField(),
)


def begin(
    *,
    actor: Account,
    unit: Unit,
    fields: Fields,
    original: dict[str, Any] | None = None,
    document_id: uuid.UUID | None = None,
) -> Document:
    """Begin a draft for the unit. A command. `original` is a content-model JSON the fields were made of, if any.

    `document_id` is an id that the caller made up, so that asking twice cannot begin two.
    """
    document, key = new_document(actor=actor, unit=unit, fields=fields, document_id=document_id)
    document.content = write_content(document, key, fields, original or {})
    with command():
        record_all([keep_new(actor, document, hold_boxes([document.box_id])[document.box_id])])
    return document


def new_document(
    *,
    actor: Account,
    unit: Unit,
    fields: Fields,
    document_id: uuid.UUID | None = None,
) -> tuple[Document, bytes]:
    """A draft as `begin` takes it, with its key; neither it nor its content is kept yet. Raises Invalid, field by
    field."""
    check(actor, ComposePermission.WRITE, unit)
    box = box_of(unit.pk)
    document = Document(id=document_id or new_id(), unit=unit, box=box, author=actor, state=DocumentState.DRAFT)
    key = sealed.new_key()
    document.wrapped_key = wrap_for(box, document, key)
    set_fields(document, fields)
    document.created_at = document.changed_at = clock.now()
    return document, key


def keep_new(actor: Account, document: Document, held: HeldBox) -> Entry:
    """Keep a new document under its number; the entry of the log that is the caller's to add. A step; `held` is how
    its box stands, which the caller holds.

    Refused `unit_changed`; Invalid on `number`. The transaction is over where a number is taken at the same moment.
    """
    require_transaction()
    if held.closed_at is not None or (held.unit_id, held.generation) != (document.unit_id, document.box.generation):
        raise Refused("unit_changed", "本单位刚刚办理了变更，草稿没有保存。请刷新页面再试。")
    hold_numbers(document.unit)
    require_free_number(document)
    with _number_once(document.number or ""):
        insert(document)
    return entry(verb="compose.begin", actor=actor, unit_id=document.unit_id, subject=document)


def save(*, actor: Account, document_id: uuid.UUID, fields: Fields, seen: str = "") -> Document:
    """Save the form of a draft; unchanged, nothing is written. A command. A sitting's savings are one log entry.

    `seen` names the saving that the form began with: where another window or a colleague saved meanwhile, this one is
    refused, so that neither overwrites the other unseen. The same words at once are no such thing: the saving that goes
    by itself and the one that is pressed may meet.
    """
    try:
        return _saved(actor, document_id, fields, seen)
    except Refused as refusal:
        if refusal.code != CHANGED or read_content(Document.objects.get(pk=document_id))[0] != fields:
            raise
    return own(actor, document_id, ComposePermission.WRITE)


def _saved(actor: Account, document_id: uuid.UUID, fields: Fields, seen: str) -> Document:
    document = own(actor, document_id, ComposePermission.WRITE)
    DOCUMENT.find("save", document.state)
    kept, original = read_content(document)
    if kept == fields:
        return document
    content = write_content(document, own_key(document), fields, original)
    with _number_once(fields.get("number", "").strip()), command():
        if (fields.get("number", "").strip() or None) != document.number:
            hold_numbers(document.unit)
        document = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("save", document.state)
        check(actor, transition.permission, document)
        if seen and document.content != seen:
            raise Refused(
                CHANGED,
                "没有保存：这件草稿刚才在别的窗口或由别的同事改过。请另开一个窗口看最新内容，再把你的改动补上。",
            )
        set_fields(document, fields)
        require_free_number(document)
        document.content = content
        document.changed_at = clock.now()
        document.save()
        since = clock.now() - SITTING
        if not recorded_lately(verb=transition.audit, actor=actor, subject=document, since=since):
            record(verb=transition.audit, actor=actor, unit_id=document.unit_id, subject=document)
    return document


_with_unit_and_box = Prepared(lambda pk: Document.objects.select_related("unit", "box").filter(pk=pk), pk=UUIDField())


def own(actor: Account, document_id: uuid.UUID, permission: ComposePermission) -> Document:
    """A document of the actor's own unit, or one that this unit signs too; another's looks as if it did not exist."""
    document = next(iter(_with_unit_and_box(pk=document_id)), None)
    if document is not None and actor.has_perm(ComposePermission.SEE, document):
        check(actor, permission, document)
        return document
    if document is None or not shared_with(actor, document, ComposePermission.SEE):
        raise NotFound("no_document", "没有这件公文，或者不是你单位的。请回到发文列表查看。")
    if not shared_with(actor, document, permission):
        check(actor, permission, document)
    return document


def set_fields(document: Document, fields: Fields) -> None:
    """Set what the columns hold of the form. Raises Invalid, one message a field."""
    errors = {}
    title = "".join(fields.get("title", "").split("\n")).replace("\r", "").strip()
    number = unicodedata.normalize("NFC", fields.get("number", "").strip())
    if not title:
        errors["title"] = "标题是空的，请填写。"
    if len(title) > LONGEST_TITLE:
        errors["title"] = f"标题请不超过 {LONGEST_TITLE} 个字。"
    errors |= {name: text for name, text in marked({"title": title}).items() if name not in errors}
    if hides_something(title):
        errors["title"] = "标题里有看不见的字符，请重新输入，不要从网页或聊天软件粘贴。"
    if hides_something(number):
        errors["number"] = "发文字号里有看不见的字符，请重新输入。"
    if len(number) > LONGEST_NUMBER:
        errors["number"] = f"发文字号请不超过 {LONGEST_NUMBER} 个字。"
    if fields.get("kind") not in KINDS:
        errors["kind"] = "请从名单里选择文种。"
    if errors:
        raise Invalid(errors)
    document.title = title
    document.number = number or None
    document.kind = fields["kind"]
    document.urgency = fields.get("urgency", "平件")


@contextmanager
def _number_once(number: str) -> Iterator[None]:
    """Two clerks may ask for a number in the same moment; the database lets one have it, the other is told."""
    try:
        yield
    except IntegrityError as error:
        raise _taken(number) from error


def _taken(number: str) -> Invalid:
    return Invalid({"number": f"{number} 已经用过，请换一个序号。同号更正请从退回或撤回的那件公文点「更正重发」。"})


def hold_numbers(unit: Unit) -> None:
    """One number of a unit is looked up and taken at a time: a correction may bear one that the table has. A step."""
    require_transaction()
    _hold(pk=unit.pk)


def require_free_number(document: Document) -> None:
    """Refuse a number that another document of the unit has; one chain of corrections may bear the same one."""
    if not document.number:
        return
    others = set(_numbered(unit=document.unit_id, number=document.number)) - {document.pk}
    if others and (document.corrects_id is None or others - chain_ids(document)):
        raise _taken(document.number)
