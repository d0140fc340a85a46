"""Revocation lists: made, read by others, and asked in path validation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from asn1crypto import crl as asn1
from asn1crypto import x509 as asn1_x509
from cryptography import x509 as other
from hypothesis import given
from hypothesis import strategies as st

from support.gm import DAY, NOW, START, YEAR, Holder, make, openssl_output, pki, signed_anew
from yichuan.lib.gm.crl import Crl, Reason, Revocation, make_crl
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.x509 import PathResult, Profile, validate_path


def crl_of(
    issuer: Holder,
    *serials: int,
    since: datetime = NOW - DAY,
    made: datetime = NOW - DAY,
    until: datetime = NOW + 7 * DAY,
    reason: Reason = Reason.KEY_COMPROMISE,
) -> Crl:
    revoked = [Revocation(serial, since, reason) for serial in serials]
    return make_crl(issuer.certificate, issuer.key.sign, revoked=revoked, number=3, this_update=made, next_update=until)


def check(crls: Iterable[Crl] | None, at: datetime = NOW) -> PathResult:
    p = pki()
    return validate_path(
        p.signer.certificate, intermediates=[p.intermediate.certificate], trust=[p.root.certificate], at=at, crls=crls
    )


SERIAL = pki().signer.certificate.serial
ROOT_LIST = crl_of(pki().root)
CLEAN_LIST = crl_of(pki().intermediate, 7)
REVOKING_LIST = crl_of(pki().intermediate, 7, SERIAL)


def test_without_lists_revocation_is_not_looked_at() -> None:
    assert check(None).ok


def test_a_certificate_that_no_list_names_is_good() -> None:
    assert check([ROOT_LIST, CLEAN_LIST]).ok


def test_a_revoked_certificate_is_named_with_its_reason() -> None:
    result = check([ROOT_LIST, CLEAN_LIST, REVOKING_LIST])
    assert (result.ok, result.code) == (False, "revoked")
    assert "市环保局" in result.note
    assert "key_compromise" in result.note


def test_a_revoked_ca_is_named() -> None:
    result = check([crl_of(pki().root, pki().intermediate.certificate.serial), CLEAN_LIST])
    assert (result.ok, result.code) == (False, "revoked")
    assert "驿传二级" in result.note


def test_what_was_signed_before_the_revocation_stands() -> None:
    assert check([ROOT_LIST, REVOKING_LIST], at=NOW - 2 * DAY).ok
    assert check([ROOT_LIST, REVOKING_LIST], at=NOW - DAY).code == "revoked"


def test_a_certificate_taken_off_the_list_is_good_again() -> None:
    assert check([ROOT_LIST, crl_of(pki().intermediate, SERIAL, reason=Reason.REMOVE_FROM_CRL)]).ok


@pytest.mark.parametrize(
    "crls",
    [
        [],
        [ROOT_LIST],
        [CLEAN_LIST],
        [ROOT_LIST, crl_of(pki().intermediate, made=NOW - 9 * DAY, until=NOW - DAY)],
        [ROOT_LIST, crl_of(make(Profile.ROOT, "驿传二级"), SERIAL)],
        [ROOT_LIST, crl_of(pki().intermediate, made=START + 3 * YEAR, until=START + 4 * YEAR)],
    ],
    ids=["none", "only the root's", "only the CA's", "stale", "of an impostor", "made after the certificate's end"],
)
def test_a_certificate_that_no_valid_list_speaks_of_is_unknown(crls: list[Crl]) -> None:
    assert check(crls).code == "revocation_unknown"


def test_a_list_that_keeps_ended_certificates_speaks_of_them_too() -> None:
    p = pki()
    end = p.signer.certificate.not_after

    def asked(*serials: int, since: datetime) -> str:
        made = {"this_update": end + 30 * DAY, "next_update": end + 37 * DAY, "keeps_since": since}
        revoked = [Revocation(serial, NOW - DAY) for serial in serials]
        kept = make_crl(p.intermediate.certificate, p.intermediate.key.sign, revoked=revoked, number=9, **made)  # type: ignore[arg-type]
        assert b"2.5.29.60" in openssl_output("crl", "-noout", "-text", stdin=kept.to_pem())
        return check([ROOT_LIST, kept]).code

    assert asked(since=START) == "ok"
    assert asked(SERIAL, since=START) == "revoked"
    assert asked(since=end + DAY) == "revocation_unknown"  # it dropped this one


def divided(**said: object) -> Crl:
    """The clean list of the intermediate, said to be one of several by its issuingDistributionPoint."""
    structure = asn1.CertificateList.load(CLEAN_LIST.der)
    tbs = structure["tbs_cert_list"].copy()
    point = {"extn_id": "issuing_distribution_point", "critical": True, "extn_value": said}
    tbs["crl_extensions"] = [point]
    structure["tbs_cert_list"] = tbs
    structure["signature"] = pki().intermediate.key.sign(tbs.dump())
    partial = Crl.from_der(structure.dump())
    assert partial.signed_by(pki().intermediate.certificate)
    return partial


def at_url(url: str) -> asn1_x509.DistributionPointName:
    names = asn1_x509.GeneralNames([asn1_x509.GeneralName("uniform_resource_identifier", url)])
    return asn1_x509.DistributionPointName("full_name", names)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"only_contains_ca_certs": True}, False),
        ({"only_contains_user_certs": True}, True),
        ({"only_contains_attribute_certs": True}, False),
        ({"only_some_reasons": {"key_compromise"}}, False),
        ({"indirect_crl": True}, False),
        ({"distribution_point": at_url("http://ca.example/other.crl")}, False),
    ],
)
def test_a_list_of_some_certificates_speaks_of_those_alone(said: dict[str, object], told: bool) -> None:
    assert check([ROOT_LIST, divided(**said)]).code == ("ok" if told else "revocation_unknown")


def test_a_list_speaks_of_the_certificates_that_point_to_it() -> None:
    point = {"distribution_point": at_url("http://ca.example/7.crl")}
    pointing: dict[str, object] = {"extn_id": "crl_distribution_points", "extn_value": [point]}
    leaf = signed_anew(pki().signer, pki().intermediate, [pointing])
    assert leaf.crl_urls == ("http://ca.example/7.crl",)
    assert divided(**point).speaks_of(leaf, NOW)
    assert not divided(distribution_point=at_url("http://ca.example/8.crl")).speaks_of(leaf, NOW)


def test_a_ca_that_may_not_sign_lists_is_not_heard() -> None:
    root = pki().root
    basic: dict[str, object] = {"extn_id": "basic_constraints", "extn_value": {"ca": True}}
    usage: dict[str, object] = {"extn_id": "key_usage", "extn_value": {"key_cert_sign"}}
    assert ROOT_LIST.signed_by(signed_anew(root, root, [basic]))
    assert not ROOT_LIST.signed_by(signed_anew(root, root, [basic, usage]))


def test_others_read_the_list() -> None:
    read = other.load_der_x509_crl(REVOKING_LIST.der)
    assert [entry.serial_number for entry in read] == [7, SERIAL]
    assert read.next_update_utc == NOW + 7 * DAY
    assert read.extensions.get_extension_for_class(other.CRLNumber).value.crl_number == 3
    text = openssl_output("crl", "-noout", "-text", stdin=REVOKING_LIST.to_pem()).decode()
    assert "SM2-with-SM3" in text
    assert "Key Compromise" in text


def test_a_list_survives_der_and_pem() -> None:
    assert Crl.from_der(REVOKING_LIST.der) == Crl.from_pem(REVOKING_LIST.to_pem()) == REVOKING_LIST
    assert REVOKING_LIST.revoked[SERIAL] == Revocation(SERIAL, NOW - DAY, Reason.KEY_COMPROMISE)
    assert ROOT_LIST.revoked == {}


@given(st.integers(0, len(REVOKING_LIST.der) - 1), st.integers(1, 255))
def test_a_changed_byte_never_leaves_a_valid_list(position: int, change: int) -> None:
    der = bytearray(REVOKING_LIST.der)
    der[position] ^= change
    try:
        crl = Crl.from_der(bytes(der))
    except GmError as error:
        assert error.code == "bad_crl"
        return
    assert not crl.signed_by(pki().intermediate.certificate)


def test_a_second_form_of_the_same_signature_is_refused() -> None:
    crl = next(each for each in iter(lambda: crl_of(pki().intermediate), None) if not each.der[-1] & 1)
    der = bytearray(crl.der)
    der[-len(crl.signature) - 1] = 1  # one unused bit at the end, which was 0 anyway
    with pytest.raises(GmError, match="whole number of bytes"):
        Crl.from_der(bytes(der))


@pytest.mark.parametrize("data", [b"", b"hello", CLEAN_LIST.der + b"\0", pki().root.certificate.der])
def test_what_is_no_list_is_named(data: bytes) -> None:
    for read in (Crl.from_der, Crl.from_pem):
        with pytest.raises(GmError) as caught:
            read(data)
        assert caught.value.code == "bad_crl"


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("bad_crl", lambda: crl_of(pki().root, 5, 5)),
        ("bad_time", lambda: crl_of(pki().root, until=NOW - 2 * DAY)),
        ("bad_time", lambda: crl_of(pki().root, 5, since=datetime(2026, 1, 1))),  # noqa: DTZ001
        ("not_a_ca", lambda: crl_of(pki().signer)),
        ("wrong_signature", lambda: crl_of(Holder(pki().signer.key, pki().root.certificate))),
    ],
)
def test_what_must_not_be_made_is_named(code: str, attempt: Callable[[], object]) -> None:
    with pytest.raises(GmError) as caught:
        attempt()
    assert caught.value.code == code
