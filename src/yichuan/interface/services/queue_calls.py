"""Events of the outbox become calls of hooks: none is lost, none is there twice, whenever a process dies.

Each hook keeps up to when the outbox was read for it (`heard_until`), written in the transaction that writes its
calls. Reading begins a while earlier, because what is committed late bears an earlier time; what is a call already is
not one again (`interface_called_once`). Events are kept for a day, so a ticker may stand still for so long.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Q

from yichuan.common import clock
from yichuan.common.ids import new_id
from yichuan.common.models import Event
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.interface.hook_kinds import KINDS, OF_EVENT, About
from yichuan.interface.models import Hook, HookCall
from yichuan.interface.services.hooks import hooks_in_use

OVERLAP = timedelta(minutes=5)
"""Longer than any transaction takes from its event to its commit."""
AT_ONCE = 1000
Place = tuple[About, uuid.UUID | None, uuid.UUID, uuid.UUID | None]
"""What an event names, its unit, the office."""
DONE_KEPT, ALL_KEPT = timedelta(days=7), timedelta(days=30)
"""Both longer than events are kept: an event that is told is not told anew."""


def queue_calls() -> int:
    """How many calls were written. A command for the ticker."""
    now = clock.now()
    with command():
        rows = hooks_in_use().defer("secret").select_related("client")
        hooks = list(rows.select_for_update(of=("self",)).order_by("pk"))
        if not hooks:
            return 0
        since = min(min(each.heard_until, now) for each in hooks) - OVERLAP
        units = {each.client.unit_id for each in hooks}
        events = Event.objects.filter(at__gte=since, unit_id__in=units, kind__in=OF_EVENT).order_by("at", "pk")
        rest = events.iterator(AT_ONCE)
        written = 0
        while found := list(islice(rest, AT_ONCE)):
            written += _write(hooks, found, now)
        Hook.objects.filter(pk__in=[each.pk for each in hooks]).update(heard_until=now)
    return written


def _write(hooks: list[Hook], events: list[Event], now: datetime) -> int:
    calls = list(_calls(hooks, events, now))
    known = HookCall.objects.filter(hook__in=hooks, event_id__in=[each.pk for each in events])
    there = set(known.values_list("hook_id", "event_id"))
    new = [each for each in calls if (each.hook_id, each.event_id) not in there]
    HookCall.objects.bulk_create(new)
    return len(new)


def _calls(hooks: list[Hook], events: list[Event], now: datetime) -> Iterator[HookCall]:
    """A call for each hook that wants to hear of each event, as far as it is about something of its client's."""
    places = _deliveries(events)
    for event in events:
        name = OF_EVENT[event.kind]
        for hook in hooks:
            client = hook.client
            if client.unit_id != event.unit_id or event.at < hook.made_at or (hook.kinds and name not in hook.kinds):
                continue
            if KINDS[name].about is About.DELIVERY:
                subject = places.get((KINDS[name].named, event.subject_id, client.unit_id, client.office_id))
            else:
                subject = event.subject_id if client.office_id is None else None
            if subject is not None:
                yield HookCall(
                    id=new_id(), hook=hook, event_id=event.pk, kind=name, subject_id=subject,
                    state=HookCall.State.WAITING, next_at=now, at=event.at,
                )  # fmt: skip


def _deliveries(events: list[Event]) -> dict[Place, uuid.UUID]:
    """The delivery that an event is about, by what the event names (it, or its dispatch) and by unit and office."""
    ids: dict[About, set[uuid.UUID | None]] = defaultdict(set)
    for event in events:
        ids[KINDS[OF_EVENT[event.kind]].named].add(event.subject_id)
    units = {each.unit_id for each in events}
    rows = Delivery.objects.filter(
        Q(pk__in=ids[About.DELIVERY]) | Q(dispatch__in=ids[About.DISPATCH], unit__in=units)
    ).order_by("arrived_at", "pk")
    found: dict[Place, uuid.UUID] = {}
    for pk, dispatch, unit, office in rows.values_list("pk", "dispatch", "unit", "office"):
        found[About.DELIVERY, pk, unit, office] = pk
        found[About.DISPATCH, dispatch, unit, office] = pk  # the latest: what was sent again took the other's place
    return found


def forget_calls() -> int:
    """Clear away what was told a week ago, and after a month whatever came of it; how many. A command."""
    now = clock.now()
    old = Q(next_at__lt=now - ALL_KEPT) | Q(state=HookCall.State.DONE, next_at__lt=now - DONE_KEPT)
    with command():
        return HookCall.objects.filter(old).delete()[0]
