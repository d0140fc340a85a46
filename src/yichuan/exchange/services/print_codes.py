"""The signed code on every page of a numbered original: which document, which copy, for whom, when, and which
verification seal had checked it (R4), and how far the log had come.

The text can be read by any telephone; the signature is made with a key of the centre for nothing else, and checked
against its certificate.
"""

from collections.abc import Sequence
from dataclasses import replace

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


def make_codes(delivery: Delivery, copies: Sequence[PrintedCopy], log: LogMark) -> list[str]:
    """The texts of the QR symbols of copies of one print, whose verification seal has spoken. Device calls: outside of
    any transaction."""
    seal, word = copies[0].verification, copies[0].verified
    assert seal is not None and word is not None  # noqa: S101 - no copy is drawn without
    document, key = delivery.dispatch.document, certificate_of(PRINT_CODES).public_key
    first = PrintCode(
        number=document.number or "",
        copy=0,
        allowance=delivery.allowance,
        unit=delivery.unit.short_name,
        printed_at=localtime(copies[0].reserved_at).strftime("%Y-%m-%dT%H:%M"),
        digest=bytes.fromhex(document.body_digest)[:HALF],
        copy_id=b"",
        verification=read_certificate(bytes(seal.certificate)).serial,
        word=half_of(bytes(word)),
        log=log,
    )
    return [_signed(replace(first, copy=copy.number, copy_id=copy.pk.bytes).unsigned(key)) for copy in copies]


def _signed(said: str) -> str:
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
