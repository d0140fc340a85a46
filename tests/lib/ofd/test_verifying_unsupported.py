"""What is not checked here is called by its name: RSA, ECDSA, other digests; and bare values find their signer."""

from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from support.other_seals import signed_data
from support.seals import NOW, YEAR, Holder, changed, pki, sealed_ofd
from support.verified import LIST, SIGNATURE, VALUE, check, original_xml, verdicts
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.package import Package


def foreign(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> Holder:
    """A self-signed certificate with a key that is not SM2, and a hand that signs with the unit's key all the same."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "别的算法")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .sign(key, hashes.SHA256())
    )
    return Holder(pki().unit.key, Certificate.from_der(made.public_bytes(serialization.Encoding.DER)))


def plain(value: bytes) -> bytes:
    """The sealed document as a digital signature: Type="Sign", no stamp, another signature value."""
    package = Package.open(sealed_ofd())
    xml = original_xml()
    start, end = xml.index(b"<ofd:StampAnnot"), xml.index(b"<ofd:SignedValue>")
    bare = xml[:start] + b"</ofd:SignedInfo>" + xml[end:]
    listing = package.read(LIST).replace(b'Type="Seal"', b'Type="Sign"')
    return changed(sealed_ofd(), {LIST: listing, SIGNATURE: bare, VALUE: value})


def xml_of(data: bytes) -> bytes:
    return Package.open(data).read(SIGNATURE)


XML = xml_of(plain(b""))


def test_rsa_and_ecdsa_are_unsupported_by_name_and_leave_it_open():
    for key, name in (
        (rsa.generate_private_key(65537, 2048), "not SM2 but RSA"),
        (ec.generate_private_key(ec.SECP256R1()), "not SM2 but on the curve secp256r1"),
    ):
        signature = check(plain(signed_data(foreign(key), XML, form="attributes")))
        notes = {each.name: each.note for each in signature.steps if each.ok is None}
        assert verdicts(signature)[:3] == ("unknown", "unknown", "unknown")
        assert "unsupported" in notes["signature"]
        assert name in notes["signature"]


def test_a_chain_signed_with_rsa_is_unsupported_by_name():
    root = rsa.generate_private_key(65537, 2048)
    issuer = foreign(root).certificate
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "单位")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.load_der_x509_certificate(issuer.der).subject)
        .public_key(serialization.load_der_public_key(_p256()))
        .serial_number(2)
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + YEAR)
        .sign(root, hashes.SHA256())
    )
    certificate = made.public_bytes(serialization.Encoding.DER).replace(_p256(), pki().unit.key.public.der)
    leaf = Holder(pki().unit.key, Certificate.from_der(certificate))
    signature = check(plain(signed_data(leaf, XML, form="attributes")), trust=[issuer])
    notes = {each.name: (each.ok, each.note) for each in signature.steps}
    assert signature.integrity == "ok"
    assert notes["signer_certificate"] == (
        None,
        "unsupported: 单位: signed with sha256_rsa (1.2.840.113549.1.1.11); only SM2 with SM3 is checked",
    )


@cache
def _p256() -> bytes:
    """A key whose SubjectPublicKeyInfo is as long as one of SM2, to be put in its place."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_another_digest_is_unsupported_by_name():
    value = signed_data(pki().unit, XML, form="attributes", digest_algorithm="2.16.840.1.101.3.4.2.1")
    signature = check(plain(value))
    notes = {each.name: each.note for each in signature.steps}
    assert signature.integrity == "unknown"
    assert notes["data_hash"] == "unsupported: algorithm SHA-256 (2.16.840.1.101.3.4.2.1) is not checked here"


def test_a_bare_value_is_its_makers_where_the_maker_is_relied_on():
    value = pki().unit.key.sign(XML)
    signature = check(plain(value), trust=[pki().unit.certificate])
    assert (signature.version, signature.integrity, signature.signer) == ("bare", "ok", "ok")
    unknown = check(plain(value))
    assert (unknown.integrity, unknown.signer) == ("unknown", "unknown")
    changed_value = check(plain(pki().stranger.key.sign(XML)), trust=[pki().unit.certificate])
    assert changed_value.integrity == "unknown"
