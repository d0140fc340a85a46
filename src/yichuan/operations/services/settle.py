"""What the ticker does again and again: settle what a process left half-way, and clear away what nothing refers to."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.services.send_checkpoint import send_checkpoint
from yichuan.changes.services.carry_out import settle_plans
from yichuan.changes.services.import_end import expire_imports
from yichuan.changes.services.import_run import go_on
from yichuan.common import blobs, clock
from yichuan.common.models import Event, SweepHold
from yichuan.compose.services.index import index_documents
from yichuan.compose.services.upload_parts import sweep_uploads
from yichuan.evidence.services.rates import forget_looks
from yichuan.exchange.services.print_numbers import reap_copies
from yichuan.exchange.services.receipts import settle_receipts
from yichuan.exchange.services.remind import remind, settle_reminders
from yichuan.exchange.services.return_notice import settle_notices
from yichuan.exchange.services.take_over import settle_take_overs
from yichuan.interface.services.answers import forget_answers
from yichuan.interface.services.call_hooks import call_hooks
from yichuan.interface.services.queue_calls import forget_calls, queue_calls
from yichuan.interface.services.tokens import forget_tokens
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.publish import publish_lists
from yichuan.people.services.forget import forget_logins
from yichuan.seals.services.ceremony_abort import reap_ceremonies
from yichuan.seals.services.publish_status import publish_status
from yichuan.seals.services.settle_openings import settle_openings
from yichuan.seals.services.use import reap_uses

BLOB_GRACE_SECONDS = 3600
EVENTS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Settled:
    """How many of each were settled."""

    uses: int
    copies: int
    receipts: int
    blobs: int


def settle(*, sweep: bool = True) -> Settled:
    """One round. Every part may run beside the pages and beside another ticker; one that fails stops no other."""
    _part(_forget_events)
    _part(forget_logins)
    _part(forget_looks)
    _part(forget_tokens)
    _part(forget_answers)
    _part(forget_calls)
    _part(publish_lists)
    _part(publish_status)
    _part(open_own_keys)
    _part(send_checkpoint)
    _part(settle_plans)
    _part(settle_take_overs)
    _part(reap_ceremonies)
    uses, copies, receipts = _part(reap_uses), _part(reap_copies), _part(settle_receipts)
    _part(settle_notices)
    _part(settle_openings)
    _part(index_documents)
    _part(settle_reminders)
    _part(remind)
    _part(sweep_uploads)
    swept = _part(sweep_blobs) if sweep else 0
    _part(expire_imports)
    _part(queue_calls)
    _part(call_hooks)
    _part(go_on)  # takes its time, so the others come first
    return Settled(uses, copies, receipts, swept)


def _part(work: Callable[[], int]) -> int:
    try:
        return work()
    except Exception:
        logging.getLogger("yichuan.ticker").exception("%s failed and is tried again", work.__name__)
        return 0


def _forget_events() -> int:
    return Event.objects.filter(at__lt=clock.now() - EVENTS_KEPT).delete()[0]


def sweep_blobs() -> int:
    """Remove blobs that no row refers to and that are old enough not to be on their way into one."""
    store = blobs.store()
    old = time.time() - BLOB_GRACE_SECONDS
    candidates = {name for name, written in store.names() if written < old}
    if not candidates:
        return 0
    for owner in settings.YICHUAN_BLOB_OWNERS:
        candidates -= set(import_string(owner)())
    if SweepHold.objects.filter(until__gt=clock.now()).exists():  # asked last: a later snapshot names none of these
        return 0
    for name in candidates:
        store.remove(name)
    return len(candidates)
