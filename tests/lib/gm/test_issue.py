"""Issuing certificates by profile, and what issuing refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509 as other

from support.gm import DISTID, NOW, START, YEAR, Holder, make, openssl, openssl_output, pki
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import DOCUMENT_SIGNING, SEAL_MAKING, Name, Profile, issue


def accepted(issuer: Holder, holder: Holder, folder: Path) -> bool:
    above, below = folder / "above.pem", folder / "below.pem"
    above.write_bytes(issuer.certificate.to_pem())
    below.write_bytes(holder.certificate.to_pem())
    moment = str(int(NOW.timestamp()))
    strict = ("-x509_strict", "-partial_chain", "-attime", moment, "-vfyopt", DISTID)
    return openssl("verify", *strict, "-trusted", above, below).returncode == 0


def test_the_openssl_command_accepts_every_link(tmp_path: Path) -> None:
    p = pki()
    links = [(p.root, p.root), (p.root, p.intermediate)]
    links += [(p.intermediate, leaf) for leaf in (p.signer, p.seal_maker, p.encryption)]
    assert [accepted(issuer, holder, tmp_path) for issuer, holder in links] == [True] * 5
    assert not accepted(make(Profile.ROOT, "驿传二级"), p.signer, tmp_path)


def test_the_openssl_command_reads_names_and_the_revocation_list_address() -> None:
    text = openssl_output("x509", "-noout", "-text", "-nameopt", "utf8", stdin=pki().signer.certificate.to_pem())
    for part in ("O=江门市人民政府, CN=市环保局", "SM2-with-SM3", "http://ca.example/yichuan.crl"):
        assert part in text.decode()


@pytest.mark.parametrize(
    ("holder", "usages", "purposes", "ca", "path_length"),
    [
        ("root", {"key_cert_sign", "crl_sign"}, {SEAL_MAKING, "2.5.29.37.0"}, True, None),
        ("intermediate", {"key_cert_sign", "crl_sign"}, {SEAL_MAKING, "2.5.29.37.0"}, True, 0),
        ("signer", {"digital_signature", "non_repudiation"}, {DOCUMENT_SIGNING}, False, None),
        ("seal_maker", {"digital_signature", "non_repudiation"}, {SEAL_MAKING}, False, None),
        ("encryption", {"key_encipherment", "data_encipherment", "key_agreement"}, None, False, None),
    ],
)
def test_each_profile_has_its_uses(
    holder: str, usages: set[str], purposes: set[str] | None, ca: bool, path_length: int | None
) -> None:
    certificate = getattr(pki(), holder).certificate
    assert certificate.key_usage == usages
    assert certificate.extended_key_usage == purposes
    assert (certificate.is_ca, certificate.path_length) == (ca, path_length)
    assert certificate.unknown_critical == frozenset()


def test_another_library_reads_what_is_issued() -> None:
    read = other.load_der_x509_certificate(pki().signer.certificate.der)
    assert read.serial_number == pki().signer.certificate.serial > 1 << 124
    assert read.not_valid_before_utc == START
    assert read.signature_algorithm_oid.dotted_string == "1.2.156.10197.1.501"
    points = read.extensions.get_extension_for_class(other.CRLDistributionPoints).value
    assert points[0].full_name[0].value == "http://ca.example/yichuan.crl"


def test_key_identifiers_chain() -> None:
    p = pki()
    assert p.signer.certificate.authority_key_id == p.intermediate.certificate.subject_key_id
    assert p.intermediate.certificate.authority_key_id == p.root.certificate.subject_key_id
    assert p.root.certificate.self_signed
    assert not p.signer.certificate.self_issued


def test_serials_are_random_unless_given() -> None:
    root = pki().root
    assert len({make(Profile.SIGNER, "甲", root).certificate.serial for _ in range(20)}) == 20
    assert make(Profile.SIGNER, "甲", root, serial=7).certificate.serial == 7


def test_times_after_2049_are_coded_as_generalized_time(tmp_path: Path) -> None:
    root = make(Profile.ROOT, "长寿根", not_after=START + 40 * YEAR)
    assert root.certificate.not_after == START + 40 * YEAR
    assert accepted(root, root, tmp_path)


def test_rare_characters_and_long_names_survive(tmp_path: Path) -> None:
    # 𫘦 came with Unicode 5.2, later than the tables of RFC 3454
    root = make(Profile.ROOT, "𫘦字根")
    leaf = make(Profile.SIGNER, "局" * 64, root)
    assert leaf.certificate.issuer_name == "𫘦字根"
    assert leaf.certificate.issuer_key == root.certificate.subject_key
    assert accepted(root, leaf, tmp_path)


def test_a_signer_with_another_key_is_noticed() -> None:
    with pytest.raises(GmError, match="issuer's own signer") as caught:
        issue(
            Profile.SIGNER,
            subject=Name(common_name="市环保局"),
            public_key=PrivateKey.generate().public,
            issuer=pki().root.certificate,
            sign=PrivateKey.generate().sign,
            not_before=START,
            not_after=START + YEAR,
        )
    assert caught.value.code == "wrong_signature"


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("bad_name", lambda: make(Profile.SIGNER, "局" * 65, pki().root)),
        ("bad_name", lambda: Name().to_asn1()),
        ("bad_time", lambda: make(Profile.SIGNER, "甲", pki().root, not_before=START, not_after=START)),
        ("bad_time", lambda: make(Profile.SIGNER, "甲", pki().root, not_before=datetime(2026, 1, 1))),  # noqa: DTZ001
        ("outlives_issuer", lambda: make(Profile.SIGNER, "甲", pki().root, not_after=START + 31 * YEAR)),
        ("bad_serial", lambda: make(Profile.SIGNER, "甲", pki().root, serial=0)),
        ("bad_serial", lambda: make(Profile.SIGNER, "甲", pki().root, serial=1 << 159)),
        ("bad_profile", lambda: make(Profile.SIGNER, "甲")),
        ("bad_profile", lambda: make(Profile.ROOT, "甲", pki().root)),
        ("bad_profile", lambda: make(Profile.SIGNER, "甲", pki().root, path_length=0)),
        ("not_a_ca", lambda: make(Profile.SIGNER, "甲", pki().signer)),
        ("path_length", lambda: make(Profile.INTERMEDIATE, "甲", pki().intermediate)),
    ],
)
def test_what_must_not_be_issued_is_named(code: str, attempt: Callable[[], object]) -> None:
    with pytest.raises(GmError) as caught:
        attempt()
    assert caught.value.code == code


def test_subject_parts_are_read_back() -> None:
    name = Name(
        common_name="张三",
        organizational_unit="办公室",
        organization="市环保局",
        locality="江门",
        province="广东",
        country="CN",
    )
    assert Name.from_asn1(name.to_asn1()) == name
    assert str(name) == "张三"
    assert str(Name(organization="市环保局")) == "市环保局"
