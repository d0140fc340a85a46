"""Packing everything that proves what befell a sent document (证据包): for its sender, a receiver, the auditor.

Only the sender takes the body along: a receiver's print allowance and decrypted copies (R4, R5) would mean nothing if
the sealed body itself could be taken away, and the auditor reads no documents. Theirs name its digest.
"""

import uuid
from collections.abc import Sequence

from yichuan.audit.models import Entry
from yichuan.audit.permissions import AuditPermission
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.models import Centre
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import own
from yichuan.compose.states import DocumentState
from yichuan.evidence.log_objects import document_of
from yichuan.evidence.selectors import (
    checkpoint_certificates,
    crls_at,
    entries_for_auditor,
    entries_for_receiver,
    entries_for_sender,
    receipts_of,
)
from yichuan.evidence.services.material import Part, material, settle
from yichuan.evidence.services.summarize import summary_of
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.locking import visible
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import EVIDENCE, ISSUING, ROOT, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.lib.evidence import Form, pack_evidence
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.signatures import read_records, read_signature_file
from yichuan.lib.ses.signature import parse_signature
from yichuan.people.models import Account
from yichuan.seals.selectors_status import status_lists

NOT_SENT = "这件公文还没有发出，不能导出证据包。请发出以后再导出。"


def pack(*, actor: Account, document_id: uuid.UUID) -> tuple[Document, bytes]:
    """The document and its package with the sealed body, for its sender. A command; asks the device, so it is not to be
    called in a transaction.

    Raises NotFound, NotAllowed, Refused `not_sent`, Unavailable.
    """
    document = own(actor, document_id, ComposePermission.SEND)
    if document.state != DocumentState.SENT:
        raise Refused("not_sent", NOT_SENT)
    deliveries = Delivery.objects.filter(dispatch__document=document)
    settle(list(deliveries))
    body = read_body(document)
    package = _packed(
        document, Form.SENDER, entries_for_sender(document), receipts_of(deliveries),
        [("document.ofd", "document", body), *_seals(body)],
    )  # fmt: skip
    return document, _recorded(actor, document.unit_id, document, Form.SENDER, document, package)


def pack_received(*, actor: Account, delivery_id: uuid.UUID) -> tuple[Document, bytes]:
    """The document and a receiver's package: what its own unit did with it, and the receipts it gave. A command like
    `pack`.

    Raises NotFound, NotAllowed, Refused `no_receipt`, Unavailable.
    """
    delivery = visible(actor, delivery_id, ExchangePermission.COPY)
    document = delivery.dispatch.document
    settle([delivery])
    receipts = receipts_of(Delivery.objects.filter(pk=delivery.pk))
    if not receipts:
        raise Refused("no_receipt", "还没有回执，证据包里没有可以证明的内容。请签收以后再导出。")
    package = _packed(document, Form.RECEIVER, entries_for_receiver(delivery), receipts, [])
    return document, _recorded(actor, delivery.unit_id, delivery, Form.RECEIVER, document, package)


def pack_for_audit(*, actor: Account, subject_id: uuid.UUID) -> tuple[Document, bytes]:
    """The document that this object belongs to, and its package with everything that the log has about it, but neither
    body nor title. A command like `pack`.

    Raises NotAllowed, NotFound, Refused `not_sent`, Unavailable.
    """
    check(actor, AuditPermission.SEE_LOG, None)
    found = document_of(subject_id)
    if found is None:
        raise NotFound("no_document", "这条记录不属于哪一件公文，没有证据包。请在日志里按文号查找。")
    document = Document.objects.defer("title").get(pk=found.pk)
    if document.state not in (DocumentState.SENT, DocumentState.WITHDRAWN):
        raise Refused("not_sent", NOT_SENT)
    deliveries = Delivery.objects.filter(dispatch__document=document)
    settle(list(deliveries))
    package = _packed(document, Form.AUDITOR, entries_for_auditor(document), receipts_of(deliveries), [])
    return document, _recorded(actor, None, document, Form.AUDITOR, document, package)


def _packed(
    document: Document, form: Form, entries: Sequence[Entry], receipts: Sequence[Receipt], of_body: list[Part]
) -> bytes:
    open_own_keys()
    at, centre = clock.now(), Centre.objects.get().name
    sent = next((each for each in entries if each.verb == "exchange.send"), None)
    try:
        found = material(entries, receipts, sent)
        page = summary_of(document, form, found, centre=centre, at=at)
        return pack_evidence(
            [*of_body, *_lists(document), *found.parts, ("summary.html", "summary", page)],
            centre=centre,
            form=form,
            number=document.number or "",
            title=document.title[:200] if form is Form.SENDER else "",
            digest=document.body_digest,
            entries=found.places,
            at=at,
            signer=certificate_of(EVIDENCE),
            sign=lambda message: device().sign(EVIDENCE, message),
            stamp=time_stamp,
        )
    except DeviceError as error:
        raise unavailable(error) from error


def _recorded(
    actor: Account, unit_id: uuid.UUID | None, subject: Document | Delivery, form: Form, document: Document, data: bytes
) -> bytes:
    with command():
        detail = {"number": document.number, "form": form.value, "digest": sm3(data).hex()}
        record(verb="evidence.pack", actor=actor, unit_id=unit_id, subject=subject, detail=detail)
    return data


def _lists(document: Document) -> list[Part]:
    """The centre's certificates, and the lists of the day of packing and of the sending."""
    authorities = [certificate_of(label).der for label in (ISSUING, ROOT)]
    authorities += [bytes(row.der) for row in checkpoint_certificates()]
    then = crls_at(document.dispatch.sent_at)
    revoked = dict.fromkeys(crl.der for crl in (*crls(), *then))
    found = [(f"certificates/{n}.cer", "certificate", der) for n, der in enumerate(authorities, start=1)]
    found += [(f"revocations/{n}.crl", "revocations", der) for n, der in enumerate(revoked, start=1)]
    found += [(f"status/{n}.der", "status", each.der) for n, each in enumerate(status_lists(), start=1)]
    return found


def _seals(body: bytes) -> list[Part]:
    """The seals' structures as they lie in the signatures, each once."""
    package = Package.open(body)
    found: dict[bytes, None] = {}
    for record_ in read_records(package):
        value = read_signature_file(package, record_.entry).value_entry if record_.entry else None
        seal = parse_signature(package.read(value)).seal if value else None
        if seal is not None:
            found[seal.der] = None
    return [(f"seals/{n}.esl", "seal", der) for n, der in enumerate(found, start=1)]
