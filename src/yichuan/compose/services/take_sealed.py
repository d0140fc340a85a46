"""Taking a body that bears the unit's own seal already, from its office system: checked here, never sealed again."""

import uuid
from datetime import datetime

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.drafting.content import refusals_of_the_rules
from yichuan.compose.drafting.filetypes import recognise
from yichuan.compose.drafting.ofd_words import why
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import Body, keep_body
from yichuan.compose.services.joint import issuing_units
from yichuan.compose.services.keys import own_key
from yichuan.compose.services.read import attachments_digest
from yichuan.compose.services.save import own
from yichuan.compose.services.uploads import drawn_pages
from yichuan.compose.states import DOCUMENT
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import trusted_roots
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.signature import SealSignature
from yichuan.people.models import Account
from yichuan.seals.models import Seal
from yichuan.seals.services.seals_on import seals_on
from yichuan.seals.services.use_elsewhere import record_use_elsewhere, require_usable_elsewhere


def take_sealed(*, actor: Account, document_id: uuid.UUID, name: str, data: bytes) -> Document:
    """Take an OFD that the unit's own seal signed as the body of a draft, which then waits to be sent. A command.

    Every signature must verify, cover all pages and be of a seal of this unit that is in use: the centre enters the
    use into the ledger. Raises Invalid on `number`, `urgency`, `file`; Refused as `record_use_elsewhere`, `joint`.
    """
    document = own(actor, document_id, ComposePermission.WRITE)
    transition = DOCUMENT.find("take_sealed", document.state)
    check(actor, transition.permission, document)
    if errors := refusals_of_the_rules({"number": document.number or "", "urgency": document.urgency}):
        raise Invalid(errors)
    recognise(name, data, only=".ofd")
    if issuing_units(document, read_content(document)[0]):
        raise Refused("joint", "联合行文要在交换系统里按署名次序盖章，不接收已经盖好章的文件。")
    try:
        pages = drawn_pages(data)
    except OfdError as error:
        raise Invalid({"file": f"这个 OFD 文件打不开，没有保存：{why(error)}。"}) from error
    at = clock.now()
    found = _seals_of(document, data, at)
    blob = sealed.write_bytes(own_key(document), document.body_context, data)
    with command():
        current = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("take_sealed", current.state)
        check(actor, transition.permission, current)
        if current.content != document.content:
            raise Refused("changed", "上传时草稿又有改动，没有保存。请查看最新内容后再传。")
        keep_body(current, Body(data, pages, []), blob)
        current.source = Document.Source.UPLOAD
        current.state = transition.target
        current.save()
        attached = attachments_digest(current)
        for seal, signature in found:
            record_use_elsewhere(
                actor=actor,
                seal=seal,
                document_id=current.pk,
                number=current.number or "",
                digest=current.body_digest,
                attachments=attached,
                signed=signature.time if signature.time and signature.time_has_zone else at,
                act=sm3(signature.signed or signature.signature).hex(),
            )
        detail = {"number": current.number, "digest": current.body_digest, "pages": pages}
        record(verb=transition.audit, actor=actor, unit_id=current.unit_id, subject=current, detail=detail)
    return current


def _seals_of(document: Document, data: bytes, at: datetime) -> list[tuple[Seal, SealSignature]]:
    """The unit's seals on it, each with its signature; Invalid on `file` where anything is amiss."""
    report = verify(data, trust=trusted_roots(), at=at, crls=crls())
    if not report.signatures:
        raise Invalid({"file": "这个文件没有盖过电子印章，没有保存。没有盖章的成品请用「上传成品」。"})
    bad = next((each for each in report.signatures if not each.valid_and_trusted), None)
    if bad is not None:
        said = "；".join(step.note_zh for step in bad.steps if step.ok is False) or "印章没有保护全部内容"
        raise Invalid({"file": f"文件上的印章没有通过校验，没有保存：{said}。"})
    found = []
    for signature, seal in seals_on(data):
        if seal is None or seal.unit_id != document.unit_id:
            raise Invalid({"file": "文件上的印章不是本单位在本中心登记的，没有保存。"})
        require_usable_elsewhere(seal, at)
        found.append((seal, signature))
    if len(found) != len(report.signatures):
        raise Invalid({"file": "文件上有读不出来的印章，没有保存。"})
    return found
