"""One span of the log read and digested: the part of verification that several processes share."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

from yichuan.audit.log_rows import Absent, rows_between
from yichuan.lib.gm.sm3 import hmac_sm3_under
from yichuan.lib.merkle import leaf_hash

CLOCK_SLACK = timedelta(minutes=1)
"""Acts of one moment are written in any order; what lies further back says that the clock was set."""


@dataclass
class Span:
    """What stands at the places `begin` to `end - 1`: per place the digest of its entry, None where none is there.

    `entries` are the rows' numbers, None where no row of the tree names one. `foreign`, `unmarked` and `unreadable` are
    places whose mark is wrong, is not there, or whose entry no centre can have written. `steps` are places whose entry
    is earlier than the one before: (index, its time, the time before).
    """

    begin: int
    digests: list[bytes | None]
    entries: list[int | None]
    foreign: list[int] = field(default_factory=list)
    unmarked: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    steps: list[tuple[int, str, str]] = field(default_factory=list)
    first_at: str = ""
    last_at: str = ""


def read_span(begin: int, end: int, key: bytes | None) -> Span:
    """Read these places; marks are checked with the key, where it is at hand."""
    span = Span(begin, [None] * (end - begin), [None] * (end - begin))
    mark_of = hmac_sm3_under(key) if key is not None else None
    for row in rows_between(begin, end):
        at = row.index - begin if row.index is not None else 0
        span.entries[at] = row.entry
        if isinstance(row, Absent):
            continue
        span.digests[at] = leaf_hash(row.leaf)
        if not row.readable:
            span.unreadable.append(begin + at)
            continue
        if row.mark is None:
            span.unmarked.append(begin + at)
        elif mark_of is not None and not compare_digest(row.mark, mark_of(row.marked)):
            span.foreign.append(begin + at)
        if set_back(row.at, span.last_at):
            span.steps.append((begin + at, row.at, span.last_at))
        span.first_at, span.last_at = span.first_at or row.at, row.at
    return span


def set_back(at: str, before: str) -> bool:
    """Whether the clock went back between two entries."""
    if at >= before:
        return False
    try:
        return datetime.fromisoformat(before) - datetime.fromisoformat(at) > CLOCK_SLACK
    except (ValueError, TypeError):  # no time at all: another check names this entry
        return False
