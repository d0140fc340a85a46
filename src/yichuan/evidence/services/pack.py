"""Packing a sent document with everything its verification needs (证据包), for its sender.

Only for the sender: a receiver's print allowance and decrypted copies (R4, R5) would mean nothing if the sealed body
itself could be taken away.
"""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.models import Centre
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import own
from yichuan.compose.states import DocumentState
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.selectors import crls
from yichuan.keys.services.authority import EVIDENCE, ISSUING, ROOT, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.lib.evidence import pack_evidence
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.signatures import read_records, read_signature_file
from yichuan.lib.ses.signature import parse_signature
from yichuan.people.models import Account
from yichuan.seals.selectors_status import status_lists


def pack(*, actor: Account, document_id: uuid.UUID) -> tuple[Document, bytes]:
    """The document and its package. A command; asks the device, so it is not to be called in a transaction.

    Raises NotFound, NotAllowed, Refused `not_sent`, Unavailable.
    """
    document = own(actor, document_id, ComposePermission.SEND)
    if document.state != DocumentState.SENT:
        raise Refused("not_sent", "这件公文还没有发出，不能导出证据包。请发出以后再导出。")
    open_own_keys()
    body = read_body(document)
    try:
        package = pack_evidence(
            _parts(body),
            centre=Centre.objects.get().name,
            number=document.number or "",
            title=document.title[:200],
            at=clock.now(),
            signer=certificate_of(EVIDENCE),
            sign=lambda message: device().sign(EVIDENCE, message),
            stamp=time_stamp,
        )
    except DeviceError as error:
        raise unavailable(error) from error
    with command():
        detail = {"number": document.number, "digest": sm3(package).hex()}
        record(verb="evidence.pack", actor=actor, unit_id=document.unit_id, subject=document, detail=detail)
    return document, package


def _parts(body: bytes) -> list[tuple[str, str, bytes]]:
    found = [("document.ofd", "document", body)]
    found += [(f"seals/{n}.esl", "seal", der) for n, der in enumerate(_seals(body), start=1)]
    authorities = [certificate_of(label).der for label in (ISSUING, ROOT)]
    found += [(f"certificates/{n}.cer", "certificate", der) for n, der in enumerate(authorities, start=1)]
    found += [(f"revocations/{n}.crl", "revocations", crl.der) for n, crl in enumerate(crls(), start=1)]
    found += [(f"status/{n}.der", "status", each.der) for n, each in enumerate(status_lists(), start=1)]
    return found


def _seals(body: bytes) -> list[bytes]:
    """The seals' structures as they lie in the signatures, each once."""
    package = Package.open(body)
    found: dict[bytes, None] = {}
    for record_ in read_records(package):
        value = read_signature_file(package, record_.entry).value_entry if record_.entry else None
        seal = parse_signature(package.read(value)).seal if value else None
        if seal is not None:
            found[seal.der] = None
    return list(found)
