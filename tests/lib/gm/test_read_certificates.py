"""Reading certificates: PEM and DER, original bytes, hostile bytes."""

from __future__ import annotations

import pytest
from asn1crypto import x509 as asn1
from hypothesis import given
from hypothesis import strategies as st

from support.gm import pki, signed_anew
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import Certificate, load_certificates

DER = pki().signer.certificate.der


def test_der_and_pem_give_the_same_certificate() -> None:
    certificate = pki().signer.certificate
    assert Certificate.from_der(DER) == Certificate.from_pem(certificate.to_pem()) == certificate
    assert len({certificate, Certificate.from_der(DER), pki().root.certificate}) == 2


def test_a_bundle_gives_every_certificate_in_order() -> None:
    wanted = [pki().signer.certificate, pki().intermediate.certificate, pki().root.certificate]
    bundle = b"subject=/CN=x\n".join(each.to_pem() for each in wanted)
    bundle += pki().signer.key.to_pem()
    assert load_certificates(bundle) == wanted
    assert load_certificates(DER) == wanted[:1]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_certificate"),
        (b"hello", "bad_certificate"),
        (DER + b"\0", "bad_certificate"),
        (DER[:-1], "bad_certificate"),
        (pki().signer.key.to_pem(), "no_certificate"),
        (b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n", "bad_certificate"),
        (b"-----BEGIN CERTIFICATE-----\n", "bad_certificate"),
    ],
)
def test_what_is_no_certificate_is_named(data: bytes, code: str) -> None:
    with pytest.raises(GmError) as caught:
        load_certificates(data)
    assert caught.value.code == code


@given(st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(1, 255)), min_size=1, max_size=3))
def test_changed_bytes_are_refused_or_break_the_signature(changes: list[tuple[int, int]]) -> None:
    der = bytearray(DER)
    for position, change in changes:
        der[position] ^= change
    try:
        certificate = Certificate.from_der(bytes(der))
        good = certificate.signed_by(pki().intermediate.certificate)
    except GmError:
        return
    assert not good or bytes(der) == DER


@given(st.binary(max_size=300))
def test_random_bytes_give_a_named_error(data: bytes) -> None:
    with pytest.raises(GmError):
        load_certificates(data)


def test_a_certificate_that_names_two_algorithms_is_refused() -> None:
    oid = bytes.fromhex("2a811ccf55018375")
    assert DER.count(oid) == 2
    with pytest.raises(GmError, match="differ"):
        Certificate.from_der(DER.replace(oid, bytes.fromhex("2a811ccf55018376"), 1))


def test_a_second_form_of_the_same_signature_is_refused() -> None:
    again = (signed_anew(pki().signer, pki().intermediate, []) for _ in iter(int, 1))
    certificate = next(each for each in again if not each.der[-1] & 1)
    der = bytearray(certificate.der)
    der[-len(certificate.signature) - 1] = 1  # one unused bit at the end, which was 0 anyway
    with pytest.raises(GmError, match="whole number of bytes"):
        Certificate.from_der(bytes(der))


def test_an_extension_that_is_there_twice_is_refused() -> None:
    basic: dict[str, object] = {"extn_id": "basic_constraints", "extn_value": {"ca": True}}
    with pytest.raises(GmError, match="twice"):
        signed_anew(pki().signer, pki().intermediate, [basic, basic])


def test_a_malformed_extension_that_does_not_count_here_is_passed_over() -> None:
    # seen in the field: an alternative name wrapped in an OCTET STRING
    names = asn1.Extension.load(bytes.fromhex("300b" + "0603551d11" + "0404" + "04023000"))
    certificate = signed_anew(pki().signer, pki().intermediate, [names])
    assert certificate.signed_by(pki().intermediate.certificate)
    assert certificate.key_usage is None
    usage = asn1.Extension.load(bytes.fromhex("300b" + "0603551d0f" + "0404" + "04023000"))
    with pytest.raises(GmError) as caught:
        signed_anew(pki().signer, pki().intermediate, [usage])
    assert caught.value.code == "bad_certificate"


def test_a_representation_is_short_and_names_the_holder() -> None:
    text = repr(pki().signer.certificate)
    assert "市环保局" in text
    assert len(text) < 800
