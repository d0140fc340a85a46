"""Office systems are told, in three parts: calls are claimed, told without any lock, and their outcome is written.

A claim puts a call's next time off, so that another ticker does not take it at the same moment; whoever dies between
the call and its outcome leaves it to be told again, under the same id. A receiver that does not answer costs one call
a minute, in a thread of its own: it holds up nobody else.
"""

import json
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F, Min

from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.interface.hook_addresses import Address, address_of
from yichuan.interface.hook_kinds import KINDS
from yichuan.interface.models import Hook, HookCall
from yichuan.interface.outgoing import Outcome, post
from yichuan.interface.services.hooks import hooks_in_use
from yichuan.lib.gm.sm3 import hmac_sm3

PAUSES = tuple(timedelta(minutes=each) for each in (1, 2, 5, 15, 30, 60, 180, 360, 720))
TRIES = len(PAUSES) + 1
LEASE = timedelta(minutes=3)
"""Longer than a round can take."""
HOOKS, CALLS, THREADS = 32, 20, 16
SECONDS = 10
"""How long one hook is told on and on in a round."""
CALL, TIMESTAMP, SIGNATURE = "Yichuan-Call", "Yichuan-Timestamp", "Yichuan-Signature"


@dataclass(frozen=True)
class Claimed:
    """A call that this process tells; `tries` counts this one and says later whose outcome it is."""

    id: uuid.UUID
    hook_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID | None
    at: datetime
    tries: int


Told = list[tuple[Claimed, Outcome | None]]


def call_hooks() -> int:
    """How many were told and taken. A command for the ticker."""
    claimed = _claim()
    hooks = {each.pk: each for each in Hook.objects.filter(pk__in={each.hook_id for each in claimed})}
    by_hook: dict[uuid.UUID, list[Claimed]] = defaultdict(list)
    for each in claimed:
        if each.hook_id in hooks:  # else it was removed at this moment
            by_hook[each.hook_id].append(each)
    if not by_hook:
        return 0
    work = [(address_of(hooks[pk].url), hooks[pk].secret, calls) for pk, calls in by_hook.items()]
    with ThreadPoolExecutor(THREADS, "hooks") as threads:
        return sum(_settle(told) for told in threads.map(lambda each: _tell(*each), work))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SM3 over `timestamp.body` in hexadecimal, as the header bears it."""
    return "sm3=" + hmac_sm3(secret.encode(), timestamp.encode() + b"." + body).hex()


def _claim() -> list[Claimed]:
    """What is due, of as many hooks and as many calls of each as one round takes."""
    now = clock.now()
    with command():
        due = HookCall.objects.filter(state=HookCall.State.WAITING, next_at__lte=now)
        waiting = due.filter(hook__in=hooks_in_use().values("pk"))
        hooks = waiting.values("hook_id").annotate(first=Min("next_at")).order_by("first")[:HOOKS]
        rows = []
        for hook in list(hooks):
            own = due.filter(hook=hook["hook_id"]).order_by("event_id")
            rows += list(own.select_for_update(skip_locked=True)[:CALLS])
        HookCall.objects.filter(pk__in=[each.pk for each in rows]).update(next_at=now + LEASE, tries=F("tries") + 1)
    return [Claimed(each.pk, each.hook_id, each.kind, each.subject_id, each.at, each.tries + 1) for each in rows]


def _tell(address: Address, secret: str, calls: list[Claimed]) -> Told:
    """In the order in which it happened, until nobody answers or the time is over. A thread's: no database."""
    told: Told = []
    begun, silent = time.monotonic(), False
    for each in calls:
        if silent or time.monotonic() - begun > SECONDS:
            told.append((each, None))
            continue
        outcome = post(address, *_written(each, secret))
        silent = outcome.status is None
        told.append((each, outcome))
    return told


def _written(call: Claimed, secret: str) -> tuple[dict[str, str], bytes]:
    """Headers and body: ids, kind and time, never what a document says."""
    said = {
        "id": str(call.id),
        "kind": call.kind,
        "at": call.at.astimezone(UTC).isoformat(),
        KINDS[call.kind].about.value: str(call.subject_id),
    }
    body = json.dumps(said).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "yichuan",
        CALL: str(call.id),
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secret, timestamp, body),
    }
    return headers, body


def _settle(told: Told) -> int:
    """Write what came of the calls of one hook; how many were taken."""
    now = clock.now()
    silent = any(outcome is not None and outcome.status is None for _, outcome in told)
    with command():
        for call, outcome in told:
            row = HookCall.objects.select_for_update().filter(
                pk=call.id, state=HookCall.State.WAITING, tries=call.tries
            )
            found = row.first()
            if found is not None:  # else it was removed, or another took it over
                _write(found, outcome, now)
        if silent:  # one try a minute finds out whether it answers again
            waiting = HookCall.objects.filter(hook=told[0][0].hook_id, state=HookCall.State.WAITING)
            waiting.filter(next_at__lte=now).update(next_at=now + PAUSES[0])
    return sum(outcome is not None and not outcome.error for _, outcome in told)


def _write(row: HookCall, outcome: Outcome | None, now: datetime) -> None:
    if outcome is None:
        row.tries, row.next_at = row.tries - 1, now
    else:
        row.status, row.error, row.next_at = outcome.status, outcome.error, now
        if not outcome.error:
            row.state = HookCall.State.DONE
        elif row.tries >= TRIES:
            row.state = HookCall.State.DEAD
        else:
            row.next_at = now + PAUSES[row.tries - 1]
    row.save(update_fields=["tries", "next_at", "status", "error", "state"])
