"""A small CA on P-256 for the centre's own pages: browsers do not speak TLS with SM2.

It vouches for the centre's host names and for nothing else; whoever trusts it trusts no seal by it.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_LASTS = timedelta(days=365 * 10)
SERVER_LASTS = timedelta(days=397)
"""What browsers take from any CA."""
RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, PEM; the key PKCS#8 in the clear, for a file that only its owner reads."""

    certificate: bytes
    key: bytes


def make_root(centre: str, at: datetime) -> Pair:
    """The CA of one centre's pages, for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{centre} HTTPS"[:64])])
    builder = _builder(name, name, key.public_key(), at, at + ROOT_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(ca=True), critical=True)
    return _pair(builder.sign(key, hashes.SHA256()), key)


def make_server(root: Pair, hosts: list[str], at: datetime) -> Pair:
    """A certificate of `root` for the host names and addresses `hosts`; the first one names it. ValueError: none."""
    if not hosts:
        raise ValueError("hosts: name at least one host")
    issuer = x509.load_pem_x509_certificate(root.certificate)
    signing = serialization.load_pem_private_key(root.key, None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey):
        raise TypeError("root: the key is not on an elliptic curve")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    end = min(at + SERVER_LASTS, issuer.not_valid_after_utc)
    builder = _builder(name, issuer.subject, key.public_key(), at, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(ca=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return _pair(builder.add_extension(above, critical=False).sign(signing, hashes.SHA256()), key)


def sound(pair: Pair) -> bool:
    """Whether certificate and key belong together; a program may have died between writing the one and the other."""
    try:
        certificate = x509.load_pem_x509_certificate(pair.certificate)
        return serialization.load_pem_private_key(pair.key, None).public_key() == certificate.public_key()
    except ValueError:
        return False


def serves(pair: Pair, root: Pair, hosts: list[str], at: datetime) -> bool:
    """Whether the server's certificate is the root's, names all of `hosts` and lasts another month."""
    certificate = x509.load_pem_x509_certificate(pair.certificate)
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    missing = [host for host in hosts if _general(host) not in named]
    lasting = certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc - RENEW_BEFORE
    return lasting and not missing and _issued(certificate, x509.load_pem_x509_certificate(root.certificate))


def ends(pair: Pair) -> datetime:
    """The moment up to which the certificate is good."""
    return x509.load_pem_x509_certificate(pair.certificate).not_valid_after_utc


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(hours=1))  # for clocks that are behind
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode())


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    encoding, clear = serialization.Encoding.PEM, serialization.NoEncryption()
    return Pair(
        certificate.public_bytes(encoding), key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, clear)
    )
