"""The checks on what a package holds of the log: checkpoint, entries, receipts, and the digest they speak of.

Each part is proven by itself, so what was changed after the packing is still read here: only so can be said which
entry or receipt it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.merkle import Checkpoint, leaf_hash, verify_consistency, verify_inclusion
from yichuan.lib.ses.steps import Step, listed, step

from .log_reading import (
    Earlier,
    Entry,
    Proof,
    ReceiptPart,
    called,
    earlier_of,
    entry_of,
    proof_of,
    read_lines,
    receipt_of,
)

LOG = frozenset(("parts_required", "log_lines", "checkpoint", "entries", "receipts", "consistency", "digest"))
"""The steps that decide whether what a package says of the log holds."""
MARKS = "marks"
"""A warning beside them: an entry without the centre's mark stands in the log all the same."""
RECEIPT = "exchange.receipt"
SEND = "exchange.send"


@dataclass(frozen=True)
class LogParts:
    """What was read of them, and the places of lines that could not be read."""

    entries: list[Entry]
    proofs: list[Proof]
    receipts: list[ReceiptPart]
    earlier: list[Earlier]
    unread: list[str]

    @classmethod
    def read(cls, parts: Mapping[str, bytes]) -> LogParts:
        """From the parts by their role."""
        unread: list[str] = []
        found: dict[str, list[object]] = {}
        readers: dict[str, Callable[[bytes], object]] = {
            "entries": entry_of, "proofs": proof_of, "receipts": receipt_of, "consistency": earlier_of,
        }  # fmt: skip
        for role, reader in readers.items():
            found[role], faults = read_lines(f"{role}.jsonl", parts.get(role, b""), reader)
            unread += faults
        return cls(found["entries"], found["proofs"], found["receipts"], found["consistency"], unread)  # type: ignore[arg-type]


def log_steps(parts: LogParts, checkpoint: Checkpoint, *, numbers: Sequence[int], digest: str) -> list[Step]:
    """The steps on everything that stands in the log, against a checkpoint whose signature is checked elsewhere.

    `numbers` are the places of the entries as the manifest lists them; `digest` is the document's, hexadecimal.
    """
    steps = [step("log_lines", False, "log_unread", names=listed(parts.unread))] if parts.unread else []
    proven, found = _entries(parts, checkpoint, numbers)
    steps += found
    if unmarked := [each.name for each in proven if not each.marked]:
        steps.append(step(MARKS, None, "entries_unmarked", count=len(unmarked), names=listed(unmarked)))
    steps += _receipts(parts.receipts, proven, digest)
    steps += _consistency(parts.earlier, checkpoint)
    steps.append(_digest(parts.receipts, proven, digest))
    return steps


def _entries(parts: LogParts, checkpoint: Checkpoint, numbers: Sequence[int]) -> tuple[list[Entry], list[Step]]:
    """The entries that are proven, and a step for each way in which others are not."""
    entries, proofs = {each.uid: each for each in parts.entries}, {each.uid: each for each in parts.proofs}
    wanted, there = set(numbers), {each.index for each in parts.proofs}
    good = [each for each in entries.values() if each.uid in proofs and _stands(each, proofs[each.uid], checkpoint)]
    proven = {each.uid for each in good}
    places = [proofs[each.uid] for each in parts.entries if each.uid in proofs]
    faults = {
        "unproven": [each.name for each in entries.values() if each.uid in proofs and each.uid not in proven],
        "missing": [each.name for each in parts.proofs if each.uid not in entries]
        + [called(index) for index in numbers if index not in there],
        "foreign": [each.name for each in parts.entries if each.uid not in proofs]
        + [each.name for each in parts.proofs if each.index not in wanted],
        "doubled": [entries[uid].name for uid in _twice(each.uid for each in parts.entries)]
        + _twice(each.name for each in parts.proofs),
        "disordered": _disordered(places) + _disordered(parts.proofs),
    }
    steps = [_fault("entries", kind, names) for kind, names in faults.items() if names]
    return good, steps or [step("entries", True, "entries_proven", count=len(good), size=checkpoint.size)]


def _stands(entry: Entry, proof: Proof, checkpoint: Checkpoint) -> bool:
    return proof.size == checkpoint.size and verify_inclusion(
        leaf_hash(entry.raw), proof.index, checkpoint.size, proof.hashes, checkpoint.root
    )


def _disordered(proofs: Iterable[Proof]) -> list[str]:
    """Those that stand behind a later one: the log's order is theirs."""
    found, last = [], -1
    for proof in proofs:
        if proof.index < last:
            found.append(proof.name)
        last = max(last, proof.index)
    return found


def _receipts(receipts: Sequence[ReceiptPart], proven: Sequence[Entry], digest: str) -> list[Step]:
    """Every receipt against its proven entry, and every entry of a receipt against the receipts."""
    entries = {each.subject: each for each in proven if each.verb == RECEIPT}
    there = {each.uid: each for each in receipts}
    faults = {
        "missing": [uid for uid in entries if uid not in there],
        "foreign": [each.uid for each in receipts if each.uid not in entries],
        "doubled": _twice(each.uid for each in receipts),
        "changed": [each.uid for each in receipts if each.uid in entries and not _is_of(each, entries[each.uid])],
        # Only what the log has: a stranger's file could hold thousands, and every signature costs milliseconds.
        "unsigned": [uid for uid, each in there.items() if uid in entries and not _signed(each)],
        "elsewhere": [each.uid for each in receipts if _digest_in(each) != digest],
    }
    steps = [_fault("receipts", kind, names) for kind, names in faults.items() if names]
    return steps or [step("receipts", True, "receipts_proven", count=len(receipts))]


def _is_of(receipt: ReceiptPart, entry: Entry) -> bool:
    """Whether the entry names the digests of what was said, of the signature, and of the key that made it."""
    said = {"payload_sm3": receipt.payload.encode(), "signature_sm3": receipt.signature, "key_sm3": receipt.public_key}
    return all(entry.detail.get(name) == sm3(data).hex() for name, data in said.items())


def _signed(receipt: ReceiptPart) -> bool:
    try:
        return _key(receipt.public_key).verify(receipt.signature, receipt.payload.encode())
    except GmError:
        return False


@lru_cache(maxsize=256)
def _key(der: bytes) -> PublicKey:
    """A box's key, read once: it gave more than one receipt."""
    return PublicKey.from_der(der)


def _digest_in(receipt: ReceiptPart) -> object:
    """The document's digest that a receipt names."""
    try:
        said = json.loads(receipt.payload)
    except (ValueError, RecursionError):
        return None
    return said.get("digest_sm3") if isinstance(said, dict) else None


def _consistency(earlier: Sequence[Earlier], checkpoint: Checkpoint) -> list[Step]:
    broken = [each.name for each in earlier if not goes_on(each, checkpoint)]
    if broken:
        return [_fault("consistency", "broken", broken)]
    return [step("consistency", True, "consistency_holds", count=len(earlier))] if earlier else []


def goes_on(earlier: Earlier, checkpoint: Checkpoint) -> bool:
    """Whether the checkpoint's log goes on from the earlier state."""
    return verify_consistency(earlier.size, checkpoint.size, earlier.root, checkpoint.root, earlier.hashes)


def _digest(receipts: Sequence[ReceiptPart], proven: Sequence[Entry], digest: str) -> Step:
    """Whether the log itself names the document's digest: by the sending, or by a receipt."""
    sent = [each.detail.get("digest") for each in proven if each.verb == SEND]
    if any(each != digest for each in sent):
        return step("digest", False, "digest_of_another", digest=digest)
    proven_receipts = {each.subject for each in proven if each.verb == RECEIPT}
    if sent or any(each.uid in proven_receipts and _digest_in(each) == digest for each in receipts):
        return step("digest", True, "digest_in_log", digest=digest)
    return step("digest", None, "digest_not_in_log", digest=digest)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _fault(name: str, kind: str, names: Iterable[str]) -> Step:
    return step(name, False, f"{name}_{kind}", names=listed(dict.fromkeys(names)))
