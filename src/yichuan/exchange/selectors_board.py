"""发送跟踪: what the sender's tracking board of one dispatch shows, read as plain rows: it asks for itself again and
again, and ninety recipients would be three hundred objects each time."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, UUIDField

from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery, Dispatch, Receipt
from yichuan.exchange.models.deliveries import name_of_its_day
from yichuan.exchange.states import SUPERSEDED, DeliveryState
from yichuan.org.batches import batch_name

_dispatches = Prepared(
    lambda dispatch: Dispatch.objects.filter(pk=dispatch).select_related("document", "unit", "sender", "sent_by"),
    dispatch=UUIDField(),
)


def dispatch_with_names(dispatch_id: uuid.UUID) -> Dispatch | None:
    """A dispatch with its document, who sent it, and under which name; the caller asks who may see it."""
    return next(iter(_dispatches(dispatch=dispatch_id)), None)


class Line(NamedTuple):
    """One recipient: how its delivery stands, and what it is called, on the day of sending and now."""

    id: uuid.UUID
    state: str
    allowance: int
    printed: int
    counted_day: date | None
    arrived_at: datetime
    urged_at: datetime | None
    signed_for_at: datetime | None
    received_at: datetime | None
    returned_at: datetime | None
    follows_id: uuid.UUID | None
    addressee_unit_id: uuid.UUID
    addressee_then: str
    addressee_full: str
    addressee_office: str
    unit_id: uuid.UUID
    unit: str
    unit_full: str
    batch: int
    pinyin: str
    initials: str
    closed_at: datetime | None

    @property
    def addressee_name(self) -> str:
        """As `Delivery.addressee_name`."""
        return name_of_its_day(self.addressee_then, self.unit, self.closed_at, self.addressee_office)

    @property
    def passed_on(self) -> bool:
        """As `Delivery.passed_on`."""
        return self.addressee_unit_id != self.unit_id

    def late(self, asked: datetime | None) -> bool:
        """Whether it should have been signed for by now: it arrived before this was `asked` of what had arrived."""
        return asked is not None and self.state == DeliveryState.DELIVERED and self.arrived_at < asked


def _rows(dispatch: uuid.UUID) -> QuerySet[Delivery, tuple[Any, ...]]:
    return Delivery.objects.filter(dispatch=dispatch).order_by("unit__batch", "unit__order").values_list(
        "pk", "state", "allowance", "printed", "counted_day",
        "arrived_at", "urged_at", "signed_for_at", "received_at", "returned_at", "follows_id",
        "addressee__unit_id", "addressee__short_name", "addressee__name", "addressee_office",
        "unit_id", "unit__short_name", "unit__name", "unit__batch", "unit__pinyin", "unit__initials", "unit__closed_at",
    )  # fmt: skip


def _signed_receipts(dispatch: uuid.UUID) -> QuerySet[Receipt, int]:
    signed = Receipt.objects.filter(delivery__dispatch=dispatch).exclude(signature=None).order_by()
    return signed.values("delivery__dispatch").annotate(number=Count("pk")).values_list("number", flat=True)


_lines, _receipts = Prepared(_rows, dispatch=UUIDField()), Prepared(_signed_receipts, dispatch=UUIDField())


@dataclass(frozen=True)
class Batch:
    """The recipients of one batch (第一批)."""

    name: str
    lines: list[Line]

    @property
    def signed(self) -> int:
        """How many of them have signed for it, whatever came after."""
        return _signed(self.lines)


@dataclass
class Board:
    """A dispatch's recipients, by batch and in the order of the units, and the sums over them.

    `superseded`: those in whose stead another counts. What arrived before `asked` should have been signed for.
    """

    lines: list[Line]
    superseded: list[Line]
    receipts: int
    asked: datetime | None = None

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many stand in each state."""
        counts = dict.fromkeys((state.value for state in DeliveryState), 0)
        for line in self.lines:
            counts[line.state] += 1
        return counts

    @cached_property
    def late(self) -> int:
        """How many should have signed by now."""
        return sum(line.late(self.asked) for line in self.lines)

    @property
    def allowance(self) -> int:
        """How many originals may be printed."""
        return sum(line.allowance for line in self.lines)

    @property
    def printed(self) -> int:
        """How many were."""
        return sum(line.printed for line in self.lines)

    @property
    def signed(self) -> int:
        """How many have signed for it, whatever came after."""
        return _signed(self.lines)

    @property
    def passed_on(self) -> list[Line]:
        """Those that another unit holds than they were addressed to: it was merged or deregistered since."""
        return [line for line in self.lines if line.passed_on]

    @property
    def batches(self) -> Iterator[Batch]:
        """The same, batch by batch."""
        return (Batch(batch_name(n), list(lines)) for n, lines in groupby(self.lines, lambda line: line.batch))


def board(dispatch_id: uuid.UUID, asked: datetime | None = None) -> Board:
    """Everything the sender's tracking board shows, in two questions; `asked` as `HalfDay` says it."""
    lines = [Line(*row) for row in _lines(dispatch=dispatch_id)]
    return Board(
        lines=[line for line in lines if line.state not in SUPERSEDED],
        superseded=[line for line in lines if line.state in SUPERSEDED],
        receipts=sum(_receipts(dispatch=dispatch_id)),
        asked=asked,
    )


def _signed(lines: list[Line]) -> int:
    return sum(line.signed_for_at is not None for line in lines)
