"""The signed code on every page of a numbered original: which document, which copy, for whom, when, and which
verification seal had checked it (R4), and how far the log had come.

The text can be read by any telephone; the signature is made with a key of the centre for nothing else, and checked
against its certificate.
"""

from datetime import datetime

from asn1crypto.algos import DSASignature
from django.utils.timezone import localtime

from yichuan.audit.selectors_tree import newest_checkpoint
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate, read_certificate
from yichuan.keys.services.authority import PRINT_CODES, certificate_of
from yichuan.keys.services.device import device, unavailable
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.merkle import EMPTY_ROOT
from yichuan.lib.print_code import HALF, Fault, LogMark, PrintCode, read_print_code, signed_code


def log_mark() -> LogMark:
    """Of the newest signed checkpoint; of an empty log where there is none yet."""
    newest = newest_checkpoint()
    return LogMark.of(newest.size, bytes(newest.root)) if newest is not None else LogMark.of(0, EMPTY_ROOT)


def make_code(delivery: Delivery, copy: PrintedCopy, at: datetime, log: LogMark) -> str:
    """The text of the QR symbol of one copy, whose verification seal has spoken. A device call: outside of any
    transaction."""
    assert copy.verification is not None and copy.verified is not None  # noqa: S101 - no copy is drawn without
    document = delivery.dispatch.document
    code = PrintCode(
        number=document.number or "",
        copy=copy.number,
        allowance=delivery.allowance,
        unit=delivery.unit.short_name,
        printed_at=localtime(at).strftime("%Y-%m-%dT%H:%M"),
        digest=bytes.fromhex(document.body_digest)[:HALF],
        copy_id=copy.pk.bytes,
        verification=read_certificate(bytes(copy.verification.certificate)).serial,
        word=half_of(bytes(copy.verified)),
        log=log,
    )
    said = code.unsigned(certificate_of(PRINT_CODES).public_key)
    try:
        signature = device().sign(PRINT_CODES, said.encode())
    except DeviceError as error:
        raise unavailable(error) from error
    return signed_code(said, DSASignature.load(signature).to_p1363())


def half_of(word: bytes) -> bytes:
    """As much of the word's digest as stands in a code."""
    return sm3(word)[:HALF]


def read_code(text: str) -> PrintCode | Fault:
    """What a code says, if this centre signed it; else why not. Codes of a key that was renewed since stay good."""
    return read_print_code(text, [each.public_key for each in code_certificates()])


def code_certificates() -> list[Certificate]:
    """Of every key that signs or signed codes of this centre, the newest first; none that was revoked."""
    rows = IssuedCertificate.objects.filter(label=PRINT_CODES).exclude(state=CertificateState.REVOKED)
    return [row.certificate for row in rows.order_by("-issued_at")]
