"""A small log as a centre keeps one: entries, their tree, its checkpoint, and the parts of a package about them."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from support.seals import NOW, Holder, make_holder, pki
from yichuan.lib.evidence import earlier_line, proof_line, receipt_line, write_lines
from yichuan.lib.evidence.log_reading import as_line
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Profile
from yichuan.lib.merkle import Checkpoint, Edge, Tiles, consistency_proof, inclusion_proof, leaf_hash

BOX = PrivateKey.generate()
NAME = "江门市电子公文交换中心 0123456789abcdef"


@cache
def checkpoints_key() -> Holder:
    """The centre's key for checkpoints."""
    return make_holder(Profile.SIGNER, "江门市日志检查点签名", pki().root)


@dataclass
class SmallLog:
    """Entries are given as they are wanted; about a document with the digest `digest`."""

    digest: str
    entries: list[bytes] = field(default_factory=list)
    receipts: list[bytes] = field(default_factory=list)

    def add(self, verb: str, subject: str = "", *, mark: str | None = "ab" * 32, **detail: Any) -> int:
        """One entry more; its place."""
        place = len(self.entries)
        row = {
            "uid": f"00000000-0000-7000-8000-{place:012d}",
            "at": f"2026-11-21T09:{place:02d}:00.000000+00:00",
            "verb": verb,
            "subject": subject or None,
            "detail": detail,
            "mark": mark,
        }
        self.entries.append(as_line(row))
        return place

    def receive(self, kind: str, key: PrivateKey = BOX) -> int:
        """A receipt and its entry; the entry's place."""
        uid = f"receipt-{len(self.receipts)}"
        payload = json.dumps({"receipt": kind, "digest_sm3": self.digest}, ensure_ascii=False).encode()
        signature = key.sign(payload)
        self.receipts.append(receipt_line(uid, payload, signature, key.public.der))
        said = {"payload_sm3": payload, "signature_sm3": signature, "key_sm3": key.public.der}
        return self.add("exchange.receipt", uid, kind=kind, **{name: sm3(data).hex() for name, data in said.items()})

    def checkpoint(self, size: int | None = None, at: datetime = NOW + timedelta(hours=1)) -> Checkpoint:
        """What the log was when it had so many entries, by default all."""
        edge = Edge()
        edge.append([leaf_hash(entry) for entry in self.entries[:size]])
        return Checkpoint(NAME, edge.size, edge.root(), at)

    def signed(self, size: int | None = None, signer: Holder | None = None) -> str:
        """The same, signed."""
        checkpoint = self.checkpoint(size)
        return checkpoint.signed((signer or checkpoints_key()).key.sign(checkpoint.text.encode()))

    def parts(self, places: list[int], earlier: list[int] | None = None) -> dict[str, bytes]:
        """The parts of a package by their role, about the entries at these places."""
        tree = cache(Tiles.of(Edge().append([leaf_hash(entry) for entry in self.entries])).node)
        size = len(self.entries)
        uids = [json.loads(self.entries[place])["uid"] for place in places]
        proofs = [
            proof_line(uid, place, size, inclusion_proof(place, size, tree))
            for uid, place in zip(uids, places, strict=True)
        ]
        before = [(each, self.checkpoint(each).root, consistency_proof(each, size, tree)) for each in earlier or []]
        return {
            "entries": write_lines([self.entries[place] for place in places]),
            "proofs": write_lines(proofs),
            "receipts": write_lines(self.receipts),
            "consistency": write_lines([earlier_line(*each) for each in before]),
            "checkpoint": self.signed().encode(),
        }


def a_day(digest: str) -> tuple[SmallLog, list[int]]:
    """The log of a day on which the document was sent, signed for and received among other acts; its own places."""
    log = SmallLog(digest)
    log.add("people.log_in")
    places = [log.add("exchange.send", "dispatch", digest=digest)]
    log.add("people.log_in")
    places += [log.add("exchange.sign_for", "delivery"), log.receive("signed_for")]
    log.add("org.appoint")
    places += [log.add("exchange.print_original", "delivery"), log.receive("received")]
    log.add("people.log_out")
    return log, places
