"""Evidence packages: whole or not, and what each fault is called."""

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import core

from support.evidence import AT, CENTRE, packed, parts, repacked, unit, verified
from support.seals import NOW, make_holder, pki
from yichuan.lib.evidence import looks_like_evidence, verify_evidence
from yichuan.lib.gm.x509 import Profile

DAY = timedelta(days=1)


def findings(data: bytes) -> dict[str, str]:
    return {step.name: step.finding for step in verified(data).steps}


def test_a_package_is_whole_and_its_document_valid_years_later_with_the_root_alone() -> None:
    evidence = verify_evidence(packed(), trust=pki().trust, at=AT + 100 * DAY)
    assert evidence.whole == "ok", evidence.steps
    assert evidence.valid_and_trusted, evidence.document
    assert evidence.manifest is not None
    assert (evidence.manifest.centre, evidence.manifest.number) == (CENTRE, "江府办〔2008〕44号")
    json.dumps(evidence.to_json())


def test_without_a_root_nothing_is_held_against_a_package() -> None:
    evidence = verify_evidence(packed(), trust=[], at=AT + DAY)
    assert (evidence.whole, evidence.log, evidence.valid_and_trusted) == ("unknown", "unknown", False)
    assert not [step.finding for step in evidence.steps if step.ok is False]


def test_its_document_is_verified_as_of_the_packing() -> None:
    """The lists inside have run out long since; that they were fresh when it was packed is what the stamp proves."""
    document = verify_evidence(packed(), trust=pki().trust, at=AT + 100 * DAY).document
    assert document is not None
    said = {step.name: step.finding for step in document.report.signatures[0].steps}
    assert (said["seal_status"], said["signer_revocation"]) == ("status_good", "not_revoked")


def test_a_missing_part_is_named() -> None:
    data = repacked(packed(), drop="status/1.der")
    assert findings(data)["parts_missing"] == "parts_missing"
    assert "status/1.der" in next(step.note_zh for step in verified(data).steps if step.name == "parts_missing")


def test_a_missing_document_leaves_nothing_to_verify() -> None:
    evidence = verified(repacked(packed(), drop="document.ofd"))
    assert (evidence.document, evidence.valid_and_trusted) == (None, False)


def test_a_changed_part_is_named_and_not_used() -> None:
    data = repacked(packed(), put={"document.ofd": b"another"})
    assert findings(data)["parts_changed"] == "parts_changed"
    assert verified(data).document is None


def test_a_foreign_part_is_named() -> None:
    data = repacked(packed(), put={"seals/9.esl": b"smuggled"})
    assert findings(data)["parts_foreign"] == "parts_foreign"
    assert verified(data).whole == "failed"


def test_a_part_listed_twice_is_named() -> None:
    assert findings(packed([*parts(), parts()[0]]))["parts_doubled"] == "parts_doubled"


def test_an_entry_that_stands_twice_in_the_zip_is_refused() -> None:
    out = BytesIO(packed())
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("document.ofd", b"another")
    evidence = verified(out.getvalue())
    assert (evidence.error, evidence.valid_and_trusted) == ("name_clash", False)


def test_a_manifest_written_anew_is_not_the_centres_word() -> None:
    with zipfile.ZipFile(BytesIO(packed())) as archive:
        said = json.loads(archive.read("manifest.json"))
    said["number"] = "江府办〔2008〕45号"
    assert findings(repacked(packed(), put={"manifest.json": json.dumps(said).encode()}))["data_hash"] == "hash_differs"


def test_a_units_own_key_packs_no_evidence() -> None:
    evidence = verified(packed(signer=unit()))
    assert {step.name: step.finding for step in evidence.steps}["packer"] == "packer_foreign"
    assert evidence.whole == "failed"


def test_nor_does_a_persons_of_the_centre() -> None:
    evidence = verified(packed(signer=make_holder(Profile.CLIENT, "系统管理员", pki().root)))
    assert {step.name: step.finding for step in evidence.steps}["packer"] == "packer_foreign"


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"[]", b"{", b'{"format": "another"}', b"[" * 100_000,
        b'{"format": "yichuan-evidence", "version": 1, "version": 1}',
        b'{"format": "yichuan-evidence", "version": 1, "packed": "2026-01-01T00:00:00", "parts": []}',
        b'{"format": "yichuan-evidence", "version": 1, "packed": "2026-01-01T00:00:00Z", "parts": [7]}',
    ],
    ids=["empty", "a list", "cut off", "another format", "deep", "a name twice", "no zone", "no part"],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(manifest: bytes) -> None:
    assert verified(repacked(packed(), put={"manifest.json": manifest})).error == "manifest_invalid"


@pytest.mark.parametrize("name", ["../x.ofd", "a/b/c.ofd", "Document.OFD", "document.ofd\n", "x" * 300])
def test_a_part_may_not_be_called_anything(name: str) -> None:
    with zipfile.ZipFile(BytesIO(packed())) as archive:
        said = json.loads(archive.read("manifest.json"))
    said["parts"][0]["name"] = name
    assert verified(repacked(packed(), put={"manifest.json": json.dumps(said).encode()})).error == "manifest_invalid"


def test_a_signature_that_cannot_be_read_is_a_failed_step() -> None:
    assert verified(repacked(packed(), put={"manifest.p7s": core.Integer(1).dump()})).whole == "failed"
    assert verified(repacked(packed(), drop="manifest.p7s")).whole == "failed"


def test_what_is_no_package_does_not_look_like_one() -> None:
    assert looks_like_evidence(packed())
    assert not looks_like_evidence(b"PK\x03\x04")
    assert not looks_like_evidence(parts()[0][2])
    assert NOW < AT


@pytest.mark.parametrize(
    "title", ["印发\u3000办法的通知", "印发\u00a0办法的通知", "印发\n办法的通知", "印发\u200b办法的通知"]
)
def test_whatever_the_title_the_package_can_be_read(title: str) -> None:
    found = verified(packed(title=title))
    assert found.valid_and_trusted
    assert found.manifest is not None and found.manifest.title.split() == ["印发", "办法的通知"]
