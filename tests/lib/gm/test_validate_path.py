"""Path validation: each way in which a certificate may fail has its own name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from time import process_time

import pytest
from cryptography import x509 as other
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from support.gm import DAY, NOW, START, YEAR, Holder, make, pki, signed_anew
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate, PathResult, Profile, Usage, validate_path


def check(
    leaf: Certificate,
    *,
    intermediates: Iterable[Certificate] | None = None,
    trust: Iterable[Certificate] | None = None,
    at: datetime = NOW,
    usage: Usage | None = Usage.SIGNATURE,
) -> PathResult:
    return validate_path(
        leaf,
        intermediates=[pki().intermediate.certificate] if intermediates is None else intermediates,
        trust=[pki().root.certificate] if trust is None else trust,
        at=at,
        usage=usage,
    )


def altered(certificate: Certificate, old: str, new: str) -> Certificate:
    der = certificate.der.replace(old.encode(), new.encode())
    assert der != certificate.der
    return Certificate.from_der(der)


def test_a_good_path_leads_from_the_leaf_to_the_root() -> None:
    result = check(pki().signer.certificate)
    assert (result.ok, result.code) == (True, "ok")
    assert [each.subject_name for each in result.chain] == ["市环保局", "驿传二级", "驿传根"]


def test_an_intermediate_ca_may_be_the_trusted_one() -> None:
    result = check(pki().signer.certificate, intermediates=[], trust=[pki().intermediate.certificate])
    assert result.ok
    assert len(result.chain) == 2


def test_a_trusted_leaf_is_its_own_path_but_still_has_its_times_and_usage() -> None:
    leaf = pki().signer.certificate
    assert check(leaf, trust=[leaf], intermediates=[]).ok
    assert check(leaf, trust=[leaf], at=NOW + 5 * YEAR).code == "expired"
    assert check(leaf, trust=[leaf], usage=Usage.ENCRYPTION).code == "wrong_usage"


def test_the_last_second_of_validity_counts() -> None:
    leaf = pki().signer.certificate
    assert check(leaf, at=leaf.not_before).ok
    assert check(leaf, at=leaf.not_after).ok
    assert check(leaf, at=leaf.not_before.astimezone(timezone(timedelta(hours=8)))).ok
    assert check(leaf, at=leaf.not_before - timedelta(seconds=1)).code == "not_yet_valid"
    assert check(leaf, at=leaf.not_after + timedelta(seconds=1)).code == "expired"


def test_an_expired_ca_above_a_good_leaf_is_named() -> None:
    root = make(Profile.ROOT, "旧根", not_before=START - 10 * YEAR, not_after=START + 10 * YEAR)
    leaf = make(Profile.SIGNER, "市环保局", root)
    short = make(Profile.ROOT, "旧根", key=root.key, not_before=START - 10 * YEAR, not_after=NOW - DAY)
    result = check(leaf.certificate, trust=[short.certificate])
    assert (result.ok, result.code) == (False, "expired")
    assert "旧根" in result.note
    assert check(leaf.certificate, trust=[short.certificate, root.certificate]).ok


def test_an_issuer_that_was_not_given_is_unknown() -> None:
    result = check(pki().signer.certificate, intermediates=[])
    assert (result.ok, result.code) == (False, "unknown_issuer")
    assert "驿传二级" in result.note
    assert check(pki().signer.certificate, intermediates=[], trust=[]).code == "unknown_issuer"


def test_a_ca_of_the_same_name_with_another_key_is_the_wrong_issuer() -> None:
    impostor = make(Profile.INTERMEDIATE, "驿传二级", pki().root, not_after=START + 10 * YEAR)
    assert check(pki().signer.certificate, intermediates=[impostor.certificate]).code == "wrong_issuer"
    both = [impostor.certificate, pki().intermediate.certificate]
    assert check(pki().signer.certificate, intermediates=both).ok


def test_an_altered_leaf_and_an_altered_ca_are_named() -> None:
    leaf = altered(pki().signer.certificate, "市环保局", "市财政局")
    result = check(leaf)
    assert (result.ok, result.code) == (False, "altered")
    assert "市财政局" in result.note
    forged = altered(pki().intermediate.certificate, "260101000000Z", "250101000000Z")
    assert check(pki().signer.certificate, intermediates=[forged]).code == "altered"


def test_a_root_that_nobody_trusts_is_named() -> None:
    stranger = make(Profile.ROOT, "他市根", not_after=START + 10 * YEAR)
    leaf = make(Profile.SIGNER, "市环保局", stranger)
    result = check(leaf.certificate, intermediates=[stranger.certificate])
    assert (result.ok, result.code) == (False, "untrusted_root")
    assert "他市根" in result.note
    assert check(stranger.certificate, usage=None).code == "untrusted_root"


def test_a_root_that_only_copies_the_trusted_name_is_not_trusted() -> None:
    copy = make(Profile.ROOT, "驿传根", not_after=START + 30 * YEAR)
    leaf = make(Profile.SIGNER, "市环保局", copy)
    assert check(leaf.certificate, intermediates=[copy.certificate]).code == "untrusted_root"


def test_a_signer_that_issues_certificates_is_not_a_ca() -> None:
    signer = make(Profile.SIGNER, "市环保局", pki().root)
    posing = Holder(signer.key, make(Profile.ROOT, "市环保局", key=signer.key).certificate)
    below = make(Profile.SIGNER, "市财政局", posing)
    result = check(below.certificate, intermediates=[signer.certificate])
    assert (result.ok, result.code) == (False, "not_a_ca")
    assert "市环保局" in result.note


def test_one_ca_too_many_is_a_path_length_fault() -> None:
    middle = pki().intermediate
    loose = make(Profile.ROOT, "驿传二级", key=middle.key, not_after=START + 9 * YEAR, path_length=5)
    third = make(Profile.INTERMEDIATE, "驿传三级", loose, not_after=START + 8 * YEAR)
    leaf = make(Profile.SIGNER, "市环保局", third)
    result = check(leaf.certificate, intermediates=[third.certificate, middle.certificate])
    assert (result.ok, result.code) == (False, "path_length")
    assert "驿传二级" in result.note
    assert check(leaf.certificate, intermediates=[third.certificate], trust=[loose.certificate]).ok


@pytest.mark.parametrize(
    ("holder", "usage", "right"),
    [
        ("signer", Usage.SIGNATURE, True),
        ("signer", Usage.SEAL_MAKING, False),
        ("signer", Usage.ENCRYPTION, False),
        ("seal_maker", Usage.SEAL_MAKING, True),
        ("seal_maker", Usage.ENCRYPTION, False),
        ("encryption", Usage.ENCRYPTION, True),
        ("encryption", Usage.SIGNATURE, False),
        ("encryption", Usage.SEAL_MAKING, False),
    ],
)
def test_a_certificate_is_good_for_its_own_use_only(holder: str, usage: Usage, right: bool) -> None:
    result = check(getattr(pki(), holder).certificate, usage=usage)
    assert (result.ok, result.code) == ((True, "ok") if right else (False, "wrong_usage"))
    assert check(getattr(pki(), holder).certificate, usage=None).ok


def test_a_ca_certificate_signs_no_document() -> None:
    assert check(pki().intermediate.certificate).code == "wrong_usage"


def test_a_ca_that_does_not_keep_seal_makers_apart_is_taken_as_it_is() -> None:
    # other centres' CAs know nothing of our purpose
    root = pki().root
    basic = {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": True}}
    plain_root = signed_anew(root, root, [basic])
    direct = make(Profile.SIGNER, "他市制章者", root)
    assert check(direct.certificate, trust=[plain_root], usage=Usage.SEAL_MAKING).ok
    assert check(direct.certificate, usage=Usage.SEAL_MAKING).code == "wrong_usage"


def test_a_ca_whose_key_may_not_sign_certificates_is_refused() -> None:
    root = pki().root
    extensions: list[dict[str, object]] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": True}},
        {"extn_id": "key_usage", "critical": True, "extn_value": {"crl_sign"}},
    ]
    result = check(make(Profile.SIGNER, "市环保局", root).certificate, trust=[signed_anew(root, root, extensions)])
    assert (result.ok, result.code) == (False, "wrong_usage")


def test_a_critical_extension_that_is_not_understood_is_refused() -> None:
    signer = pki().signer
    constraints = {"extn_id": "2.5.29.36", "critical": True, "extn_value": {"require_explicit_policy": 0}}
    result = check(signed_anew(signer, pki().intermediate, [constraints]), usage=None)
    assert (result.ok, result.code) == (False, "unknown_extension")
    assert "2.5.29.36" in result.note


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_chains_of_other_algorithms_are_called_unsupported(kind: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    name = other.Name([other.NameAttribute(NameOID.COMMON_NAME, "国际根")])
    builder = other.CertificateBuilder().issuer_name(name).public_key(key.public_key()).not_valid_before(START)
    builder = builder.not_valid_after(START + YEAR)
    root = builder.subject_name(name).serial_number(1).sign(key, hashes.SHA256())
    person = other.Name([other.NameAttribute(NameOID.COMMON_NAME, "国际用户")])
    leaf = builder.subject_name(person).serial_number(2).sign(key, hashes.SHA256())
    anchor, user = (Certificate.from_der(each.public_bytes(serialization.Encoding.DER)) for each in (root, leaf))
    result = check(user, trust=[anchor, pki().root.certificate])
    assert (result.ok, result.code) == (False, "unsupported")
    assert check(pki().signer.certificate, trust=[anchor, pki().root.certificate]).ok
    with pytest.raises(GmError) as caught:
        _ = anchor.public_key
    assert caught.value.code == "unsupported_key"


def test_a_hostile_bundle_of_many_cas_is_given_up_soon() -> None:
    # two CAs that issued each other many certificates: 20^7 ways up from the leaf, none of them to a root
    keys = {name: PrivateKey.generate() for name in ("甲", "乙")}
    heads = {name: make(Profile.ROOT, name, key=keys[name]) for name in keys}
    ring = [
        make(Profile.INTERMEDIATE, name, heads[above], key=keys[name]).certificate
        for name, above in (("甲", "乙"), ("乙", "甲"))
        for _ in range(20)
    ]
    leaf = make(Profile.SIGNER, "市环保局", heads["甲"])
    before = process_time()
    assert check(leaf.certificate, intermediates=ring).code == "too_complex"
    assert process_time() - before < 2


def test_a_long_chain_is_given_up() -> None:
    issuer = make(Profile.ROOT, "根", not_after=START + 10 * YEAR, path_length=20)
    root, between = issuer, []
    for level in range(9):
        issuer = make(Profile.INTERMEDIATE, f"{level}级", issuer, not_after=START + 9 * YEAR, path_length=19 - level)
        between.append(issuer.certificate)
    leaf = make(Profile.SIGNER, "市环保局", issuer)
    assert check(leaf.certificate, intermediates=between, trust=[root.certificate]).code == "too_complex"
    assert check(leaf.certificate, intermediates=between, trust=[between[4]]).ok


def test_a_time_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(GmError) as caught:
        check(pki().signer.certificate, at=datetime(2026, 5, 1))  # noqa: DTZ001
    assert caught.value.code == "bad_time"
    assert check(pki().signer.certificate, at=datetime(2026, 5, 1, tzinfo=UTC)).ok


def test_a_certificate_with_a_key_off_the_curve_breaks_nothing() -> None:
    middle = pki().intermediate
    point = middle.key.public.point
    broken = Certificate.from_der(middle.certificate.der.replace(point, point[:-1] + bytes([point[-1] ^ 1])))
    result = check(make(Profile.SIGNER, "市环保局", middle).certificate, intermediates=[broken])
    assert (result.ok, result.code) == (False, "unsupported")
    assert PrivateKey.generate().public != middle.key.public
