"""The parts of a package that come from the log, read line by line.

    entries.jsonl       an entry a line: the very bytes that the tree holds the digest of (JSON)
    proofs.jsonl        {"uid", "index", "size", "hashes"}: that this entry is number `index` (from 0) among `size`
    receipts.jsonl      {"receipt", "payload", "signature", "public_key"}: bytes in hexadecimal, the payload as text
    consistency.jsonl   {"size", "root", "hashes"}: that the log of the checkpoint goes on from this earlier one

A line that is none of these is named and left out; nothing in a file raises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .strict import once

MOST_LINES = 20_000
_LONGEST_LINE = 64 * 1024
_MOST_HASHES = 128
_MOST_ENTRIES_OF_A_LOG = 10**18
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """`raw` is what the tree holds the digest of. `marked`: it bears a mark; only the centre, which has the key, can
    tell whether that one is right."""

    raw: bytes
    uid: str
    verb: str
    at: str
    subject: str
    detail: dict[str, Any]
    marked: bool

    @property
    def name(self) -> str:
        """By which a finding calls it."""
        return f"{self.verb} {self.at[:19]} {self.uid[:36]}"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the entry `uid` stands: number `index`, from 0, among `size`."""

    uid: str
    index: int
    size: int
    hashes: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """By which a finding calls it: people count from one."""
        return called(self.index)


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """A receipt with the signature (DER) and the key (SPKI) of the box that gave it."""

    uid: str
    payload: str
    signature: bytes
    public_key: bytes

    @property
    def name(self) -> str:
        """By which a finding calls it."""
        return self.uid


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier state of the log, and the proof that the package's checkpoint goes on from it."""

    size: int
    root: bytes
    hashes: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """By which a finding calls it."""
        return f"{self.size}·{self.root[:8].hex()}"


def called(index: int) -> str:
    """An entry by its place in the log, counted from one as people do."""
    return f"#{index + 1}"


def entry_of(raw: bytes) -> Entry:
    """An entry as it stands in the log. Raises ValueError, TypeError, KeyError."""
    said = _object(raw)
    subject, detail, marked = said["subject"], said["detail"], bool(said.get("mark"))
    if not isinstance(detail, dict) or not (subject is None or isinstance(subject, str)):
        raise TypeError("not an entry")
    return Entry(raw, _text(said["uid"]), _text(said["verb"]), _text(said["at"]), subject or "", detail, marked)


def proof_of(raw: bytes) -> Proof:
    """The proof in a line. Raises as `entry_of`."""
    said = _object(raw)
    return Proof(_text(said["uid"]), _number(said["index"]), _number(said["size"]), _hashes(said["hashes"]))


def receipt_of(raw: bytes) -> ReceiptPart:
    """The receipt in a line. Raises as `entry_of`."""
    said = _object(raw)
    payload = said["payload"]
    if not isinstance(payload, str):
        raise TypeError("not a receipt")
    payload.encode()  # JSON can say halves of letters, which are no text
    return ReceiptPart(_text(said["receipt"]), payload, _bytes(said["signature"]), _bytes(said["public_key"]))


def earlier_of(raw: bytes) -> Earlier:
    """The earlier state in a line. Raises as `entry_of`."""
    said = _object(raw)
    return Earlier(_number(said["size"]), _hashes([said["root"]])[0], _hashes(said["hashes"]))


def read_lines(name: str, data: bytes, reader: Callable[[bytes], T]) -> tuple[list[T], list[str]]:
    """What the lines say, and the places of those that say nothing ("entries.jsonl:3"); of very many the first."""
    lines = data.split(b"\n", MOST_LINES + 1)
    if lines[-1] == b"":
        lines.pop()
    found: list[T] = []
    faults = [] if len(lines) <= MOST_LINES else [f"{name}:{MOST_LINES + 1}"]
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        try:
            if len(line) > _LONGEST_LINE:
                raise ValueError("too long")
            found.append(reader(line))
        except (ValueError, TypeError, KeyError, RecursionError):
            faults.append(f"{name}:{number}")
    return found, faults


def write_lines(rows: Iterable[bytes]) -> bytes:
    """The lines of a part, each ended. Raises ValueError for a row that is no line, or for too many."""
    lines = list(rows)
    if len(lines) > MOST_LINES or any(b"\n" in line or len(line) > _LONGEST_LINE for line in lines):
        raise ValueError(f"a part has at most {MOST_LINES} lines, each at most {_LONGEST_LINE} bytes")
    return b"".join(line + b"\n" for line in lines)


def as_line(row: dict[str, object]) -> bytes:
    """One line of a part."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def proof_line(uid: str, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The line of a proof."""
    return as_line({"uid": uid, "index": index, "size": size, "hashes": [each.hex() for each in hashes]})


def receipt_line(uid: str, payload: bytes, signature: bytes, public_key: bytes) -> bytes:
    """The line of a receipt; the payload is UTF-8."""
    row = {"receipt": uid, "payload": payload.decode(), "signature": signature.hex(), "public_key": public_key.hex()}
    return as_line(dict(row))


def earlier_line(size: int, root: bytes, hashes: Sequence[bytes]) -> bytes:
    """The line of an earlier state of the log."""
    return as_line({"size": size, "root": root.hex(), "hashes": [each.hex() for each in hashes]})


def _object(raw: bytes) -> dict[str, Any]:
    said = json.loads(raw.decode(), object_pairs_hook=once)
    if not isinstance(said, dict):
        raise TypeError("not an object")
    return said


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > 80 or not value.isprintable():
        raise ValueError("not a short text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _MOST_ENTRIES_OF_A_LOG:
        raise ValueError("not a number of entries")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, str) or value != value.lower():
        raise ValueError("not bytes in hexadecimal")
    return bytes.fromhex(value)


def _hashes(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > _MOST_HASHES:
        raise ValueError("not a list of digests")
    found = tuple(map(_bytes, value))
    if any(len(each) != 32 for each in found):
        raise ValueError("not a digest")
    return found
