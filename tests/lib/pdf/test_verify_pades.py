"""Verifying PAdES: integrity, trust, time and revocation, each said apart."""

import asyncio
import threading

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign import fields

from support.pdf import (
    DAY,
    P256,
    certify,
    others_signature,
    p256,
    revocation_list,
    signed_pdf,
    small_pdf,
    time_stamp,
    with_value,
)  # fmt: skip
from support.seals import NOW, YEAR
from yichuan.lib.ofd.report import SignatureReport
from yichuan.lib.pdf.verifying import verify

LATER = NOW + DAY


def report(data: bytes, pki: P256 | None = None, at=LATER, crls=None, trust=None) -> SignatureReport:
    """The report on the first signature."""
    roots = (pki or p256()).trust if trust is None else trust
    return verify(data, trust=roots, at=at, crls=crls).signatures[0]


def findings(signature: SignatureReport) -> dict[str, tuple[bool | None, str]]:
    return {step.name: (step.ok, step.finding) for step in signature.steps}


def verdicts(signature: SignatureReport) -> tuple[str, str, str]:
    return signature.integrity, signature.signer, signature.time


def lasting(crls=None, at=NOW) -> bytes:
    """A B-LT document, signed and stamped at NOW."""
    pki = p256()
    signed = signed_pdf(at=at)
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority, at))
    lists = crls if crls is not None else [revocation_list(pki.root)]
    return stamped.with_validation_data([pki.root.der, pki.authority.der], [each.der for each in lists])


def test_a_plain_signature_is_valid_and_its_time_the_signers_word() -> None:
    found = report(signed_pdf().data)
    assert (found.kind, found.version, found.id) == ("Sign", "PAdES B-B", "Signature1")
    assert verdicts(found) == ("ok", "ok", "unknown")
    assert found.seal == "unknown"
    assert found.coverage.whole
    assert found.valid_and_trusted


def test_a_time_stamp_proves_the_time() -> None:
    signed = signed_pdf()
    found = report(signed.stamped(time_stamp(signed.signature, p256().authority)).data)
    assert (found.version, found.time) == ("PAdES B-T", "ok")
    assert findings(found)["time_stamp"] == (True, "stamp_holds")


def test_with_lists_inside_nothing_need_be_fetched() -> None:
    found = report(lasting())
    assert found.version == "PAdES B-LT"
    assert findings(found)["signer_revocation"] == (True, "not_revoked")
    assert findings(found)["later_changes"] == (True, "changes_data")
    assert found.valid_and_trusted


def test_it_outlives_the_certificates() -> None:
    found = report(lasting(), at=NOW + 20 * YEAR)
    assert verdicts(found) == ("ok", "ok", "ok")


def test_without_a_root_nobody_vouches_for_the_signer() -> None:
    found = report(signed_pdf().data, trust=[])
    assert findings(found)["signer_certificate"] == (None, "untrusted")
    assert not found.valid_and_trusted


def test_another_root_of_the_same_name_does_not_vouch() -> None:
    other = certify("江门市 P-256 根证书", None, ca=True)
    found = report(signed_pdf().data, trust=[other.anchor])
    assert found.signer != "ok"


def test_a_changed_byte_is_named() -> None:
    data = signed_pdf().data
    assert data.count(b"20261121090000Z") == 1
    found = report(data.replace(b"20261121090000Z", b"20251121090000Z"))
    assert findings(found)["data_hash"] == (False, "bytes_differ")
    assert found.integrity == "failed"


def test_a_signature_over_other_attributes_is_false() -> None:
    signed, other = signed_pdf(), signed_pdf(small_pdf(3))
    value = signed._value.copy()
    value["signer_infos"][0]["signature"] = other.signature
    der = cms.ContentInfo({"content_type": "signed_data", "content": value}).dump()
    assert findings(report(with_value(signed.data, "Signature1", der)))["signature"] == (False, "signature_false")


def test_a_certificate_swapped_for_another_of_the_same_name_is_named() -> None:
    pki, signed = p256(), signed_pdf()
    twin = certify("江门市人民政府办公室", pki.root, key=pki.unit.key)
    value = signed._value.copy()
    value["certificates"] = [asn1.Certificate.load(twin.der)]
    value["signer_infos"][0]["sid"] = {
        "issuer_and_serial_number": {
            "issuer": asn1.Certificate.load(twin.der).issuer,
            "serial_number": twin.certificate.serial_number,
        }
    }
    der = cms.ContentInfo({"content_type": "signed_data", "content": value}).dump()
    assert report(with_value(signed.data, "Signature1", der)).integrity == "failed"


def test_a_certificate_out_of_date_when_it_signed_is_named() -> None:
    pki = p256()
    old = certify("旧单位", pki.root, start=NOW - YEAR, end=NOW + DAY)
    signed = signed_pdf(signer=old)
    assert report(signed.data, at=NOW + 2 * DAY).valid_and_trusted
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority, NOW + 3 * DAY))
    found = report(stamped.data, at=NOW + 4 * DAY)
    assert findings(found)["certificate_period"] == (False, "outside")
    assert findings(found)["signer_certificate"][0] is False
    assert found.time == "failed"


def test_a_certificate_that_may_not_sign_is_named() -> None:
    found = report(signed_pdf(signer=p256().root).data)
    assert findings(found)["signer_certificate"] == (False, "path_broken")


def test_a_time_ahead_of_the_check_is_named() -> None:
    found = report(signed_pdf().data, at=NOW - DAY)
    assert findings(found)["signing_time"] == (False, "time_future")
    assert not found.valid_and_trusted


def test_a_stamp_for_another_signature_is_named() -> None:
    signed = signed_pdf()
    token = time_stamp(signed.signature, p256().authority)
    value = signed_pdf(small_pdf(3))._value.copy()
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]})
    value["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])
    der = cms.ContentInfo({"content_type": "signed_data", "content": value}).dump()
    found = report(with_value(signed_pdf(small_pdf(3)).data, "Signature1", der))
    assert findings(found)["time_stamp"] == (False, "stamp_of_other")


def test_a_stamp_by_one_who_may_not_stamp_proves_nothing() -> None:
    signed = signed_pdf()
    found = report(signed.stamped(time_stamp(signed.signature, p256().unit)).data)
    assert findings(found)["time_stamp"] == (False, "stamp_usage")
    assert findings(found)["signing_time"] == (None, "time_claimed")


def test_a_stamp_by_an_unknown_authority_proves_nothing() -> None:
    root = certify("别的根", None, ca=True)
    authority = certify("别的时间戳", root, stamping=True)
    signed = signed_pdf()
    found = report(signed.stamped(time_stamp(signed.signature, authority)).data)
    assert findings(found)["time_stamp"] == (None, "untrusted")
    assert found.time != "ok"


def test_a_signer_revoked_before_is_named() -> None:
    pki = p256()
    crl = revocation_list(pki.root, (pki.unit, NOW - DAY))
    found = report(signed_pdf().data, crls=[crl])
    assert findings(found)["signer_revocation"] == (False, "revoked")
    assert found.signer == "failed"


def test_a_signer_revoked_after_the_proven_time_stays_good() -> None:
    pki = p256()
    crl = revocation_list(pki.root, (pki.unit, NOW + DAY), at=NOW + 2 * DAY)
    assert report(lasting(), at=NOW + 3 * DAY, crls=[crl]).valid_and_trusted


def test_a_signer_revoked_since_with_only_their_own_word_cannot_be_told() -> None:
    pki = p256()
    crl = revocation_list(pki.root, (pki.unit, NOW + DAY), at=NOW + 2 * DAY)
    found = report(signed_pdf().data, at=NOW + 3 * DAY, crls=[crl])
    assert findings(found)["signer_revocation"] == (None, "revoked_since")
    assert not found.valid_and_trusted


def test_lists_asked_for_and_missing_leave_it_unknown() -> None:
    found = report(signed_pdf().data, crls=[])
    assert findings(found)["signer_revocation"] == (None, "revocation_unknown")
    assert found.signer == "unknown"


def test_a_list_of_another_issuer_says_nothing() -> None:
    other = certify("江门市 P-256 根证书", None, ca=True)
    found = report(signed_pdf().data, crls=[revocation_list(other)])
    assert findings(found)["signer_revocation"] == (None, "revocation_unknown")


def test_every_certificate_on_the_way_must_be_spoken_for() -> None:
    """A district's CA between root and unit; its certificate comes in the document security store."""
    pki = p256()
    district = certify("蓬江区 CA", pki.root, ca=True)
    unit = certify("蓬江区人民政府办公室", district)
    signed = signed_pdf(signer=unit)
    assert report(signed.data).signer == "unknown"  # nobody brought the district's certificate along
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority))
    data = stamped.with_validation_data([district.der], [revocation_list(district).der])
    assert findings(report(data))["signer_certificate"] == (True, "trusted")
    assert findings(report(data, crls=[]))["signer_revocation"] == (None, "revocation_unknown")
    assert findings(report(data, crls=[revocation_list(pki.root)]))["signer_revocation"] == (True, "not_revoked")
    revoked = revocation_list(pki.root, (district, NOW - DAY))
    assert findings(report(data, crls=[revoked]))["signer_revocation"] == (False, "revoked")


def test_an_authority_revoked_for_a_stolen_key_proves_nothing() -> None:
    pki, signed = p256(), signed_pdf()
    stamped = signed.stamped(time_stamp(signed.signature, pki.authority)).data
    crl = revocation_list(pki.root, (pki.authority, NOW + DAY), at=NOW + 2 * DAY)
    found = report(stamped, at=NOW + 3 * DAY, crls=[crl])
    assert findings(found)["time_stamp"] == (False, "revoked")


def test_rsa_of_others_is_verified_too() -> None:
    """Made with pyHanko's own signer, as other programs make them."""
    unit = certify("别家单位", p256().root, key=rsa.generate_private_key(65537, 2048))
    data = others_signature(
        small_pdf(), unit, field_name="别家", subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    )
    found = report(data, at=NOW + YEAR / 2)
    assert (found.version, found.id) == ("PKCS #7", "别家")
    assert verdicts(found)[:2] == ("ok", "ok")


def test_it_runs_inside_a_running_loop_and_in_many_threads() -> None:
    data, results = lasting(), []

    async def inside() -> bool:
        return report(data).valid_and_trusted

    assert asyncio.run(inside())
    threads = [threading.Thread(target=lambda: results.append(report(data).valid_and_trusted)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert results == [True] * 4


def test_nothing_is_said_outside_the_report(caplog: pytest.LogCaptureFixture, capfd) -> None:
    report(signed_pdf(signer=p256().root).data, trust=[])
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_an_unsigned_pdf_has_no_signatures_and_is_not_valid() -> None:
    found = verify(small_pdf(), trust=[], at=NOW)
    assert (found.readable, found.signatures, found.valid_and_trusted) == (True, (), False)


def test_what_cannot_be_read_is_reported_not_raised() -> None:
    found = verify(b"%PDF-1.7\n%%EOF", trust=[], at=NOW)
    assert (found.readable, found.error) == (False, "broken")


def test_a_naive_time_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        verify(small_pdf(), trust=[], at=NOW.replace(tzinfo=None))


def test_the_report_is_plain_values() -> None:
    plain = verify(signed_pdf().data, trust=p256().trust, at=LATER).to_json("a.pdf")
    assert plain["signatures"][0]["integrity"] == "ok"
    assert all(step.title_zh and step.note_zh for step in report(signed_pdf().data).steps)
