"""Signing a PDF to PAdES with P-256: what others' validators say of it, level by level."""

import io
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from support.gm import openssl
from support.pdf import (
    PICTURE,
    STAMP,
    Signer,
    certify,
    covered,
    p256,
    revocation_list,
    signed_pdf,
    small_pdf,
    time_stamp,
)  # fmt: skip
from support.seals import NOW, YEAR
from yichuan.lib.pdf.errors import PdfError
from yichuan.lib.pdf.signing import prepare_signing
from yichuan.lib.pdf.verifying import verify


def lasting(pdf: bytes | None = None) -> bytes:
    pki, signed = p256(), signed_pdf(pdf)
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority))
    return stamped.with_validation_data([pki.root.der, pki.authority.der], [revocation_list(pki.root).der])


def others(data: bytes, field: int = 0):
    """What pyHanko's own validator says."""
    context = ValidationContext(trust_roots=[asn1.Certificate.load(p256().root.der)], moment=NOW, allow_fetching=False)
    return validate_pdf_signature(PdfFileReader(io.BytesIO(data)).embedded_signatures[field], context)


def test_pyhankos_validator_finds_it_whole_and_trusted() -> None:
    status = others(signed_pdf().data)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.md_algorithm == "sha256"


def test_pyhankos_validator_finds_every_one_of_several_good() -> None:
    data = signed_pdf(signed_pdf().data).data
    assert [others(data, field).bottom_line for field in (0, 1)] == [True, True]
    assert others(data).modification_level.name in ("LTA_UPDATES", "FORM_FILLING")


def test_pyhankos_validator_sees_the_time_stamp() -> None:
    signed = signed_pdf()
    status = others(signed.stamped(time_stamp(signed.signature, p256().authority)).data)
    assert status.timestamp_validity.valid and status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == NOW


def test_with_the_lists_inside_pyhanko_asks_nobody_for_revocation() -> None:
    """PAdES B-LT: every certificate on the way must be spoken for by what lies in the file alone."""
    reader = PdfFileReader(io.BytesIO(lasting()))
    asked = {
        "trust_roots": [asn1.Certificate.load(p256().root.der)],
        "moment": NOW,
        "allow_fetching": False,
        "revocation_mode": "require",
    }
    context = DocumentSecurityStore.read_dss(reader).as_validation_context(asked)
    status = validate_pdf_signature(reader.embedded_signatures[0], context, context)
    assert status.bottom_line
    assert status.timestamp_validity.trusted


def test_openssl_verifies_the_value_over_the_signed_bytes(tmp_path: Path) -> None:
    signed, value = covered(signed_pdf().data)
    (tmp_path / "signed").write_bytes(signed)
    (tmp_path / "value").write_bytes(value)
    (tmp_path / "root.pem").write_bytes(p256().root.anchor.to_pem())

    def checked(content: str) -> int:
        place = ["-inform", "DER", "-in", tmp_path / "value", "-content", tmp_path / content]
        trusted = ["-CAfile", tmp_path / "root.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp()))]
        return openssl("cms", "-verify", "-binary", *place, *trusted, "-out", tmp_path / "out").returncode

    assert checked("signed") == 0
    (tmp_path / "other").write_bytes(signed[:-1] + b"x")
    assert checked("other") != 0


def test_a_raw_signature_of_a_carrier_is_taken() -> None:
    pki = p256()
    to_sign = prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(pki.unit.der, NOW, [pki.root.der])
    r, s = decode_dss_signature(pki.unit.sign(to_sign.message))
    signed = to_sign.attach(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert verify(signed.data, trust=pki.trust, at=NOW).valid_and_trusted


def test_what_is_signed_is_described() -> None:
    said = prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(p256().unit.der, NOW).describe()
    assert (said["signer"], said["pages"], said["at"]) == ("江门市人民政府办公室", 2, "2026-11-21T09:00:00+00:00")
    assert len(said["document_sha256"]) == 64


@pytest.mark.parametrize("change", [lambda value: value[:-1] + b"\0", lambda value: b"", lambda value: bytes(64)])
def test_a_false_signature_is_not_attached(change) -> None:
    to_sign = prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(p256().unit.der, NOW)
    with pytest.raises(PdfError) as caught:
        to_sign.attach(change(p256().unit.sign(to_sign.message)))
    assert caught.value.code == "signature"


def test_another_ones_signature_is_not_attached() -> None:
    to_sign = prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(p256().unit.der, NOW)
    with pytest.raises(PdfError):
        to_sign.attach(p256().authority.sign(to_sign.message))


@pytest.mark.parametrize(
    "make", [lambda: ec.generate_private_key(ec.SECP384R1()), lambda: rsa.generate_private_key(65537, 2048)]
)
def test_a_key_that_is_not_p256_is_named(make) -> None:
    other: Signer = certify("别的密钥", p256().root, key=make())
    with pytest.raises(PdfError) as caught:
        prepare_signing(small_pdf(), PICTURE, [STAMP]).for_signer(other.der, NOW)
    assert caught.value.code == "unsupported_key"


def test_certificates_and_times_that_will_not_do_are_named() -> None:
    prepared = prepare_signing(small_pdf(), PICTURE, [STAMP])
    for certificate, at, code in (
        (b"no certificate", NOW, "certificate"),
        (p256().unit.der, NOW + 2 * YEAR, "certificate_period"),
        (p256().unit.der, NOW.replace(tzinfo=None), "time"),
    ):
        with pytest.raises(PdfError) as caught:
            prepared.for_signer(certificate, at)
        assert caught.value.code == code


def test_a_token_over_something_else_is_refused() -> None:
    for token in (time_stamp(b"another", p256().authority), b"no token", b"0\x00"):
        with pytest.raises(PdfError) as caught:
            signed_pdf().stamped(token)
        assert caught.value.code == "time_stamp"


def test_a_token_too_long_for_its_room_is_refused() -> None:
    signed = signed_pdf()
    wordy = certify("时间戳服务", p256().root, stamping=True, padding_bytes=20_000)
    with pytest.raises(PdfError) as caught:
        signed.stamped(time_stamp(signed.signature, wordy))
    assert caught.value.code == "no_room"


def test_lists_that_are_none_are_named() -> None:
    signed = signed_pdf()
    stamped = signed.stamped(time_stamp(signed.signature, p256().authority))
    with pytest.raises(PdfError) as caught:
        stamped.with_validation_data([], [b"no list"])
    assert caught.value.code == "crl"
    with pytest.raises(PdfError) as caught:
        stamped.with_validation_data([b"x"], [])
    assert caught.value.code == "certificate"


def test_validation_data_leave_the_signed_bytes_alone() -> None:
    pki, signed = p256(), signed_pdf()
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority))
    assert stamped.with_validation_data([pki.root.der], [revocation_list(pki.root).der]).startswith(stamped.data)
