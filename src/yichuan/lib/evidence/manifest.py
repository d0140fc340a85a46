"""What an evidence package says of itself, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import MIB, Limits
from yichuan.lib.ofd.package import Package
from yichuan.lib.one_line import is_one_line

from .log_reading import MOST_LINES
from .strict import once

FORMAT = "yichuan-evidence"
VERSION = 2
MANIFEST, SIGNATURE = "manifest.json", "manifest.p7s"
LIMITS = Limits(package_bytes=128 * MIB, entries=200, entry_bytes=100 * MIB, total_bytes=160 * MIB, name_depth=3)
ONE_EACH = ("entries", "proofs", "receipts", "checkpoint", "summary")
"""Roles that every package has once; the sender's has the document besides."""
ROLES = ("document", "seal", "certificate", "revocations", "status", "consistency", *ONE_EACH)
_MOST_MANIFEST = MIB
_MOST_PARTS = 190
_LONGEST_TEXT = 200
_MOST_ENTRIES = MOST_LINES
_NAME = re.compile(r"[a-z]{1,20}(/[0-9]{1,4})?\.[a-z0-9]{1,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package; `digest` is SM3, hexadecimal."""

    name: str
    role: str
    size: int
    digest: str


class Form(StrEnum):
    """For whom a package was packed."""

    SENDER = "sender"
    RECEIVER = "receiver"
    AUDITOR = "auditor"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that stand in it once: only the sender, whose it is, takes the body along."""
        return ("document", *ONE_EACH) if self is Form.SENDER else ONE_EACH


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself; `packed` is UTC, `digest` the SM3 of the sealed body in hexadecimal, `entries`
    the places (from 0) in the log of the entries that it holds. The title stands in the sender's alone."""

    centre: str
    form: Form
    number: str
    title: str
    digest: str
    packed: datetime
    entries: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def wanting(self) -> tuple[str, ...]:
        """The roles that should stand in it once and do not."""
        roles = [part.role for part in self.parts]
        return tuple(role for role in self.form.roles if roles.count(role) != 1)


def read_manifest(package: Package) -> tuple[Manifest, bytes]:
    """The manifest, and its bytes as they lie. Raises OfdError `manifest_invalid`, `entry_missing`, `entry_damaged`."""
    raw = package.read(MANIFEST)
    if len(raw) > _MOST_MANIFEST:
        raise OfdError("manifest_invalid", f"{MANIFEST}: more than {_MOST_MANIFEST} bytes are not read.")
    try:
        said = json.loads(raw, object_pairs_hook=once)
        if said["format"] != FORMAT or said["version"] != VERSION:
            raise ValueError("another format or version")
        packed = datetime.fromisoformat(_text(said["packed"]))
        if packed.tzinfo is None:
            raise ValueError("the time of packing names no zone")
        rows = said["parts"]
        if not isinstance(rows, list) or not 0 < len(rows) <= _MOST_PARTS:
            raise ValueError("no list of parts, or one that is too long")
        parts = tuple(_part(row) for row in rows)
        centre, number, title, digest = (_text(said[name]) for name in ("centre", "number", "title", "digest"))
        if not _DIGEST.fullmatch(digest):
            raise ValueError("no digest of the document")
        entries = _places(said["entries"])
        return Manifest(centre, Form(said["form"]), number, title, digest, packed.astimezone(UTC), entries, parts), raw
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as problem:
        raise OfdError("manifest_invalid", f"{MANIFEST}: {problem}") from problem


def _part(row: Mapping[str, object]) -> Part:
    name, role, digest, size = _text(row["name"]), _text(row["role"]), _text(row["sm3"]), row["size"]
    if not _NAME.fullmatch(name) or role not in ROLES or not _DIGEST.fullmatch(digest):
        raise ValueError(f"the part {name!r} is not written as it should be")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError(f"the part {name!r} has no size")
    return Part(name, role, size, digest)


def _places(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > _MOST_ENTRIES:
        raise ValueError("no list of places in the log, or one that is too long")
    if any(not isinstance(each, int) or isinstance(each, bool) or each < 0 for each in value):
        raise ValueError("a place in the log is a number from 0")
    return tuple(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not is_one_line(value):
        raise ValueError("a text is missing, too long or holds control characters")
    return value
