"""A seal on a PDF by PAdES, which readers elsewhere check: its picture, and a P-256 key of its own in the device.

The body of an official document is OFD under SM2 (`use`). This is for a PDF that goes to who has no OFD reader; the
use is written down, opened by its custodians and settled as any other.
"""

import uuid
from collections.abc import Sequence

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import trusted_roots
from yichuan.keys.services.device import p256_device, unavailable
from yichuan.keys.services.p256 import certify_pdf_seal, p256_authority
from yichuan.keys.states import CertificateState
from yichuan.lib.pdf.signing import prepare_signing
from yichuan.lib.pdf.verifying import verify
from yichuan.lib.ses.model import parse_seal
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.places import Place
from yichuan.seals.services.opened import password_of


def pdf_label(seal_id: uuid.UUID) -> str:
    """The name of the P-256 key in the device."""
    return f"seal:{seal_id}:pdf"


def make_pdf_key(*, actor: Actor | None, seal: Seal, password: bytes | None = None) -> IssuedCertificate:
    """Give a seal its P-256 key and certificate; `password` is that of its SM2 key, where it has one. A step.

    DeviceError: `unsupported` where no device does P-256, `label_taken` where the seal has its key.
    """
    return certify_pdf_seal(actor=actor, label=pdf_label(seal.pk), name=seal.name, seal_id=seal.pk, password=password)


def apply_pdf(use: SealUse, pdf: bytes, places: Sequence[Place]) -> bytes:
    """The sealed PDF, verified as a receiver would. Asks the device: outside of transactions, inside a begun use.

    Raises PdfError as `lib.pdf.signing`, Unavailable, Refused `no_pdf_key` and `sealed_unfit`.
    """
    seal, label = use.seal, pdf_label(use.seal_id)
    row = IssuedCertificate.objects.filter(label=label, state=CertificateState.VALID).first()
    above = p256_authority()
    if row is None or above is None:
        raise Refused("no_pdf_key", f"印章「{seal.name}」没有可用的 PDF 印章证书，不能盖在 PDF 上。请联系交换中心。")
    picture = parse_seal(bytes(seal.der)).picture
    prepared = prepare_signing(pdf, picture, [place.imprint for place in places])
    waiting = prepared.for_signer(bytes(row.der), clock.now(), chain=[above.der])
    password = password_of(use.opening) if use.opening else None
    try:
        signature = p256_device().sign(label, waiting.message, password=password)
    except DeviceError as error:
        raise unavailable(error) from error
    signed = waiting.attach(signature)
    report = verify(signed.data, trust=trusted_roots(), at=clock.now())
    ours = [each for each in report.signatures if each.id == signed.field_name]
    if not report.readable or not ours or not all(each.valid_and_trusted for each in ours):
        raise Refused("sealed_unfit", "盖上的印章没有通过核验，没有盖成。请检查这份 PDF 后再盖。")
    return signed.data
