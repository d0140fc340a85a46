"""What travels on paper: of one delivery, of one dispatch, and what is still outstanding for sender and receiver."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet, UUIDField

from yichuan.common.among import Several
from yichuan.common.prepared import Prepared
from yichuan.exchange.models import Delivery, Dispatch, PaperItem, PaperRecipient, TrackRule
from yichuan.exchange.selectors import with_names
from yichuan.exchange.services.paper_arrived import AWAITED


def papers_of(delivery: Delivery) -> list[PaperItem]:
    """What one delivery's recipient gets on paper, the twin before the attachments."""
    return list(delivery.paper.select_related("posted_by", "recorded_by").order_by("order", "kind"))


def awaited(unit_id: uuid.UUID, office_id: uuid.UUID | None = None) -> QuerySet[Delivery]:
    """The deliveries of one desk with papers that have not come, the latest first."""
    found = Delivery.objects.filter(unit_id=unit_id, office=office_id, paper_open=True, state__in=AWAITED)
    return with_names(found).order_by("-arrived_at", "-id")


def with_papers(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Set `on_paper` on each of these: its items in their order, in one question."""
    shown = {delivery.pk: delivery for delivery in deliveries}
    for delivery in shown.values():
        delivery.on_paper = []  # type: ignore[attr-defined]
    rows = PaperItem.objects.filter(delivery__in=shown).select_related("recorded_by").order_by("order", "kind")
    for item in rows:
        shown[item.delivery_id].on_paper.append(item)  # type: ignore[attr-defined]
    return list(shown.values())


def paper_sent(unit_id: uuid.UUID) -> QuerySet[Dispatch]:
    """The unit's dispatches of which something on paper is still to be posted or to come, the latest first."""
    found = Dispatch.objects.filter(unit_id=unit_id, paper_open=True, withdrawn_at=None)
    return found.select_related("document").order_by("-sent_at")


@dataclass
class Tally:
    """How many papers of one dispatch were posted and have come; how many unconnected recipients were posted to."""

    items: int = 0
    posted: int = 0
    arrived: int = 0
    recipients: int = 0
    posted_to: int = 0

    @property
    def unposted(self) -> int:
        """How much is still to be posted: what came without being noted as posted need not be."""
        return max(self.items - self.posted, 0) + self.recipients - self.posted_to

    @property
    def words(self) -> str:
        """How it stands, the sender's own part first."""
        if self.unposted:
            return f"{self.unposted} 项没有寄出"
        return f"{self.items - self.arrived} 份没有收到"


def _item_rows(dispatches: Collection[uuid.UUID]) -> QuerySet[PaperItem, tuple[uuid.UUID, int, int, int]]:
    rows = PaperItem.objects.filter(delivery__dispatch__pk__among=dispatches, delivery__state__in=AWAITED)
    gone = Q(posted_at__isnull=False) | Q(arrived_at__isnull=False)
    grouped = rows.order_by().values_list("delivery__dispatch")
    return grouped.annotate(items=Count("id"), gone=Count("id", filter=gone), arrived=Count("arrived_at"))


_items = Prepared(_item_rows, dispatches=Several(UUIDField()))
_recipients = Prepared(
    lambda dispatch: PaperRecipient.objects.filter(dispatch=dispatch).select_related("posted_by"), dispatch=UUIDField()
)


def tallies(dispatches: Iterable[Dispatch]) -> dict[uuid.UUID, Tally]:
    """The figures of these dispatches, in two questions."""
    found = {dispatch.pk: Tally() for dispatch in dispatches}
    _count_items(found)
    posted_to = PaperRecipient.objects.filter(dispatch__in=found).order_by().values_list("dispatch")
    for dispatch_id, recipients, posted in posted_to.annotate(Count("id"), Count("posted_at")):
        found[dispatch_id].recipients, found[dispatch_id].posted_to = recipients, posted
    return found


def _count_items(found: Mapping[uuid.UUID, Tally]) -> None:
    for dispatch_id, items, posted, arrived in _items(dispatches=found):
        tally = found[dispatch_id]
        tally.items, tally.posted, tally.arrived = items, posted, arrived


@dataclass
class PaperSheet:
    """Everything on paper of one dispatch: by recipient, and the recipients that are not connected."""

    deliveries: list[Delivery] = field(default_factory=list)
    recipients: list[PaperRecipient] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)

    def __bool__(self) -> bool:
        return bool(self.tally.items or self.tally.recipients)


def paper_sheet(dispatch: Dispatch) -> PaperSheet:
    """What the sender follows. Recipients stand in the order of the dispatch."""
    sheet = paper_sums(dispatch)
    held = dispatch.deliveries.filter(paper__isnull=False, state__in=AWAITED).distinct()
    sheet.deliveries = with_papers(held.select_related("unit", "addressee").order_by("order"))
    return sheet


def paper_sums(dispatch: Dispatch) -> PaperSheet:
    """The same without the deliveries, which only their sums stand for: what the board says."""
    recipients = _recipients(dispatch=dispatch.pk)
    tally = Tally(recipients=len(recipients), posted_to=sum(each.posted_at is not None for each in recipients))
    _count_items({dispatch.pk: tally})
    return PaperSheet([], recipients, tally)


def track_rules(*, ended: bool = False) -> QuerySet[TrackRule]:
    """The rules of single and dual track, those in force or those that ended, the latest first."""
    rows = TrackRule.objects.select_related("sender", "receiver", "set_by").order_by("-since", "-id")
    return rows.exclude(until=None) if ended else rows.filter(until=None)
