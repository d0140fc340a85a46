"""Taking a body that bears the unit's own seal already, from its office system: checked here, never sealed again."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from yichuan.audit.models import Entry
from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
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
from yichuan.compose.services.uploads import drawable_pages
from yichuan.compose.states import DOCUMENT
from yichuan.keys.services.trust import trust
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.examining import Examined
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.verifying import judge
from yichuan.lib.ses.signature import SealSignature
from yichuan.people.models import Account
from yichuan.seals.models import Seal
from yichuan.seals.services.examined import examined
from yichuan.seals.services.seals_on import seals_on
from yichuan.seals.services.use_elsewhere import record_use_elsewhere


@dataclass(frozen=True)
class SealedBody:
    """A sealed OFD that was looked at: its bytes with their SM3 in hex, its pages, the unit's seals on it, and when."""

    data: bytes
    digest: str
    pages: int
    seals: list[tuple[Seal, SealSignature]]
    at: datetime

    def put_on(self, document: Document, blob: str) -> None:
        """Set the columns of a document that waits to be sent. A step's helper: the caller saves."""
        keep_body(document, Body(self.data, self.pages, []), blob, digest=self.digest)
        document.source = Document.Source.UPLOAD


def take_sealed(*, actor: Account, document_id: uuid.UUID, name: str, data: bytes) -> Document:
    """Take an OFD that the unit's own seal signed as the body of a draft, which then waits to be sent. A command.

    Every signature must verify, cover all pages and be of a seal of this unit that is in use: the centre enters the
    use into the ledger. Raises Invalid on `number`, `urgency`, `file`; Refused as `record_use_elsewhere`, `joint`.
    """
    document = own(actor, document_id, ComposePermission.WRITE)
    transition = DOCUMENT.find("take_sealed", document.state)
    check(actor, transition.permission, document)
    require_one_sealer(document, read_content(document)[0])
    body = look_at_sealed(document, name, data, sm3(data).hex())
    blob = sealed.write_whole(own_key(document), document.body_context, sealed.Whole(data, body.digest))
    with command():
        current = Document.objects.select_for_update().get(pk=document_id)
        transition = DOCUMENT.find("take_sealed", current.state)
        check(actor, transition.permission, current)
        if current.content != document.content:
            raise Refused("changed", "上传时草稿又有改动，没有保存。请查看最新内容后再传。")
        body.put_on(current, blob)
        current.state = transition.target
        current.save()
        record_all(enter_seals(actor, current, body, attachments_digest(current)))
    return current


def require_one_sealer(document: Document, fields: dict[str, str]) -> None:
    """Raise Invalid on `number`, `urgency` by the rules, and Refused `joint` where several units are to seal it."""
    if errors := refusals_of_the_rules({"number": document.number or "", "urgency": document.urgency}):
        raise Invalid(errors)
    if issuing_units(document, fields):
        raise Refused("joint", "联合行文要在交换系统里按署名次序盖章，不接收已经盖好章的文件。")


def look_at_sealed(document: Document, name: str, data: bytes, digest: str) -> SealedBody:
    """Read, bound and verify a sealed body, opened once. Raises Invalid on `file`.

    Whether its seals may be used is asked as their use is entered (`enter_seals`), under their locks.
    """
    recognise(name, data, only=".ofd")
    try:
        package = Package.open(data)
        found = examined(package, digest)
        pages = drawable_pages(package)
    except OfdError as error:
        raise Invalid({"file": f"这个 OFD 文件打不开，没有保存：{why(error)}。"}) from error
    at = clock.now()
    return SealedBody(data, digest, pages, _seals_of(document, found, at), at)


def enter_seals(actor: Account, document: Document, body: SealedBody, attached: str) -> list[Entry]:
    """Enter the uses of the seals into the ledger; the entries of the log that are the caller's to add. A step, on a
    locked document.

    `attached` is the digest of the list of its attachments. Refused as `record_use_elsewhere`.
    """
    require_transaction()
    uses = [
        record_use_elsewhere(
            actor=actor,
            seal=seal,
            document_id=document.pk,
            number=document.number or "",
            digest=body.digest,
            attachments=attached,
            signed=signature.time if signature.time and signature.time_has_zone else body.at,
            act=sm3(signature.signed or signature.signature).hex(),
        )
        for seal, signature in body.seals
    ]
    detail = {"number": document.number, "digest": body.digest, "pages": body.pages}
    return [
        *uses,
        entry(verb="compose.take_sealed", actor=actor, unit_id=document.unit_id, subject=document, detail=detail),
    ]


def _seals_of(document: Document, body: Examined, at: datetime) -> list[tuple[Seal, SealSignature]]:
    """The unit's seals on it, each with its signature; Invalid on `file` where anything is amiss."""
    roots, lists = trust()
    report = judge(body, trust=roots, at=at, crls=lists)
    if not report.signatures:
        raise Invalid({"file": "这个文件没有盖过电子印章，没有保存。没有盖章的成品请用「上传成品」。"})
    bad = next((each for each in report.signatures if not each.valid_and_trusted), None)
    if bad is not None:
        said = "；".join(step.note_zh for step in bad.steps if step.ok is False) or "印章没有保护全部内容"
        raise Invalid({"file": f"文件上的印章没有通过校验，没有保存：{said}。"})
    found = []
    for signature, seal in seals_on(body):
        if seal is None or seal.unit_id != document.unit_id:
            raise Invalid({"file": "文件上的印章不是本单位在本中心登记的，没有保存。"})
        found.append((seal, signature))
    if len(found) != len(report.signatures):
        raise Invalid({"file": "文件上有读不出来的印章，没有保存。"})
    return found
