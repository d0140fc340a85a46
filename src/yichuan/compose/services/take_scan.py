"""Sealed paper as a scan (G-note-4, G-17): of a unit that cannot seal yet, with its text in a form to work on."""

import uuid
from pathlib import PurePath

from yichuan.audit.services.record import record
from yichuan.common import clock, profile, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import refusals_of_the_rules
from yichuan.compose.drafting.filetypes import recognise
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.models import Attachment, Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.finish import Body, keep_body
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.save import own
from yichuan.compose.services.uploads import drawable_pages, file_name, keep_attachment
from yichuan.compose.states import DOCUMENT
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.package import Package
from yichuan.lib.pdf.errors import PdfError
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.selectors import seals_in_use

EDITABLE = (".txt", ".doc", ".docx", ".wps")
NO_SEAL = "盖章纸质件扫描，没有电子印章"


def why_no_scan(unit: Unit) -> str:
    """Why this unit may not send scans here, with what to do instead; "" where it may."""
    if not profile.current().exchange.scans:
        return "按本中心的规则，公文要用电子印章盖章后发送，不接收盖章纸质件的扫描件。请先申请制作电子印章。"
    if seals_in_use(unit.pk):
        return "本单位有在用的电子印章，请制版后用电子印章盖章，不用扫描件。"
    return ""


def take_scan(
    *, actor: Account, document_id: uuid.UUID, scan_name: str, scan: bytes, text_name: str, text: bytes
) -> Document:
    """Take the PDF scan of sealed paper as the body of a draft, which then waits to be sent. A command.

    The pages are shown from a conversion of it; the PDF itself and the editable text travel as attachments. Raises
    Invalid on `number`, `urgency`, `scan`, `text`, `file`; Refused `no_scan` where the unit must seal.
    """
    document = own(actor, document_id, ComposePermission.WRITE)
    DOCUMENT.find("take_scan", document.state)
    _require_may(document.unit)
    if errors := refusals_of_the_rules({"number": document.number or "", "urgency": document.urgency}):
        raise Invalid(errors)
    files = [_file(document, "scan", scan_name, scan, (".pdf",)), _file(document, "text", text_name, text, EDITABLE)]
    ofd, pages = _converted(document, scan)
    key = own_key(document)
    blob = sealed.write_bytes(key, document.body_context, ofd)
    for attachment, data in zip(files, (scan, text), strict=True):
        attachment.blob = sealed.write_bytes(key, attachment.context, data)
    with command():
        current = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("take_scan", current.state)
        check(actor, transition.permission, current)
        _require_may(current.unit)
        if current.content != document.content:
            raise Refused("changed", "上传时草稿又有改动，没有保存。请查看最新内容后再传。")
        there = set(current.attachments.values_list("digest", flat=True))  # of an earlier try that was reopened
        for each in files:
            if each.digest not in there:
                keep_attachment(actor, each)
        keep_body(current, Body(ofd, pages, []), blob)
        current.source = Document.Source.SCAN
        current.state = transition.target
        current.save()
        detail = {
            "number": current.number,
            "digest": current.body_digest,
            "pages": pages,
            "attachments": [each.digest for each in files],
        }
        record(verb=transition.audit, actor=actor, unit_id=current.unit_id, subject=current, detail=detail)
    return current


def _require_may(unit: Unit) -> None:
    if refused := why_no_scan(unit):
        raise Refused("no_scan", refused)


def _file(document: Document, field: str, name: str, data: bytes, endings: tuple[str, ...]) -> Attachment:
    try:
        name = file_name(name)
        if PurePath(name).suffix.lower() not in endings:
            raise Invalid({"file": f"请选择 {'、'.join(endings)} 文件，「{name}」不是。"})
        media_type = recognise(name, data)
    except Invalid as refusal:
        raise Invalid({field: refusal.message}) from refusal
    return Attachment(document=document, name=name, media_type=media_type, size=len(data), digest=sm3(data).hex())


def _converted(document: Document, scan: bytes) -> tuple[bytes, int]:
    """The OFD that shows the scan, and how many pages it has; read and drawn within bounds before it is kept."""
    from yichuan.lib.ofd.convert import pdf_to_ofd  # both are large, and few documents are scans
    from yichuan.lib.pdf.reading import open_pdf

    info = DocumentInfo(title=document.title, author=document.unit.name, created=clock.now(), doc_id=document.pk.hex)
    try:
        open_pdf(scan)
        ofd = pdf_to_ofd(scan, info=info)
        return ofd, drawable_pages(Package.open(ofd))
    except PdfError as error:
        raise Invalid({"scan": f"这个 PDF 文件打不开，没有保存（{error.code}）。请重新扫描成不加密的 PDF。"}) from error
    except OfdError as error:
        raise Invalid({"scan": f"这个 PDF 文件不能转换，没有保存：{why(error)}。请重新扫描成 PDF 再传。"}) from error
