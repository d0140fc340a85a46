"""The verdicts on files of other makers (manifest.tsv beside the samples says what each is)."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yichuan.lib.ofd.report import SignatureReport
from yichuan.lib.ofd.verifying import verify
from yichuan.lib.ses.model import parse_seal, parse_signature
from yichuan.lib.ses.verify import content_steps, seal_steps

pytestmark = pytest.mark.samples
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def sample(samples: Path) -> Callable[[str], bytes]:
    """Reads one sample; skips when it is not here."""

    def read(name: str) -> bytes:
        path = samples / "ofd" / name
        if not path.exists():
            pytest.skip(f"sample {name} is not here")
        return path.read_bytes()

    return read


@pytest.fixture
def signatures(sample: Callable[[str], bytes]) -> Callable[[str], tuple[SignatureReport, ...]]:
    """The report on each signature of a sample, no root trusted."""
    return lambda name: verify(sample(name), trust=[], at=AT).signatures


def failed(signature: SignatureReport) -> dict[str, str]:
    return {step.name: step.note for step in signature.steps if step.ok is False}


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("all-protected.ofd", ["v4"]),
        ("easyofd-java-sign-ber.ofd", ["35275"]),
        ("invoice-999-5p.ofd", ["v4"]),
        ("peer-5p-sign35275.ofd", ["35275"]),
        ("peer-5p-v4-ride.ofd", ["v4"]),
        ("peer-5p-v4-then-v1-whole.ofd", ["v4", "v1"]),
        ("ride-6p.ofd", ["v4"]),
    ],
)
def test_sound_signatures_of_other_makers_hold_but_nobody_here_vouches_for_them(signatures, name, versions):
    found = signatures(name)
    assert [each.version for each in found] == versions
    assert [each.integrity for each in found] == ["ok"] * len(versions)
    assert {(each.seal, each.signer) for each in found} == {("unknown", "unknown")}
    assert not any(each.valid_and_trusted for each in found)


def test_a_stranger_with_a_sound_signature_is_rejected(signatures):
    (signature,) = signatures("peer-forge-not-in-list.ofd")
    assert (signature.integrity, signature.signer) == ("ok", "failed")
    assert list(failed(signature)) == ["signer_in_seal_list"]


def test_a_seal_with_an_altered_picture_is_rejected(signatures):
    (signature,) = signatures("peer-forge-seal.ofd")
    assert (signature.integrity, signature.seal) == ("ok", "failed")
    assert list(failed(signature)) == ["seal_maker_signature"]


def test_the_tampered_document_is_named(signatures):
    (signature,) = signatures("invoice-tampered-doc.ofd")
    assert failed(signature) == {"references": "changed or missing since signing: Doc_0/Document.xml"}


def test_the_second_seal_that_broke_the_first_is_named(signatures):
    first, second = signatures("two-seals-first-broken.ofd")
    assert failed(first) == {"references": "changed or missing since signing: Doc_0/Signs/Signatures.xml"}
    assert second.integrity == "ok"


def test_a_broken_v1_document_fails_throughout(signatures):
    (signature,) = signatures("v1-n-broken.ofd")
    assert signature.integrity == "failed"
    assert {"references", "data_hash", "signature"} <= set(failed(signature))
    assert failed(signature)["references"].count("Doc_0") + 1 == 6


def test_a_seal_used_after_it_ran_out_fails_the_time(signatures):
    (signature,) = signatures("ride-6p.ofd")
    assert (signature.time, set(failed(signature))) == ("failed", {"seal_period", "certificate_period"})


def test_whole_protection_and_what_it_leaves_out_are_told(signatures):
    assert signatures("all-protected.ofd")[0].coverage.whole
    assert signatures("invoice-999-5p.ofd")[0].coverage.uncovered == ("OFD.xml",)


def test_a_document_that_leads_nowhere_is_unreadable(sample):
    report = verify(sample("broken-docroot.ofd"), trust=[], at=AT)
    assert (report.readable, report.error) == (False, "no_document")


@pytest.mark.parametrize("name", ["helloworld", "peer-5p", "dangling-signatures", "ns-nonstd", "wps-11p"])
def test_unsigned_documents_are_readable_and_have_no_signatures(sample, name):
    report = verify(sample(f"{name}.ofd"), trust=[], at=AT)
    assert (report.readable, report.signatures) == (True, ())


@pytest.mark.parametrize(
    ("name", "version"), [("esl-v1.esl", "v1"), ("esl-v1-ber.esl", "v1"), ("esl-v5.esl", "v5"), ("sv-v4.dat", "v4")]
)
def test_seals_alone_are_their_makers(sample, name, version):
    data = sample(name)
    seal = parse_signature(data).seal if name.endswith(".dat") else parse_seal(data)
    assert seal is not None
    steps = {step.name: step.ok for step in seal_steps(seal, trust=[], at=AT)}
    assert (seal.version, steps["seal_maker_signature"]) == (version, True)


def test_a_v1_pair_of_another_vendor_holds(sample):
    signature = parse_signature(sample("sigvec-v1-kinggrid/SignedValue.dat"))
    steps = content_steps(signature, sample("sigvec-v1-kinggrid/Signature.xml"))
    assert [step.ok for step in steps] == [True, True, True]
    assert signature.seal is not None
    assert [step.ok for step in seal_steps(signature.seal, trust=[], at=AT)][:2] == [True, True]


def test_the_verdicts_agree_with_the_manifest(samples):
    table = samples / "ofd" / "manifest.tsv"
    if not table.exists():
        pytest.skip("the manifest of the samples is not here")
    with table.open(encoding="utf-8", newline="") as rows:
        signed = [row for row in csv.DictReader(rows, delimiter="\t") if row["file"].endswith(".ofd")]
    signed = [row for row in signed if row["signatures"] not in ("no", "-")]
    assert len(signed) >= 12
    for row in signed:
        found = verify((samples / "ofd" / row["file"]).read_bytes(), trust=[], at=AT).signatures
        expected = row["own_verifier_result"]
        if expected == "must fail":
            assert "failed" in (found[0].seal, found[0].signer), row["file"]
            continue
        said = expected.split(";") if len(found) == expected.count(";") + 1 else [expected] * len(found)
        verdicts = ["failed" if each.startswith("BAD") else "ok" for each in said]
        assert [each.integrity for each in found] == verdicts, row["file"]
