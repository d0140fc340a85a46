"""Every receipt against its entry in the log: what was altered, removed, put in or exchanged is named.

Both are read once, in batches along an index; neither is held in memory.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Entry
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.receipts import ENTRY, digests

BATCH = 1_000


def receipt_faults() -> Iterator[Fault]:
    """What is wrong, a fault for each receipt; none where every receipt is as the log has it (`YICHUAN_LOG_WITNESSES`).

    The entries themselves are taken at their word: `audit` proves them by the tree.
    """
    for receipts in _receipts():
        entries = _entries_of([receipt.pk for receipt in receipts])
        for receipt in receipts:
            if receipt.signature is None and entries[receipt.pk]:
                # it may have been signed between the two questions
                receipt = Receipt.objects.filter(pk=receipt.pk).first() or receipt
            if (wrong := _wrong(receipt, entries[receipt.pk])) is not None:
                yield _fault(receipt.kind, receipt.pk, wrong)
    for batch in _entries():
        there = set(Receipt.objects.filter(pk__in=[entry.subject_id for entry in batch]).values_list("pk", flat=True))
        for entry in batch:
            if entry.subject_id not in there:
                yield _fault(entry.detail.get("kind", ""), entry.subject_id, "日志里有，数据库里没有，已被删除")


def _wrong(receipt: Receipt, entries: list[tuple[dict[str, Any], bool]]) -> str | None:
    if not entries:
        return None if receipt.signature is None else "日志里没有，是事后加进来的"
    if len(entries) > 1:
        return f"日志里有 {len(entries)} 项，应当只有 1 项"
    if receipt.signature is None:
        return "日志里已经签名，数据库里的签名被去掉了"
    found, (kept, marked) = digests(bytes(receipt.payload), bytes(receipt.signature)), entries[0]
    if not marked:  # the device signs receipts, so it was open
        return "日志里的那一条没有本系统的标记，不是签名时写入的"
    if found["payload_sm3"] != kept.get("payload_sm3"):
        return "内容与日志不一致，已被改动或者调换"
    if found["signature_sm3"] != kept.get("signature_sm3"):
        return "签名与日志不一致，已被改动或者调换"
    if receipt.kind != kept.get("kind"):
        return "种类与日志不一致，已被改动"
    said = json.loads(bytes(receipt.payload))
    return None if said.get("delivery") == str(receipt.delivery_id) else "被移到另一件公文"


def _entries_of(receipts: list[UUID]) -> defaultdict[UUID, list[tuple[dict[str, Any], bool]]]:
    """Of each receipt its entries' details, and whether they are marked."""
    found: defaultdict[UUID, list[tuple[dict[str, Any], bool]]] = defaultdict(list)
    rows = Entry.objects.filter(subject_id__in=receipts, verb=ENTRY).values_list("subject_id", "detail", "mark")
    for subject_id, detail, mark in rows:
        if subject_id is not None:
            found[subject_id].append((detail, mark is not None))
    return found


def _receipts() -> Iterator[list[Receipt]]:
    """All of them by their primary keys, so many at a time: each batch begins where the one before ended."""
    found, last = Receipt.objects.order_by("pk"), UUID(int=0)
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _entries() -> Iterator[list[Entry]]:
    """The entries of receipts by their times, the order of the index that has them apart from all others."""
    found = rest = Entry.objects.filter(verb=ENTRY).order_by("at", "pk")
    while batch := list(rest[:BATCH]):
        yield batch
        last = batch[-1]
        rest = found.filter(Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk), at__gte=last.at)


def _fault(kind: str, receipt_id: UUID | None, wrong: str) -> Fault:
    label = dict(Receipt.Kind.choices).get(kind, "")
    return Fault(FaultKind.WITNESS, f"{label}回执 {receipt_id}：{wrong}。")
