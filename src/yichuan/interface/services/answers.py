"""The first answer to a request that bore a key, kept for whoever asks again (idempotency).

A row without a status says that somebody works on it. Whoever was killed in the middle leaves such a row behind:
after a minute the next one with the same key takes the work over, told so (`again`), because the service may have
committed before the answer was kept. `at` tells the one who began from the one who took over: only the last of them
writes the answer.

Each of these steps is one statement that is a transaction of its own. To begin does not wait for the disk on
PostgreSQL: the work's own commit comes later in the same log and waits for all that is before it, so the row stands
wherever the work stands, and where both are lost nothing was done. Keeping an answer and giving a key back wait: a
client that was told will not ask again, and a row that fell back would look like work for ever.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.interface.models import Answer, Client
from yichuan.keys.services.texts import open_text, seal_text

KEPT = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(minutes=1)
_FIELDS = {field.attname: field for field in Answer._meta.concrete_fields}
_BEGIN = """INSERT INTO interface_answer (client_id, key, request_digest, body, at) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (client_id, key) DO NOTHING RETURNING id"""
_KEEP = "UPDATE interface_answer SET body = %s, status = %s WHERE id = %s AND at = %s AND status IS NULL"
_RELEASE = "DELETE FROM interface_answer WHERE id = %s AND at = %s AND status IS NULL"
_LIGHT = ", set_config('synchronous_commit', 'off', true)"  # for this transaction, which is this statement


class KeyReused(Refused):
    """The key stands for another request."""

    status = 422


class InProgress(Refused):
    """The first request under this key has no answer yet."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("in_progress", "带这个幂等键的请求还在办理，请稍后用同样的内容再试。")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Kept:
    """An answer as it was given, byte for byte."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Begun:
    """The work is this request's. `again`: somebody began it before and may have done it."""

    row: Answer
    again: bool


def begin(*, client: Client, key: str, request_digest: str) -> Kept | Begun:
    """Take the work under this key, or give the answer that there is. A command.

    Raises `KeyReused` (422) where the key stands for another request, `InProgress` (409) while another works on it.
    """
    now = clock.now()
    new = Answer(client=client, key=key, request_digest=request_digest, at=now)
    light = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:  # nearly every key is a new one: one statement says so
        given = _prepared(new, "client_id", "key", "request_digest", "body", "at")
        cursor.execute(_BEGIN + _LIGHT * light, given)
        made = cursor.fetchall()
    if made:
        new.pk = made[0][0]
        return Begun(new, again=False)
    with command():
        row = Answer.objects.select_for_update().filter(client=client, key=key).first()
        if row is None:  # the one that had it gave it back at this moment
            raise InProgress(1)
        if row.request_digest != request_digest:
            raise KeyReused("key_reused", "这个幂等键已经用于另一个请求，内容不一样。请换一个新的键。")
        if row.status is not None:
            return Kept(row.status, open_text(bytes(row.body), _context(row)).encode())
        now = clock.now()  # what was begun between our first look at the clock and here was not begun in the future
        left = row.at + GIVEN_UP_AFTER - now
        if timedelta(0) < left <= GIVEN_UP_AFTER:  # more: the clock ran ahead as it was begun
            raise InProgress(left.seconds + 1)
        row.at = now
        row.save(update_fields=["at"])
    return Begun(row, again=True)


def keep(begun: Begun, *, status: int, body: bytes) -> None:
    """Keep the answer, sealed: it may name the title. A command."""
    row = begun.row
    row.body, row.status = seal_text(body.decode(), _context(row)), status
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, _prepared(row, "body", "status", "id", "at"))


def release(begun: Begun) -> None:
    """Nothing was done: the key is free again. A command."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, _prepared(begun.row, "id", "at"))


def put_down(begun: Begun) -> None:
    """It broke off, and what it did may stand: the next one takes it over at once and finds out. A command."""
    with command():
        _own(begun).update(at=begun.row.at - GIVEN_UP_AFTER)


def forget_answers() -> int:
    """Clear away what is older than keys are kept; how many. A command for the ticker."""
    with command():
        return Answer.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _own(begun: Begun) -> QuerySet[Answer]:
    return Answer.objects.filter(pk=begun.row.pk, at=begun.row.at, status=None)


def _prepared(row: Answer, *columns: str) -> list[Any]:
    """What stands in these columns, as the database takes it."""
    database = connections[DEFAULT_DB_ALIAS]
    return [_FIELDS[name].get_db_prep_save(getattr(row, name), database) for name in columns]


def _context(row: Answer) -> str:
    return f"interface.answer:{row.client_id}:{row.key}"
