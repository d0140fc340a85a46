"""The first answer to a request that bore a key, kept for whoever asks again (idempotency).

A row without a status says that somebody works on it. Whoever was killed in the middle leaves such a row behind:
after a minute the next one with the same key takes the work over, told so (`again`), because the service may have
committed before the answer was kept. `at` tells the one who began from the one who took over: only the last of them
writes the answer.
"""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import QuerySet

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.interface.models import Answer, Client
from yichuan.keys.services.texts import open_text, seal_text

KEPT = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(minutes=1)


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
    with contextlib.suppress(IntegrityError), command():  # nearly every key is a new one: one statement says so
        return Begun(Answer.objects.create(client=client, key=key, request_digest=request_digest, at=now), again=False)
    with command():
        row = Answer.objects.select_for_update().filter(client=client, key=key).first()
        if row is None:  # the one that had it gave it back at this moment
            raise InProgress(1)
        if row.request_digest != request_digest:
            raise KeyReused("key_reused", "这个幂等键已经用于另一个请求，内容不一样。请换一个新的键。")
        if row.status is not None:
            return Kept(row.status, open_text(bytes(row.body), _context(row)).encode())
        left = row.at + GIVEN_UP_AFTER - now
        if timedelta(0) < left <= GIVEN_UP_AFTER:  # more: the clock ran ahead as it was begun
            raise InProgress(left.seconds + 1)
        row.at = now
        row.save(update_fields=["at"])
    return Begun(row, again=True)


def keep(begun: Begun, *, status: int, body: bytes) -> None:
    """Keep the answer, sealed: it may name the title. A command."""
    sealed = seal_text(body.decode(), _context(begun.row))
    with command():
        _own(begun).update(status=status, body=sealed)


def release(begun: Begun) -> None:
    """Nothing was done: the key is free again. A command."""
    with command():
        _own(begun).delete()


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


def _context(row: Answer) -> str:
    return f"interface.answer:{row.client_id}:{row.key}"
