"""The register of printed originals (打印登记, R4, J-34): each copy that left the printer's file, of one desk."""

import uuid

from django.db.models import Prefetch, Q, QuerySet

from yichuan.compose.words import number_sought
from yichuan.exchange.models import PrintedCopy, Receipt
from yichuan.web.lists import Narrowing, Part

PARTS = (
    Part("number", "文号含"),
    Part("person", "打印人含"),
    Part("since", "自", day=True),
    Part("until", "至", day=True),
)


def prints_of(unit_id: uuid.UUID, office_id: uuid.UUID | None) -> QuerySet[PrintedCopy]:
    """All copies of one desk (the unit's registry, or one office), the latest first; from the index of the unit."""
    desk = Q(delivery__office=None) if office_id is None else Q(delivery__office_id=office_id)
    rows = PrintedCopy.objects.filter(desk, unit_id=unit_id, state=PrintedCopy.State.ISSUED)
    received = Receipt.objects.filter(kind=Receipt.Kind.RECEIVED)
    return (
        rows.select_related(
            "delivery__dispatch__document__box", "delivery__dispatch__sender", "delivery__dispatch__unit",
            "printed_by", "verification__seal",
        )
        .prefetch_related(Prefetch("delivery__receipts", received, to_attr="of_receiving"))
        .order_by("-issued_at", "delivery_id", "-number")
    )  # fmt: skip


def narrowed(rows: QuerySet[PrintedCopy], wanted: Narrowing) -> QuerySet[PrintedCopy]:
    """Those that the filter lets through. Number and name are compared row by row: the days bound them."""
    if wanted.begin:
        rows = rows.filter(issued_at__gte=wanted.begin)
    if wanted.end:
        rows = rows.filter(issued_at__lt=wanted.end)
    if wanted["person"]:
        rows = rows.filter(printed_by__name__icontains=wanted["person"])
    for part in number_sought(wanted["number"]):
        rows = rows.filter(delivery__dispatch__document__number__icontains=part)
    return rows


def receipt_number(copy: PrintedCopy) -> str:
    """The number of the receipt of receiving that went to the sender: how both sides call it."""
    [receipt] = getattr(copy.delivery, "of_receiving") or [None]  # noqa: B009 - set by the prefetch
    return receipt.pk.hex[:12].upper() if receipt else ""


def seal_name(copy: PrintedCopy) -> str:
    """Whose verification seal it was printed with."""
    return f"{copy.verification.seal.name}验证印章" if copy.verification else ""
