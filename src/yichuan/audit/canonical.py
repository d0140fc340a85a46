"""An entry as bytes: what is marked when it is written, and what stands in the tree ever after."""

import json
from datetime import UTC
from json.encoder import encode_basestring as quoted

from yichuan.audit.models import Entry
from yichuan.lib.gm.sm3 import hmac_sm3

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def marked_bytes(entry: Entry) -> bytes:
    """What the mark is made over: every field but the mark and the row's number, as JSON in one form only."""
    return "".join(_halves(entry)).encode()


def leaf_bytes(entry: Entry) -> bytes:
    """What the tree holds the digest of: the same with the mark, in hexadecimal, or null."""
    return leaf_text(_halves(entry), None if entry.mark is None else bytes(entry.mark)).encode()


def mark_of(entry: Entry, key: bytes) -> bytes:
    """The centre's mark (32 bytes) under its key for the log."""
    return hmac_sm3(key, marked_bytes(entry))


def halves(
    *,
    actor: str | None,
    at: str,
    detail: str,
    kind: str,
    name: str,
    subject: str | None,
    uid: str,
    unit: str | None,
    verb: str,
) -> tuple[str, str]:
    """What is marked, cut where the mark is to stand: the names in their order, no space between, ids in their usual
    form, the time in UTC to the microsecond, `detail` as `detail_text` gives it."""
    before = f'{{"actor":{_id(actor)},"at":"{at}","detail":{detail},"kind":{quoted(kind)}'
    names = f'"name":{quoted(name)},"subject":{_id(subject)},"uid":"{uid}","unit":{_id(unit)}'
    return before, f',{names},"verb":{quoted(verb)}}}'


def leaf_text(halves: tuple[str, str], mark: bytes | None) -> str:
    """The halves with the mark between them."""
    before, behind = halves
    return f'{before},"mark":{"null" if mark is None else quoted(mark.hex())}{behind}'


def detail_text(detail: object) -> str:
    """The particulars as they stand in an entry."""
    return _ENCODER.encode(detail)


def _halves(entry: Entry) -> tuple[str, str]:
    return halves(
        actor=_text(entry.actor_id),
        at=entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        detail=detail_text(entry.detail),
        kind=entry.subject_kind,
        name=entry.actor_name,
        subject=_text(entry.subject_id),
        uid=str(entry.uid),
        unit=_text(entry.unit_id),
        verb=entry.verb,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _id(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'
