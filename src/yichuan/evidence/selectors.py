"""What of the log and of the register belongs into a package, by who packs it.

Whoever asks for entries hears DamagedLog where one of them cannot be read any more.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from yichuan.audit.models import Checkpoint, Entry
from yichuan.audit.selectors_tree import checkpoint_covering, only_signed
from yichuan.audit.unreadable import Unreadable, entries_of
from yichuan.compose.models import Document
from yichuan.evidence.damaged import DamagedLog
from yichuan.evidence.log_objects import about
from yichuan.exchange.models import Delivery, Dispatch, Receipt
from yichuan.exchange.services.receipts import ENTRY
from yichuan.keys.models import IssuedCertificate, PublishedList
from yichuan.keys.services.sign_checkpoints import OURS
from yichuan.keys.states import AUTHORITIES
from yichuan.lib.gm.crl import Crl
from yichuan.seals.models import SealUse

T = TypeVar("T")
AT_ONCE = 1_000
MOST_EARLIER = 30
SHOWN_TO_SENDERS = (
    "exchange.sign_for", "exchange.return", "exchange.print_original", "exchange.print_again", "exchange.take_copy",
    "exchange.read",
)  # fmt: skip
"""Acts of a receiver that the sender sees on its tracking board too; what else a receiver does inside is its own."""


def entries_for_sender(document: Document) -> list[Entry]:
    """About the document, its seals and its sending; of the receivers what the tracking board shows."""
    own = [document.pk, *SealUse.objects.filter(document_id=document.pk).values_list("pk", flat=True)]
    own += Dispatch.objects.filter(document=document).values_list("pk", flat=True)
    deliveries = Delivery.objects.filter(dispatch__document=document)
    found = _about(Entry.objects.all(), own)
    ids = list(deliveries.values_list("pk", flat=True))
    found += _about(Entry.objects.filter(unit_id=document.unit_id), ids)
    found += _about(Entry.objects.filter(verb__in=SHOWN_TO_SENDERS), ids)
    return _once(found + _about(Entry.objects.filter(verb=ENTRY), [each.pk for each in receipts_of(deliveries)]))


def entries_for_receiver(delivery: Delivery) -> list[Entry]:
    """What this unit did with it, and the receipts it gave. The sending itself names the other receivers: it stays out,
    and the digest is proven by the receipts."""
    found = _about(Entry.objects.filter(unit_id=delivery.unit_id), [delivery.pk])
    receipts = receipts_of(Delivery.objects.filter(pk=delivery.pk))
    return _once(found + _about(Entry.objects.filter(verb=ENTRY), [each.pk for each in receipts]))


def entries_for_auditor(document: Document) -> list[Entry]:
    """Everything about it."""
    return _once(_about(Entry.objects.all(), about([document.pk])))


def receipts_of(deliveries: QuerySet[Delivery]) -> list[Receipt]:
    """The signed receipts of these deliveries, the earliest first."""
    found = Receipt.objects.filter(delivery__in=deliveries, signature__isnull=False)
    return list(found.select_related("delivery__box").order_by("at", "pk"))


def checkpoint_certificates() -> list[IssuedCertificate]:
    """Of every key that signs or ever signed checkpoints, the newest first: also of one that was revoked since, for who
    kept a checkpoint from before holds the package against it."""
    return list(IssuedCertificate.objects.filter(OURS).order_by("-issued_at"))


def crls_at(moment: datetime) -> list[Crl]:
    """The centre's own lists that were in force at a moment, as far as they are kept."""
    labels = IssuedCertificate.objects.filter(use__in=AUTHORITIES).order_by("issued_at").values_list("label", flat=True)
    found = []
    for label in dict.fromkeys(labels):
        rows = PublishedList.objects.filter(issuer=label, der__isnull=False, this_update__lte=moment)
        if (row := rows.order_by("-number").first()) is not None:
            found.append(Crl.from_der(bytes(row.der or b"")))
    return found


def earlier_checkpoints(before: Checkpoint, first: Entry | None) -> list[Checkpoint]:
    """The newest that left the centre, and the first over the entry `first`, the oldest first: who kept one of them
    sees whether the log is still the one."""
    sent = Checkpoint.objects.filter(sent_at__isnull=False, size__lt=before.size).order_by("-size")
    found = {each.size: each for each in only_signed(list(sent[:MOST_EARLIER]))}
    covering = checkpoint_covering(first) if first is not None else None
    if covering is not None and covering.size < before.size:
        found[covering.size] = covering
    return [found[size] for size in sorted(found)]


def _about(entries: QuerySet[Entry], subjects: Iterable[UUID]) -> list[Entry]:
    return [entry for ids in batches(subjects) for entry in _readable(entries.filter(subject_id__in=ids))]


def _readable(entries: QuerySet[Entry]) -> list[Entry]:
    """Raises DamagedLog where one of them holds what no centre writes: it cannot be proven as it was."""
    found = entries_of(entries.values_list("pk", flat=True)).values()
    for entry in found:
        if isinstance(entry, Unreadable):
            raise DamagedLog(f"日志里有一条关于这件公文的记录（行号 {entry.pk}）被改动，读不出来")
    return [entry for entry in found if isinstance(entry, Entry)]


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time as a database takes in one question."""
    rest = iter(rows)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Each entry once, in the order in which they were written."""
    found = {entry.pk: entry for entry in entries}
    return [found[pk] for pk in sorted(found)]
