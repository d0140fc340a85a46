"""Every receipt against its entry in the log: what was altered, removed, put in or exchanged is named.

Receipts are read once, block by block along their primary keys, with the entries of a block in one question; of the
entries the database itself says which have no receipt any more.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Entry
from yichuan.audit.strange_text import read_anyway
from yichuan.exchange.models import Receipt
from yichuan.exchange.services.receipts import ENTRY, digests

BLOCK = 2_000
_COLUMNS = ("pk", "kind", "delivery_id", "payload", "signature")


class _Kept(NamedTuple):
    """A receipt's row."""

    pk: UUID
    kind: str
    delivery_id: UUID
    payload: bytes
    signature: bytes | None


class _Entered(NamedTuple):
    """What an entry says of a receipt, and whether it bears the centre's mark."""

    detail: dict[str, Any]
    marked: bool


def receipt_faults() -> Iterator[Fault | None]:
    """What is wrong, a fault for each receipt, and None behind each block: a sign that it goes on
    (`YICHUAN_LOG_WITNESSES`).

    The entries themselves are taken at their word: `audit` proves them by the tree.
    """
    for receipts in _receipts():
        entries = read_anyway(partial(_entries_of, receipts))
        for receipt in receipts:
            entered = entries.get(receipt.pk, ())
            if receipt.signature is None and entered:  # it may have been signed between the two questions
                receipt = _receipt(receipt.pk) or receipt
            if (wrong := _wrong(receipt, entered)) is not None:
                yield _fault(receipt.kind, receipt.pk, wrong)
        yield None
    without = ~Exists(Receipt.objects.filter(pk=OuterRef("subject_id")))
    gone = Entry.objects.filter(without, verb=ENTRY).values_list("subject_id", "detail")
    for receipt_id, detail in read_anyway(lambda: list(gone)):
        yield _fault(detail.get("kind", ""), receipt_id, "日志里有，数据库里没有，已被删除")


def _wrong(receipt: _Kept, entries: Sequence[_Entered]) -> str | None:
    if not entries:
        return None if receipt.signature is None else "日志里没有，是事后加进来的"
    if len(entries) > 1:
        return f"日志里有 {len(entries)} 项，应当只有 1 项"
    if receipt.signature is None:
        return "日志里已经签名，数据库里的签名被去掉了"
    payload, said = bytes(receipt.payload), entries[0]
    found = digests(payload, bytes(receipt.signature))
    if not said.marked:  # the device signs receipts, so it was open
        return "日志里的那一条没有本系统的标记，不是签名时写入的"
    if found["payload_sm3"] != said.detail.get("payload_sm3"):
        return "内容与日志不一致，已被改动或者调换"
    if found["signature_sm3"] != said.detail.get("signature_sm3"):
        return "签名与日志不一致，已被改动或者调换"
    if receipt.kind != said.detail.get("kind"):
        return "种类与日志不一致，已被改动"
    delivery = json.loads(payload).get("delivery")
    return None if delivery == str(receipt.delivery_id) else "被移到另一件公文"


def _receipts() -> Iterator[list[_Kept]]:
    """All of them by their primary keys: each block begins where the one before ended."""
    found, last = Receipt.objects.order_by("pk").values_list(*_COLUMNS), UUID(int=0)
    while block := [_Kept(*row) for row in found.filter(pk__gt=last)[:BLOCK]]:
        yield block
        last = block[-1].pk


def _receipt(pk: UUID) -> _Kept | None:
    return next((_Kept(*row) for row in Receipt.objects.filter(pk=pk).values_list(*_COLUMNS)), None)


def _entries_of(block: Sequence[_Kept]) -> dict[UUID, list[_Entered]]:
    """By the receipt. The block is named by its ends: two thousand keys written out would cost more than the answer."""
    found: defaultdict[UUID, list[_Entered]] = defaultdict(list)
    these = Receipt.objects.filter(pk__range=(block[0].pk, block[-1].pk)).values("pk")
    rows = Entry.objects.filter(subject_id__in=these, verb=ENTRY).values_list("subject_id", "detail", "mark")
    for subject_id, detail, mark in rows:
        if subject_id is not None:
            found[subject_id].append(_Entered(detail, mark is not None))
    return found


def _fault(kind: str, receipt_id: UUID | None, wrong: str) -> Fault:
    label = dict(Receipt.Kind.choices).get(kind, "")
    return Fault(FaultKind.WITNESS, f"{label}回执 {receipt_id}：{wrong}。")
