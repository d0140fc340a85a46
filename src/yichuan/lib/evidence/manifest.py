"""What an evidence package says of itself, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import MIB, Limits
from yichuan.lib.ofd.package import Package

FORMAT = "yichuan-evidence"
VERSION = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
LIMITS = Limits(package_bytes=128 * MIB, entries=200, entry_bytes=100 * MIB, total_bytes=160 * MIB, name_depth=3)
ROLES = ("document", "seal", "certificate", "revocations", "status")
_MOST_MANIFEST = MIB
_MOST_PARTS = 190
_LONGEST_TEXT = 200
_NAME = re.compile(r"[a-z]{1,20}(/[0-9]{1,4})?\.[a-z0-9]{1,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package; `digest` is SM3, hexadecimal."""

    name: str
    role: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself; `packed` is UTC."""

    centre: str
    number: str
    title: str
    packed: datetime
    parts: tuple[Part, ...]


def read_manifest(package: Package) -> tuple[Manifest, bytes]:
    """The manifest, and its bytes as they lie. Raises OfdError `manifest_invalid`, `entry_missing`, `entry_damaged`."""
    raw = package.read(MANIFEST)
    if len(raw) > _MOST_MANIFEST:
        raise OfdError("manifest_invalid", f"{MANIFEST}: more than {_MOST_MANIFEST} bytes are not read.")
    try:
        said = json.loads(raw, object_pairs_hook=_once)
        if said["format"] != FORMAT or said["version"] != VERSION:
            raise ValueError("another format or version")
        packed = datetime.fromisoformat(_text(said["packed"]))
        if packed.tzinfo is None:
            raise ValueError("the time of packing names no zone")
        rows = said["parts"]
        if not isinstance(rows, list) or not 0 < len(rows) <= _MOST_PARTS:
            raise ValueError("no list of parts, or one that is too long")
        parts = tuple(_part(row) for row in rows)
        texts = [_text(said[name]) for name in ("centre", "number", "title")]
        return Manifest(texts[0], texts[1], texts[2], packed.astimezone(UTC), parts), raw
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as problem:
        raise OfdError("manifest_invalid", f"{MANIFEST}: {problem}") from problem


def _part(row: Mapping[str, object]) -> Part:
    name, role, digest, size = _text(row["name"]), _text(row["role"]), _text(row["sm3"]), row["size"]
    if not _NAME.fullmatch(name) or role not in ROLES or not _DIGEST.fullmatch(digest):
        raise ValueError(f"the part {name!r} is not written as it should be")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError(f"the part {name!r} has no size")
    return Part(name, role, size, digest)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object in which no name stands twice: two readers could take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not value.isprintable():
        raise ValueError("a text is missing, too long or holds control characters")
    return value
