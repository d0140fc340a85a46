"""Help for tests of PDF signatures: small PDFs, a P-256 PKI made with `cryptography`, time stamps, revocation lists."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pikepdf
import pypdfium2
from asn1crypto import cms, core, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from support.seals import NOW, PNG, YEAR, Holder, pki
from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.drawing import PathShape, picture_ofd
from yichuan.lib.ofd.sealing import Stamp
from yichuan.lib.pdf.reading import open_pdf
from yichuan.lib.pdf.sealing import prepare_sealing
from yichuan.lib.pdf.signing import SignedPdf, prepare_signing
from yichuan.lib.ses.model import Picture, Seal

PICTURE = Picture("png", PNG, 42, 42)
STAMP = Stamp(0, 140, 220)
DAY = timedelta(days=1)


@cache
def small_pdf(pages: int = 2, rotate: int = 0, title: str = "关于做好电子公文交换工作的通知") -> bytes:
    """A4 pages with a line of text each, the streams compressed, the objects in object streams."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td (Page %d) Tj ET" % (number + 1))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            if rotate:
                page.obj.Rotate = rotate
        pdf.docinfo["/Title"] = title
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True)
    return out.getvalue()


@dataclass(frozen=True)
class Signer:
    """A P-256 (or RSA) key with its certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def anchor(self) -> Certificate:
        """As `trust` wants it."""
        return Certificate.from_der(self.der)

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True)
class P256:
    """`root` is the trust anchor; `unit` signs, `authority` stamps times."""

    root: Signer
    unit: Signer
    authority: Signer

    @property
    def trust(self) -> list[Certificate]:
        return [self.root.anchor]


@cache
def p256() -> P256:
    """The shared P-256 PKI."""
    root = certify("江门市 P-256 根证书", None, ca=True)
    return P256(root, certify("江门市人民政府办公室", root), certify("时间戳服务", root, stamping=True))


def certify(
    name: str,
    issuer: Signer | None,
    *,
    ca: bool = False,
    stamping: bool = False,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + YEAR,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
    padding_bytes: int = 0,
) -> Signer:
    """A certificate under `issuer`, self-signed without one; longer by `padding_bytes`."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = issuer or Signer(key, None)  # type: ignore[arg-type]
    usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False)
    )
    if stamping:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    if padding_bytes:
        oid = x509.ObjectIdentifier("1.3.6.1.4.1.99999.2")
        built = built.add_extension(x509.UnrecognizedExtension(oid, bytes(padding_bytes)), False)
    return Signer(key, built.sign(by.key, hashes.SHA256()))


def revocation_list(issuer: Signer, *revoked: tuple[Signer, datetime], at: datetime = NOW) -> Crl:
    """The list of `issuer` made at `at`, with who was revoked when."""
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + 30 * DAY)
    )
    for signer, when in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(signer.certificate.serial_number).revocation_date(when)
        built = built.add_revoked_certificate(entry.build())
    made = built.sign(issuer.key, hashes.SHA256())
    return Crl.from_der(made.public_bytes(serialization.Encoding.DER))


def time_stamp(stamped: bytes, authority: Signer, at: datetime = NOW) -> bytes:
    """A TimeStampToken over `stamped` (RFC 3161), SHA-256 and the authority's key."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.3.6.1.4.1.99999.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(stamped).digest(),
            },
            "serial_number": 1,
            "gen_time": at,
        }
    )
    certificate = asn1.Certificate.load(authority.der)
    identifier = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(authority.der).digest()})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info.dump()).digest()]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]},
        ]
    )
    sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": sid},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": authority.sign(attributes.dump()),
    }
    data = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    token: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return token


def signed_pdf(
    pdf: bytes | None = None, *, signer: Signer | None = None, at: datetime = NOW, stamp: Stamp = STAMP
) -> SignedPdf:
    """`pdf` (or a small one) signed to PAdES B-B by the unit (or `signer`)."""
    who = signer or p256().unit
    to_sign = prepare_signing(pdf or small_pdf(), PICTURE, [stamp]).for_signer(who.der, at, [p256().root.der])
    return to_sign.attach(who.sign(to_sign.message))


def sealed_pdf(
    pdf: bytes | None = None,
    *,
    seal: Seal | None = None,
    signer: Holder | None = None,
    at: datetime = NOW,
    stamp: Stamp = STAMP,
) -> bytes:
    """`pdf` (or a small one) sealed with SM2 by the unit (or `signer`)."""
    who = signer or pki().unit
    to_sign = prepare_sealing(pdf or small_pdf(), seal or pki().seal, [stamp]).for_signer(who.certificate, at)
    return to_sign.attach(who.key.sign(to_sign.message)).data


def appended(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with an incremental update, as an editor would append it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_value(pdf: bytes, field: str, value: bytes) -> bytes:
    """The signed PDF with another signature value in the place of `field`'s, padded with zeros."""
    found = next(each for each in open_pdf(pdf).signed_fields() if each.name == field)
    start, end = int(found.value["/ByteRange"][1]) + 1, int(found.value["/ByteRange"][2]) - 1
    return pdf[:start] + value.hex().encode().ljust(end - start, b"0") + pdf[end:]


def covered(pdf: bytes, field: str = "Signature1") -> tuple[bytes, bytes]:
    """The signed bytes and the signature value (padded), found without the room under test."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        value = next(each.V for each in opened.Root.AcroForm.Fields if str(each.T) == field)
        _, gap, after, rest = (int(each) for each in value.ByteRange)
        return pdf[:gap] + pdf[after : after + rest], bytes.fromhex(pdf[gap + 1 : after - 1].decode())


def others_signature(pdf: bytes, signer: Signer, **meta: object) -> bytes:
    """The PDF signed with pyHanko's own signer, as other programs sign; `meta` as PdfSignatureMetadata takes it."""
    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    simple = signers.SimpleSigner(
        asn1.Certificate.load(signer.der), asn1_keys.PrivateKeyInfo.load(key), SimpleCertificateStore()
    )
    out = io.BytesIO()
    described = signers.PdfSignatureMetadata(**{"field_name": "Others"} | meta)  # type: ignore[arg-type]
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), described, simple, output=out)
    return out.getvalue()


def half_red(size_mm: int = 40) -> Picture:
    """An OFD picture: the left half red (230, 0, 18), the right half bare."""
    half = PathShape(f"M 0 0 L {size_mm / 2} 0 L {size_mm / 2} {size_mm} L 0 {size_mm} Z", fill=(230, 0, 18))
    return Picture("ofd", picture_ofd([half], size_mm, size_mm), size_mm, size_mm)


def page_picture(pdf: bytes, page: int = 0) -> Image.Image:
    """A page as PDFium shows it, four pixels a millimetre."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        return document[page].render(scale=4 * 25.4 / 72, may_draw_forms=True).to_pil().convert("RGB")
    finally:
        document.close()
