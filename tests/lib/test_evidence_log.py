"""What a package holds of the log: whatever is altered, taken out, put in, doubled or moved is found and named."""

import json
from collections.abc import Callable

import pytest

from support.evidence import NAMES, STRANGE, Lines, day, faults, packed, parts, repacked, verified, with_lines
from support.seals import make_holder, make_root, pki
from support.small_log import BOX, SmallLog, a_day
from yichuan.lib.evidence import Form, write_lines
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Profile


def resigned(role: str, change: Callable[[Lines], Lines]) -> bytes:
    """The same by somebody who has the centre's key for packages too."""
    log, places = day()
    of_log = log.parts(places, earlier=[3, 5])
    return packed(parts(of_log | {role: write_lines(change(of_log[role].splitlines()))}))


def edited(line: bytes, old: str, new: str) -> bytes:
    assert old.encode() in line
    return line.replace(old.encode(), new.encode(), 1)


def hashes_moved(line: bytes) -> bytes:
    said = json.loads(line)
    return json.dumps(said | {"hashes": said["hashes"][::-1]}).encode()


CHANGES: list[tuple[str, str, Callable[[Lines], Lines], str, str]] = [
    ("entries", "altered", lambda of: [edited(of[0], "exchange.send", "exchange.sand"), *of[1:]], "entries_unproven",
     "exchange.sand 2026-11-21T09:01:00"),
    ("entries", "deleted", lambda of: of[1:], "entries_missing", "#2"),
    ("entries", "inserted", lambda of: [*of, STRANGE], "entries_foreign", "exchange.send 2026-11-21 x"),
    ("entries", "doubled", lambda of: [of[0], *of], "entries_doubled", "exchange.send"),
    ("entries", "reordered", lambda of: [of[1], of[0], *of[2:]], "entries_disordered", "#2"),
    ("entries", "cut off", lambda of: [*of[:-1], of[-1][:-9]], "log_unread", "entries.jsonl:5"),
    ("proofs", "altered", lambda of: [hashes_moved(of[0]), *of[1:]], "entries_unproven", "exchange.send"),
    ("proofs", "of another place", lambda of: [edited(of[0], '"index":1', '"index":2'), *of[1:]], "entries_unproven",
     "exchange.send"),
    ("proofs", "deleted", lambda of: of[1:], "entries_missing", "#2"),
    ("proofs", "doubled", lambda of: [of[0], *of], "entries_doubled", "#2"),
    ("proofs", "reordered", lambda of: [of[1], of[0], *of[2:]], "entries_disordered", "#2"),
    ("proofs", "cut off", lambda of: [of[0][:-9], *of[1:]], "log_unread", "proofs.jsonl:1"),
    ("receipts", "altered", lambda of: [edited(of[0], "signed_for", "returned"), *of[1:]], "receipts_changed",
     "receipt-0"),
    ("receipts", "deleted", lambda of: of[1:], "receipts_missing", "receipt-0"),
    ("receipts", "inserted", lambda of: [*of, edited(of[0], "receipt-0", "receipt-7")], "receipts_foreign",
     "receipt-7"),
    ("receipts", "doubled", lambda of: [of[0], *of], "receipts_doubled", "receipt-0"),
    ("receipts", "exchanged", lambda of: [edited(of[1], "receipt-1", "receipt-0"),
                                          edited(of[0], "receipt-0", "receipt-1")], "receipts_changed",
     "receipt-0, receipt-1"),
    ("receipts", "cut off", lambda of: [of[0], of[1][:-9]], "log_unread", "receipts.jsonl:2"),
    ("consistency", "altered", lambda of: [edited(of[0], '"size":3', '"size":2'), *of[1:]], "consistency_broken",
     "2·"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "change", "finding", "named"),
    [(role, change, finding, named) for role, _, change, finding, named in CHANGES],
    ids=[f"{role} {what}" for role, what, *_ in CHANGES],
)
def test_what_was_changed_after_the_packing_is_named(
    role: str, change: Callable[[Lines], Lines], finding: str, named: str
) -> None:
    evidence = verified(with_lines(role, change))
    assert named in faults(evidence)[finding]
    assert (evidence.whole, evidence.log, evidence.valid_and_trusted) == ("failed", "failed", False)


@pytest.mark.parametrize(
    ("role", "change", "finding"),
    [(role, change, finding) for role, _, change, finding, _ in CHANGES],
    ids=[f"{role} {what}" for role, what, *_ in CHANGES],
)
def test_so_is_what_the_packer_changed(role: str, change: Callable[[Lines], Lines], finding: str) -> None:
    """The key for packages is not the key of the log."""
    evidence = verified(resigned(role, change))
    assert finding in faults(evidence)
    assert (evidence.whole, evidence.log) == ("ok", "failed")


def test_an_entry_with_its_proof_taken_out_is_named_by_its_place() -> None:
    log, places = day()
    fewer = log.parts([place for place in places if place != 3])
    data = repacked(packed(), put={NAMES[role]: fewer[role] for role in ("entries", "proofs")})
    assert "#4" in faults(verified(data))["entries_missing"]


def test_one_put_in_with_its_proof_is_named_by_its_place() -> None:
    log, places = day()
    more = log.parts(sorted([*places, 0]))
    data = repacked(packed(), put={NAMES[role]: more[role] for role in ("entries", "proofs")})
    assert "#1" in faults(verified(data))["entries_foreign"]


@pytest.mark.parametrize("part", [name for name, _, _ in parts()])
def test_every_part_that_is_taken_out_or_changed_or_listed_twice_is_named(part: str) -> None:
    said = {step.finding: step.note_zh for step in verified(repacked(packed(), drop=part)).steps}
    assert part in said["parts_missing"]
    altered = verified(repacked(packed(), put={part: b"another"}))
    assert part in {step.finding: step.note_zh for step in altered.steps}["parts_changed"]
    assert not altered.valid_and_trusted
    twice = verified(packed([*parts(), *(each for each in parts() if each[0] == part)]))
    assert part in {step.finding: step.note_zh for step in twice.steps}["parts_doubled"]
    assert not twice.valid_and_trusted


@pytest.mark.parametrize("role", ["document", "entries", "proofs", "receipts", "checkpoint", "summary"])
def test_what_every_package_needs_once_is_asked_for(role: str) -> None:
    without = verified(packed([part for part in parts() if part[1] != role]))
    assert role in faults(without)["parts_required"]
    again = [("again.bin", kind, data) for _, kind, data in parts() if kind == role]
    assert role in faults(verified(packed([*parts(), *again])))["parts_required"]


def test_an_altered_checkpoint_is_none_of_the_centres() -> None:
    text = day()[0].signed().replace("\n9\n", "\n8\n")
    assert "checkpoint_unsigned" in faults(verified(repacked(packed(), put={"checkpoint.txt": text.encode()})))
    assert "checkpoint_unreadable" in faults(verified(repacked(packed(), put={"checkpoint.txt": b"\xff"})))


def test_proofs_of_another_centre_lead_nowhere() -> None:
    """Its checkpoint is signed as ours are, by a key of a root that nobody here trusts."""
    stranger = make_holder(Profile.SIGNER, "广州市日志检查点签名", make_root("广州市电子公文交换中心根证书"))
    log, places = day()
    foreign = log.parts(places) | {"checkpoint": log.signed(signer=stranger).encode()}
    given = [*parts(foreign), ("certificates/3.cer", "certificate", stranger.certificate.der)]
    evidence = verified(packed(given))
    assert list(faults(evidence)) == ["checkpoint_unsigned"]
    assert (evidence.log, evidence.valid_and_trusted) == ("failed", False)


def test_no_other_key_of_the_centre_signs_checkpoints() -> None:
    log, places = day()
    own = log.parts(places) | {"checkpoint": log.signed(signer=pki().unit).encode()}
    given = [*parts(own), ("certificates/3.cer", "certificate", pki().unit.certificate.der)]
    assert "checkpoint_unsigned" in faults(verified(packed(given)))


def test_a_truncated_log_proves_nothing() -> None:
    """The checkpoint of the log without its last entries; the proofs are of the whole."""
    log, places = day()
    cut = log.parts(places) | {"checkpoint": log.signed(6).encode()}
    found = faults(verified(packed(parts(cut))))
    assert "entries_unproven" in found


def test_a_receipt_of_another_document_is_named() -> None:
    log, places = day()
    log = SmallLog(log.digest, list(log.entries), list(log.receipts))
    log.digest = "0" * 64
    more = log.parts([*places, log.receive("returned")])
    given = packed(parts(more), places=[*places, len(log.entries) - 1])
    assert "receipt-2" in faults(verified(given))["receipts_elsewhere"]


def test_a_receipt_that_no_box_signed_is_named_though_it_stands_in_the_log() -> None:
    log, places = a_day(day()[0].digest)
    place = log.receive("returned", _Forger())  # type: ignore[arg-type]
    given = packed(parts(log.parts([*places, place])), places=[*places, place])
    assert "receipt-2" in faults(verified(given))["receipts_unsigned"]


class _Forger:
    """Names the box's key and signs with its own."""

    public = BOX.public

    def sign(self, message: bytes) -> bytes:
        return PrivateKey.generate().sign(message)


def test_another_documents_digest_is_none_of_the_log() -> None:
    evidence = verified(packed(of="0" * 64))
    assert "digest_of_another" in faults(evidence)
    assert not evidence.valid_and_trusted


def test_the_auditors_form_has_no_body_and_its_digest_is_proven_by_the_log() -> None:
    given = [part for part in parts() if part[1] not in ("document", "seal")]
    evidence = verified(packed(given, form=Form.AUDITOR))
    assert evidence.valid_and_trusted, evidence.steps
    assert evidence.document is None
    assert evidence.manifest is not None
    assert evidence.manifest.title == ""
    assert "digest_in_log" in {step.finding for step in evidence.steps}


def test_a_digest_that_only_the_packer_names_is_not_proven() -> None:
    log, _ = day()
    bare = SmallLog(log.digest, list(log.entries))
    given = [part for part in parts(bare.parts([0])) if part[1] != "document"]
    evidence = verified(packed(given, form=Form.AUDITOR, places=[0]))
    assert evidence.log == "unknown"
    assert "digest_not_in_log" in {step.finding for step in evidence.steps}
