"""Verifying an OFD: what is wrong is named, step by step."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from support.seals import (
    NOW,
    PNG,
    YEAR,
    changed,
    make_holder,
    make_root,
    make_seal,
    pki,
    sealed_ofd,
    small_ofd,
)
from support.verified import LIST, SEAL, SIGNATURE, VALUE, check, failed, original_xml, resigned, verdicts
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.ofd.package import Package
from yichuan.lib.ofd.report import INTEGRITY, SIGNER, TIME
from yichuan.lib.ofd.report import LIST as LIST_STEPS
from yichuan.lib.ofd.report import SEAL as SEAL_STEPS
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.findings import TITLES_ZH
from yichuan.lib.ses.model import Picture


def test_a_good_document_passes_every_step_but_the_proof_of_time():
    signature = check(sealed_ofd())
    assert verdicts(signature) == ("ok", "ok", "ok", "unknown")
    undecided = {step.name: step.note for step in signature.steps if step.ok is not True}
    assert undecided == {
        "revocation": "no revocation list was given: not checked",
        "signing_time": "2026-11-21T09:00:00Z, by the signer's own clock",
        "time_stamp": "no time stamp: the time is the signer's word",
    }


def test_the_report_as_json_has_exactly_the_published_fields():
    shown = verify(sealed_ofd(), trust=pki().trust, at=NOW).to_json("a.ofd")
    assert list(shown) == ["file", "readable", "signatures", "permissions", "notes", "entries_list"]
    (signature,) = shown["signatures"]
    assert list(signature) == ["id", "kind", "version", "integrity", "seal", "signer", "time", "coverage", "steps"]
    assert signature["coverage"] == {"whole": False, "uncovered": []}
    assert all(list(step) == ["name", "ok", "note"] for step in signature["steps"])


def test_every_verdict_rests_on_steps_that_exist():
    informing = {"deviations", "coverage", "revocation"}
    of_packages = {
        "manifest", "parts_missing", "parts_changed", "parts_doubled", "parts_foreign", "parts_required", "packer",
        "certificate_root", "log_lines", "checkpoint", "checkpoint_revocation", "entries", "marks", "receipts",
        "consistency", "digest", "kept_checkpoint",
    }  # fmt: skip
    assert set(TITLES_ZH) - informing - of_packages == INTEGRITY | SEAL_STEPS | SIGNER | TIME | LIST_STEPS


@pytest.mark.parametrize("name", [n for n in Package.open(sealed_ofd()).names() if n not in (LIST, SIGNATURE, VALUE)])
def test_a_changed_byte_is_named(name):
    data = bytearray(Package.open(sealed_ofd()).read(name))
    data[len(data) // 2 if name != "OFD.xml" else data.index(b"2008")] ^= 1
    signature = check(changed(sealed_ofd(), {name: bytes(data)}))
    assert failed(signature)["references"] == f"changed or missing since signing: {name}"
    assert signature.integrity == "failed"
    assert not signature.valid_and_trusted


def test_a_missing_file_is_named():
    signature = check(changed(sealed_ofd(), {"Doc_0/Res/font.otf": None}))
    assert "/Doc_0/Res/font.otf" in failed(signature)["references"]


def test_a_changed_signature_file_is_found_by_its_digest():
    moved = original_xml().replace(b'Boundary="117.5', b'Boundary="17.5')
    signature = check(changed(sealed_ofd(), {SIGNATURE: moved}))
    assert list(failed(signature)) == ["data_hash"]
    assert signature.integrity == "failed"


def test_a_signature_value_of_another_document_does_not_fit():
    other = Package.open(sealed_ofd(small_ofd(marker="江府办〔2008〕45号")))
    signature = check(changed(sealed_ofd(), {VALUE: other.read(VALUE)}))
    assert list(failed(signature)) == ["data_hash"]


def test_a_changed_signed_value_fails_the_maths():
    value = bytearray(Package.open(sealed_ofd()).read(VALUE))
    value[-3] ^= 1
    assert "signature" in failed(check(changed(sealed_ofd(), {VALUE: bytes(value)})))


def test_a_swapped_seal_file_is_told_apart():
    other = make_seal(pki().maker, pki().unit, name="江门市人民政府")
    signature = check(changed(sealed_ofd(), {SEAL: other.der}))
    assert {"references", "seal_file"} <= set(failed(signature))


def test_a_stranger_using_the_seal_is_named():
    signature = check(resigned(original_xml(), signer=pki().stranger))
    assert verdicts(signature) == ("ok", "ok", "failed", "unknown")
    assert "江门市环境保护局" in failed(signature)["signer_in_seal_list"]
    assert not signature.valid_and_trusted


def test_a_seal_with_an_altered_picture_is_not_its_makers():
    other = make_seal(pki().maker, pki().unit, picture=Picture("png", PNG[:-1] + b"\0", 45, 45))
    info_at, info = pki().seal.der.index(PNG), other.picture.data
    altered = replace(pki().seal, der=pki().seal.der[:info_at] + info + pki().seal.der[info_at + len(info) :])
    xml = original_xml()
    data = changed(resigned(xml, seal=altered), {SEAL: altered.der})
    signature = check(data)
    assert signature.seal == "failed"
    assert list(failed(signature)) == ["references", "seal_maker_signature"]


def test_a_seal_that_a_unit_made_for_itself_is_refused():
    own = make_seal(pki().stranger, pki().stranger)
    signature = check(resigned(original_xml(), seal=own, signer=pki().stranger))
    assert "seal_maker_certificate" in failed(signature)
    assert signature.seal == "failed"


def test_an_untrusted_root_leaves_seal_and_signer_unknown():
    for trust in ([], [make_root("别的根").certificate], [make_root().certificate]):
        signature = check(sealed_ofd(), trust=trust)
        assert verdicts(signature) == ("ok", "unknown", "unknown", "unknown")
        assert not signature.valid_and_trusted


def test_a_root_of_the_same_name_does_not_stand_in_for_the_trusted_one():
    root = make_root()
    maker, unit = make_holder(Profile.SEAL_MAKER, "制章", root), make_holder(Profile.SIGNER, "单位", root)
    data = sealed_ofd(seal=make_seal(maker, unit), signer=unit)
    assert not check(data).valid_and_trusted
    assert check(data, trust=[root.certificate]).valid_and_trusted


def test_a_time_outside_the_seals_period_fails_the_time_alone():
    signature = check(resigned(original_xml(), at=NOW - YEAR * 0.75))
    assert verdicts(signature) == ("ok", "ok", "ok", "failed")
    assert list(failed(signature)) == ["seal_period"]
    assert not signature.valid_and_trusted


def test_a_time_outside_the_certificates_period_fails():
    late = make_holder(Profile.SIGNER, "江门市水利局", pki().root, start=NOW)
    seal = make_seal(pki().maker, late)
    signature = check(resigned(original_xml(), seal=seal, signer=late, at=NOW - YEAR / 4))
    assert "certificate_period" in failed(signature)
    assert signature.time == "failed"


def test_a_time_ahead_of_the_check_fails_but_clocks_may_differ_a_little():
    assert check(sealed_ofd(), at=NOW - timedelta(hours=1)).time == "failed"
    assert check(sealed_ofd(), at=NOW - timedelta(minutes=1)).time == "unknown"


def test_a_seal_that_ran_out_since_is_still_good_for_what_it_sealed():
    assert check(sealed_ofd(), at=NOW + 2 * YEAR).valid_and_trusted


def test_no_references_protect_nothing():
    xml = re.sub(rb"<ofd:Reference .*?</ofd:Reference>", b"", original_xml())
    assert failed(check(resigned(xml)))["references"] == "no file is protected"


@pytest.mark.parametrize(
    ("method", "integrity"), [(b"MD5", "failed"), (b"sha256", "failed"), (b"sm3", "ok"), (b"whirlpool", "unknown")]
)
def test_the_digest_method_is_taken_at_its_word(method, integrity):
    xml = original_xml().replace(b'CheckMethod="1.2.156.10197.1.401"', b'CheckMethod="' + method + b'"')
    assert check(resigned(xml)).integrity == integrity


def test_a_seal_that_is_drawn_without_being_signed_with_fails():
    data = changed(sealed_ofd(), {VALUE: pki().unit.key.sign(original_xml())})
    signature = check(data)
    assert signature.version == "bare"
    assert "holds none" in failed(signature)["seal_structure"]


@pytest.mark.parametrize(("entry", "name"), [(SIGNATURE, "signature_file"), (VALUE, "structure")])
def test_a_missing_part_of_the_signature_is_a_failed_step(entry, name):
    signature = check(changed(sealed_ofd(), {entry: None}))
    assert name in failed(signature)
    assert signature.integrity == "failed"
    assert signature.version == "unknown"


def test_an_unsigned_document_is_readable_and_has_no_signatures():
    report = verify(small_ofd(), trust=pki().trust, at=NOW)
    assert (report.readable, report.signatures, report.notes) == (True, (), ())
    assert not report.valid_and_trusted


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_zip"),
        (b"%PDF-1.7", "not_a_zip"),
        (changed(small_ofd(), {"OFD.xml": None}), "not_ofd"),
        (changed(small_ofd(), {"OFD.xml": b"<ofd"}), "xml_invalid"),
        (changed(small_ofd(), {"Doc_0/Document.xml": None}), "no_document"),
    ],
)
def test_what_is_no_document_is_unreadable_with_a_code(data, code):
    report = verify(data, trust=[], at=NOW)
    assert (report.readable, report.error, report.signatures) == (False, code, ())


def test_signatures_are_checked_even_where_the_document_no_longer_opens():
    report = verify(changed(sealed_ofd(), {"Doc_0/Document.xml": b"<gone"}), trust=pki().trust, at=NOW)
    assert (report.readable, report.error) == (False, "xml_invalid")
    assert "Doc_0/Document.xml" in failed(report.signatures[0])["references"]


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="aware"):
        verify(small_ofd(), trust=[], at=datetime(2026, 11, 21))  # noqa: DTZ001 - naive on purpose


def test_threads_get_the_verdicts_of_their_own_documents():
    value = bytearray(Package.open(sealed_ofd()).read(VALUE))
    value[-3] ^= 1
    good, broken = sealed_ofd(), changed(sealed_ofd(), {VALUE: bytes(value)})
    stranger = resigned(original_xml(), signer=pki().stranger)
    documents = [good, broken, stranger] * 12
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda data: verify(data, trust=pki().trust, at=NOW).valid_and_trusted, documents))
    assert found == [True, False, False] * 12
