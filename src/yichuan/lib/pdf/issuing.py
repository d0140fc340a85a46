"""P-256 certificates and revocation lists (RFC 5280) whose issuer's key rests in a device: for signatures in PDF.

`cryptography` signs with keys of its own alone. So what is to be signed is drawn up with a key that is thrown away,
and the device's signature takes the place of that key's: the signed part does not depend on who signs.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

from yichuan.lib.gm.crl import Revocation

Sign = Callable[[bytes], bytes]
_BEHIND = timedelta(hours=1)  # for clocks that are behind


def issue_authority(name: str, organization: str, key: bytes, *, sign: Sign, begin: datetime, end: datetime) -> bytes:
    """A self-signed CA certificate, DER, for `key` (SubjectPublicKeyInfo); `sign` gives DER ECDSA with SHA-256."""
    subject, public = _name(name, organization), _public(key)
    built = _builder(subject, subject, public, begin, end)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return _signed(built.add_extension(_usage(ca=True), critical=True), sign)


def issue_signer(
    name: str,
    organization: str,
    key: bytes,
    *,
    authority: bytes,
    sign: Sign,
    begin: datetime,
    end: datetime,
    crl_url: str,
    issuer_url: str,
) -> bytes:
    """A certificate under `authority` (DER) for `key`, whose holder signs documents. It never outlives its issuer."""
    above = x509.load_der_x509_certificate(authority)
    identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    built = _builder(_name(name, organization), above.subject, _public(key), begin, min(end, above.not_valid_after_utc))
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_usage(ca=False), critical=True)
    known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    built = built.add_extension(known, critical=False)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_url)], None, None, None)
    built = built.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    method = x509.oid.AuthorityInformationAccessOID.CA_ISSUERS
    access = x509.AccessDescription(method, x509.UniformResourceIdentifier(issuer_url))
    return _signed(built.add_extension(x509.AuthorityInformationAccess([access]), critical=False), sign)


def make_list(
    authority: bytes,
    sign: Sign,
    *,
    revoked: Iterable[Revocation],
    number: int,
    this_update: datetime,
    next_update: datetime,
) -> bytes:
    """The revocation list of `authority` (DER), DER."""
    above = x509.load_der_x509_certificate(authority)
    identifier = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    built = x509.CertificateRevocationListBuilder().issuer_name(above.subject)
    built = built.last_update(this_update).next_update(next_update)
    built = built.add_extension(x509.CRLNumber(number), critical=False)
    known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    built = built.add_extension(known, critical=False)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.serial).revocation_date(each.at)
        reason = x509.CRLReason(x509.ReasonFlags[each.reason.value])
        built = built.add_revoked_certificate(entry.add_extension(reason, critical=False).build())
    drawn = built.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return _replaced(asn1_crl.CertificateList.load(drawn.public_bytes(Encoding.DER)), drawn.tbs_certlist_bytes, sign)


def _signed(built: x509.CertificateBuilder, sign: Sign) -> bytes:
    drawn = built.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return _replaced(asn1.Certificate.load(drawn.public_bytes(Encoding.DER)), drawn.tbs_certificate_bytes, sign)


def _replaced(whole: Any, part: bytes, sign: Sign) -> bytes:
    field = "signature_value" if isinstance(whole, asn1.Certificate) else "signature"
    whole[field] = sign(part)
    return bytes(whole.dump(force=True))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - _BEHIND)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(name: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )


def _public(key: bytes) -> ec.EllipticCurvePublicKey:
    public = load_der_public_key(key)
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != ec.SECP256R1.name:
        raise ValueError("not a public key on P-256")
    return public


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
