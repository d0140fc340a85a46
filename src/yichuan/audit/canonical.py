"""An entry as bytes: what is marked when it is written, and what stands in the tree ever after."""

import json
from datetime import UTC
from typing import Any

from yichuan.audit.models import Entry
from yichuan.lib.gm.sm3 import hmac_sm3

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def marked_bytes(entry: Entry) -> bytes:
    """What the mark is made over: every field but the mark and the row's number, as JSON in one form only."""
    return _json(_fields(entry))


def leaf_bytes(entry: Entry) -> bytes:
    """What the tree holds the digest of: the same with the mark, in hexadecimal, or null."""
    mark = bytes(entry.mark).hex() if entry.mark is not None else None
    return _json(_fields(entry) | {"mark": mark})


def mark_of(entry: Entry, key: bytes) -> bytes:
    """The centre's mark (32 bytes) under its key for the log."""
    return hmac_sm3(key, marked_bytes(entry))


def _fields(entry: Entry) -> dict[str, Any]:
    return {
        "uid": str(entry.uid),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "verb": entry.verb,
        "actor": _id(entry.actor_id),
        "name": entry.actor_name,
        "unit": _id(entry.unit_id),
        "kind": entry.subject_kind,
        "subject": _id(entry.subject_id),
        "detail": entry.detail,
    }


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _json(value: dict[str, Any]) -> bytes:
    return _ENCODER.encode(value).encode()
