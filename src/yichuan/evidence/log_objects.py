"""People, units and documents as the log's search asks for them (`audit.objects`)."""

import re
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from yichuan.audit.objects import MOST_NAMED, Named
from yichuan.common.prefixes import starting_with
from yichuan.compose.models import Document
from yichuan.exchange.models import Assignment, Delivery, Dispatch, Receipt
from yichuan.org.models import Staff, Unit, UnitName
from yichuan.people.models import Account
from yichuan.seals.models import SealUse

_NUMBER = re.compile(r"(\D+?)[\s〔［\[(（【﹝]*(\d{4})[\s〕］\])）】﹞]*第?0*(\d{1,6})\s*号?")


class LogObjects:
    """`audit.objects.Objects`, answered by the rooms of people, units, documents and exchange."""

    def persons(self, text: str) -> list[Named]:
        """The account of this name, else who is called so, else whose name begins so."""
        accounts = Account.objects.order_by("name", "username")
        for chosen in (Q(username=text), Q(name=text), starting_with("name", text)):
            if found := list(accounts.filter(chosen)[: MOST_NAMED + 1]):
                return _people(found)
        return []

    def units(self, text: str) -> list[Named]:
        """The units of this very name of any day, else those one of whose names holds it."""
        very = Q(name=text) | Q(short_name=text)
        holding = Q(name__contains=text) | Q(short_name__contains=text)
        for chosen in (very, holding):
            former = UnitName.objects.filter(chosen).order_by().values("unit_id")
            found = Unit.objects.filter(chosen | Q(pk__in=former)).order_by("order", "pk")[: MOST_NAMED + 1]
            if units := list(found):
                return [Named((unit.pk,), _unit_label(unit), unit.name) for unit in units]
        return []

    def document(self, text: str) -> Named | None:
        """By id or by number, however its brackets are written."""
        try:
            return _by_id(uuid.UUID(text))
        except ValueError:
            pass
        parts = _NUMBER.fullmatch(text.strip())
        if parts is None:
            return None
        number = f"{parts[1].strip()}〔{parts[2]}〕{parts[3]}号"
        found = list(Document.objects.filter(number=number).order_by().values_list("pk", flat=True))
        return Named(tuple(about(found)), number, number) if found else None

    def unit_names(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
        """Closed units included."""
        return dict(Unit.objects.filter(pk__in=ids).values_list("pk", "short_name"))

    def document_of(self, kind: str, subject_id: uuid.UUID) -> Named | None:
        """Of what the document's road leaves behind; None for anything else."""
        document = document_of(subject_id) if kind in _KINDS else None
        return Named((document.pk,), document.number or "还没有文号") if document else None


def _people(accounts: list[Account]) -> list[Named]:
    cards = Staff.objects.filter(pk__in=[each.pk for each in accounts]).values_list("pk", "unit__short_name")
    units = dict(cards)
    return [
        Named((each.pk,), f"{each.name}（{units.get(each.pk, '交换中心')}，账号 {each.username}）", each.username)
        for each in accounts
    ]


def _unit_label(unit: Unit) -> str:
    return f"{unit.short_name}（已注销）" if unit.closed_at is not None else unit.short_name


def _by_id(subject_id: uuid.UUID) -> Named:
    document = document_of(subject_id)
    if document is None:  # of something else: the entries about it itself
        return Named((subject_id,), str(subject_id), str(subject_id))
    return Named(tuple(about([document.pk])), document.number or str(document.pk), document.number or str(document.pk))


_KINDS = {
    "compose.document", "exchange.dispatch", "exchange.delivery", "exchange.returnnotice", "exchange.assignment",
    "exchange.receipt", "seals.sealuse",
}  # fmt: skip


def document_of(subject_id: uuid.UUID) -> Document | None:
    """Only its number is read: the title rests encrypted, and is nothing for who searches the log."""
    numbers: QuerySet[Document] = Document.objects.only("pk", "number")
    for found in (
        numbers.filter(pk=subject_id),
        numbers.filter(dispatch=subject_id),
        numbers.filter(dispatch__deliveries=subject_id),
        numbers.filter(dispatch__deliveries__assignments=subject_id),
        numbers.filter(dispatch__deliveries__receipts=subject_id),
        numbers.filter(pk__in=SealUse.objects.filter(pk=subject_id).values("document_id")),
    ):
        if (document := found.first()) is not None:
            return document
    return None


def about(documents: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The ids of all that entries about these documents name; a return notice has its delivery's."""
    of = list(documents)
    found = [*of, *SealUse.objects.filter(document_id__in=of).order_by().values_list("pk", flat=True)]
    found += Dispatch.objects.filter(document_id__in=of).order_by().values_list("pk", flat=True)
    found += Delivery.objects.filter(dispatch__document_id__in=of).order_by().values_list("pk", flat=True)
    found += Assignment.objects.filter(delivery__dispatch__document_id__in=of).order_by().values_list("pk", flat=True)
    found += Receipt.objects.filter(delivery__dispatch__document_id__in=of).order_by().values_list("pk", flat=True)
    return found
