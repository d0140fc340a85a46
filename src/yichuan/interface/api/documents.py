"""Making a document by the office system: fields, a finished or sealed body, attachments (J-27 to J-29)."""

import uuid
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from yichuan.compose.drafting.content import FIELDS, Fields
from yichuan.compose.forms import LONGEST_TEXT, fields_of
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission as May
from yichuan.compose.selectors import documents_of
from yichuan.compose.services.content import read_content
from yichuan.compose.services.correct import correct
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin, own, save
from yichuan.compose.states import DocumentState
from yichuan.interface.api.base import Given, Told, client_of, named_by_key, operation
from yichuan.interface.api.told import DocumentOut
from yichuan.web.requests import file

router = Router(tags=["发文 Documents"])
THERE = ("no_document",)
CHANGES = (*THERE, "wrong_state", "changed", "changed_elsewhere", "unit_changed", "no_box")
Line = Annotated[str, StringConstraints(max_length=2000)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class DraftIn(Given):
    """The fields of the form 制作公文. What is left out is empty; finishing says what is missing."""

    title: Line = Field(examples=["关于调整水质监测断面的通知"])
    kind: Line = Field("通知", examples=["通知"])
    urgency: Line = Field("平件", examples=["平件"])
    number: Line = Field("", examples=["江环〔2008〕50号"])
    recipients: Line = Field("", examples=["市直各单位"])
    copy_recipients: Line = ""
    body: Text = Field("", examples=["各单位要在七月底前报送调整情况。"])
    sections: Text = ""
    attachments: Line = ""
    issuer_mark: Line = Field("", examples=["江门市环境保护局文件"])
    issuer: Line = Field("", examples=["江门市环境保护局"])
    signer: Line = ""
    date: Line = Field("", examples=["2008-06-02"])
    printer: Line = ""
    print_date: Line = ""
    note: Line = ""
    layout: Line = Field("", description="`document` or `letter`")

    def to_fields(self) -> Fields:
        """As services take them. Raises `Invalid`, one message a field, as the page does."""
        return fields_of({name: getattr(self, name) for name in FIELDS})


class DocumentsOut(Told):
    """The last changed first."""

    items: list[DocumentOut]


def told(document: Document) -> DocumentOut:
    """A document; a draft with its fields."""
    return DocumentOut.of(document, read_content(document)[0] if document.state == DocumentState.DRAFT else None)


def own_document(request: HttpRequest, document_id: uuid.UUID, permission: May = May.SEE) -> Document:
    """A document of the client's unit; another's looks as if it did not exist."""
    return own(client_of(request).account, document_id, permission)


@operation(router, "GET", "/documents", permission=May.SEE, answer=DocumentsOut, summary="本单位的公文 Own documents")
def list_documents(
    request: HttpRequest,
    state: Annotated[DocumentState | None, Query()] = None,
    number: Annotated[str, Query(max_length=60, description="part of the number")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> DocumentsOut:
    """Without the fields of drafts."""
    states = [state.value] if state else []
    found = documents_of(client_of(request).unit_id, *states, number=number.replace("\0", "").strip())
    return DocumentsOut(items=[DocumentOut.of(each) for each in found[skip : skip + limit]])


def _begun(request: HttpRequest, given: DraftIn) -> DocumentOut | None:
    made = Document.objects.filter(pk=named_by_key(request), unit=client_of(request).unit_id).first()
    return told(made) if made is not None else None


@operation(
    router, "POST", "/documents", permission=May.WRITE, answer=DocumentOut, status=201, key=True, done=_begun,
    codes=("unit_changed", "no_box"), summary="起草公文 Begin a draft",
)  # fmt: skip
def begin_document(request: HttpRequest, given: DraftIn) -> DocumentOut:
    """A draft of the client's unit. Under one key only one is begun."""
    client = client_of(request)
    made = begin(actor=client.account, unit=client.unit, fields=given.to_fields(), document_id=named_by_key(request))
    return told(made)


@operation(
    router, "GET", "/documents/{uuid:document_id}", permission=May.SEE, answer=DocumentOut, codes=THERE,
    summary="一件公文 One document",
)  # fmt: skip
def get_document(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut:
    """Where it stands; `dispatch` once it is sent."""
    return told(own_document(request, document_id))


@operation(
    router, "PUT", "/documents/{uuid:document_id}/fields", permission=May.WRITE, answer=DocumentOut, codes=CHANGES,
    summary="保存草稿 Save a draft",
)  # fmt: skip
def save_document(request: HttpRequest, document_id: uuid.UUID, given: DraftIn) -> DocumentOut:
    """All fields anew. Saving the same again changes nothing, so this asks for no key."""
    return told(save(actor=client_of(request).account, document_id=document_id, fields=given.to_fields()))


def _finished(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut | None:
    document = own_document(request, document_id)
    return told(document) if document.state != DocumentState.DRAFT else None


@operation(
    router, "POST", "/documents/{uuid:document_id}/finish", permission=May.WRITE, answer=DocumentOut, key=True,
    codes=CHANGES, done=_finished, summary="完成制作：制版 Typeset it",
)  # fmt: skip
def finish_document(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut:
    """Checked, typeset to GB/T 9704, handed to the custodian of the seal, who seals it on the page."""
    return told(finish(actor=client_of(request).account, document_id=document_id))


def _reopened(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut | None:
    document = own_document(request, document_id)
    return told(document) if document.state == DocumentState.DRAFT else None


@operation(
    router, "POST", "/documents/{uuid:document_id}/reopen", permission=May.WRITE, answer=DocumentOut, key=True,
    codes=CHANGES, done=_reopened, summary="退回修改 Back to a draft",
)  # fmt: skip
def reopen_document(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut:
    """Before it is sent; a seal on it is void."""
    return told(reopen(actor=client_of(request).account, document_id=document_id))


def _corrected(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut | None:
    made = own_document(request, document_id).corrections.filter(author=client_of(request).account)
    newest = made.order_by("-created_at").first()
    return told(newest) if newest is not None else None


@operation(
    router, "POST", "/documents/{uuid:document_id}/correct", permission=May.WRITE, answer=DocumentOut, status=201,
    key=True, codes=(*CHANGES, "nothing_to_correct", "correcting"), done=_corrected,
    summary="更正后重发 Begin the correction",
)  # fmt: skip
def correct_document(request: HttpRequest, document_id: uuid.UUID) -> DocumentOut:
    """Of a document that was withdrawn or returned: a new draft with the old content and number."""
    return told(correct(actor=client_of(request).account, document_id=document_id))


@operation(
    router, "GET", "/documents/{uuid:document_id}/body", permission=May.SEE, answer="application/ofd",
    codes=(*THERE, "not_finished"), summary="正文 OFD The body",
)  # fmt: skip
def get_body(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """As it is now: typeset, uploaded or sealed."""
    document = own_document(request, document_id)
    return file(read_body(document), name=f"{document.number or document.pk}.ofd", media_type="application/ofd")
