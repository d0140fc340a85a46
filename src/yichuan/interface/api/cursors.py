"""Cursors: opaque to whoever holds one, stable for ever, refused where somebody made one up."""

import base64
import binascii
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yichuan.common.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 2**53
LONGEST = 200


@dataclass(frozen=True)
class Cursor:
    """A place in a list by time: after what happened at `at` to `id`. `floor` is where the listing may begin anew."""

    at: datetime
    id: uuid.UUID
    floor: datetime

    def written(self) -> str:
        """As it is handed out."""
        data = json.dumps([_micros(self.at), self.id.hex, _micros(self.floor)], separators=(",", ":"))
        return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Raises `Invalid` with the code `bad_cursor`."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        at, hexed, floor = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        return Cursor(_instant(at), uuid.UUID(hex=hexed), _instant(floor))
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        refusal = Invalid({"since": "这个游标不是本列表给出的，请去掉它，从头开始读取。"})
        refusal.code = "bad_cursor"
        raise refusal from error


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _instant(micros: object) -> datetime:
    if not isinstance(micros, int) or not 0 <= micros < LATEST:
        raise ValueError(micros)
    return EPOCH + timedelta(microseconds=micros)
