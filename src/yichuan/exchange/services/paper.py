"""What travels on paper with a dispatch (J-28, D4, D6): noted in the transaction that sends it, followed from there."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, UUIDField

from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import require_transaction
from yichuan.compose.models import PaperAttachment
from yichuan.exchange.models import Delivery, Dispatch, PaperItem, PaperRecipient, Track
from yichuan.exchange.services.track import track_between
from yichuan.org.models import Unit

TWIN = "公文纸质件"
MOST_RECIPIENTS = 500
MOST_COPIES = 999
LONGEST_NAME, LONGEST_ADDRESS = 120, 200


@dataclass(frozen=True)
class PaperRecipientWish:
    """A recipient that is not connected: its name as it stands on the document, where to post it, how many copies."""

    name: str
    role: Delivery.Role = Delivery.Role.MAIN
    address: str = ""
    copies: int = 1


_attached = Prepared(
    lambda document: PaperAttachment.objects.filter(document=document).order_by("order"), document=UUIDField()
)


def check_wishes(wishes: Sequence[PaperRecipientWish]) -> None:
    """Raise `Invalid` (`paper`) where one of the wishes cannot be noted: no name, twice, connected after all."""
    if not wishes:
        return
    if len(wishes) > MOST_RECIPIENTS:
        raise Invalid({"paper": f"未联网的单位一次最多 {MOST_RECIPIENTS} 个。"})
    seen: set[str] = set()
    for place, wish in enumerate(wishes, start=1):
        fault = _fault(wish) or ("重复了" if skeleton(wish.name) in seen else "")
        if fault:
            raise Invalid({"paper": f"未联网的单位第 {place} 行（{wish.name[:20]}）：{fault}。"})
        seen.add(skeleton(wish.name))
    names = [wish.name for wish in wishes]
    connected = Unit.objects.filter(closed_at=None, name__in=names) | Unit.objects.filter(
        closed_at=None, short_name__in=names
    )
    for unit in connected.order_by("order")[:1]:
        raise Invalid({"paper": f"{unit.short_name}已经联网，请在上面的主送或者抄送里选择它。"})


def _fault(wish: PaperRecipientWish) -> str:
    if not skeleton(wish.name):
        return "请填写单位名称"
    if len(wish.name) > LONGEST_NAME or hides_something(wish.name):
        return f"单位名称最多 {LONGEST_NAME} 个字，不能有看不见的字符"
    if len(wish.address) > LONGEST_ADDRESS or hides_something(wish.address):
        return f"地址最多 {LONGEST_ADDRESS} 个字，不能有看不见的字符"
    if not 1 <= wish.copies <= MOST_COPIES:
        return f"份数应是 1 到 {MOST_COPIES} 之间的整数"
    return ""


def add_paper_recipients(dispatch: Dispatch, wishes: Sequence[PaperRecipientWish]) -> list[PaperRecipient]:
    """Note who gets this dispatch on paper only, in the order given. A step; `check_wishes` comes before it."""
    require_transaction()
    if not wishes:
        return []
    Dispatch.objects.filter(pk=dispatch.pk).update(paper_open=True)
    return PaperRecipient.objects.bulk_create(
        PaperRecipient(
            dispatch=dispatch, role=wish.role, order=order, name=wish.name, address=wish.address, copies=wish.copies
        )
        for order, wish in enumerate(wishes, start=1)
    )


def expect_paper(dispatch: Dispatch, units: Mapping[uuid.UUID, uuid.UUID], *, new: bool) -> list[PaperItem]:
    """Note what each recipient is to get on paper: the twin where the pair is on dual track, and every paper
    attachment of the document, of which a `new` one has none. `units` says of each delivery whose it is. A step, in as
    many statements for a thousand recipients as for one."""
    require_transaction()
    tracks = track_between(dispatch.unit_id, set(units.values()))
    attached = [] if new else _attached(document=dispatch.document_id)
    if not attached and Track.DUAL not in tracks.values():
        return []
    items = []
    for delivery_id, unit_id in units.items():
        if tracks[unit_id] == Track.DUAL:
            items.append(PaperItem(delivery_id=delivery_id, kind=PaperItem.Kind.TWIN, name=TWIN))
        items += [
            PaperItem(
                delivery_id=delivery_id,
                kind=PaperItem.Kind.ATTACHMENT,
                order=each.order,
                name=each.name,
                copies=each.copies,
            )
            for each in attached
        ]
    made = PaperItem.objects.bulk_create(items)
    Delivery.objects.filter(dispatch=dispatch, paper__isnull=False).update(paper_open=True)
    Dispatch.objects.filter(pk=dispatch.pk).update(paper_open=True)
    return made


def carry_paper(old: Delivery, new: Delivery) -> None:
    """What was to come on paper with a delivery comes with the one that took its place. A step.

    For a delivery that was sent again, or that an office passed on to its unit's registry.
    """
    require_transaction()
    if PaperItem.objects.filter(delivery=old).update(delivery=new):
        note_awaited([old.pk, new.pk])


def note_awaited(delivery_ids: Iterable[uuid.UUID]) -> None:
    """Note anew on these deliveries whether something on paper is still to come. A step."""
    require_transaction()
    awaited = PaperItem.objects.filter(delivery=OuterRef("pk"), arrived_at=None)
    Delivery.objects.filter(pk__in=list(delivery_ids)).update(paper_open=Exists(awaited))


def note_open(dispatch_id: uuid.UUID) -> None:
    """The same on a dispatch: open until everything has come and every unconnected recipient was posted to. A step."""
    require_transaction()
    awaited = Delivery.objects.filter(dispatch=dispatch_id, paper_open=True).exists()
    unposted = PaperRecipient.objects.filter(dispatch=dispatch_id, posted_at=None).exists()
    Dispatch.objects.filter(pk=dispatch_id).update(paper_open=awaited or unposted)
