"""Entries beside the tree: inserted without it, taken away before they came in, doubled, or still waiting."""

from collections.abc import Iterator
from hmac import compare_digest

from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.log_rows import rows_outside, rows_waiting
from yichuan.audit.models import Entry, Head, Leaf, Pending
from yichuan.audit.suspects import MOST, Suspects
from yichuan.lib.gm.sm3 import hmac_sm3
from yichuan.lib.merkle import leaf_hash


def stray_faults(suspects: Suspects) -> Iterator[Fault]:
    """Entries without a place, places without end, and entries of one name. A suspect place whose entry turns up here
    lost its place alone."""
    for number, row in enumerate(rows_outside()):
        if number == MOST:
            yield Fault(FaultKind.MORE, f"不在日志树里的记录超过 {MOST} 条，没有全部列出。")
            break
        index = suspects.claim(leaf_hash(row.leaf))
        if index is None:
            said = f"行号 {row.entry} 的记录是直接插入数据库的：不在日志的树里，也不在等待排入之列。"
            yield Fault(FaultKind.INSERTED, said, None, row.entry)
        else:
            said = f"第 {index + 1} 条的位置登记被删除或改动，记录本身还在（行号 {row.entry}）。"
            yield Fault(FaultKind.PLACE, said, index, row.entry)
    for leaf in _beyond():
        said = f"日志树只到第 {leaf.index} 条以前，却登记了第 {leaf.index + 1} 条（行号 {leaf.entry_id}）。"
        yield Fault(FaultKind.PLACE, said, leaf.index, leaf.entry_id)
    for first, last in _of_one_name():
        said = f"行号 {last} 的记录重复了行号 {first} 的记录：两条的标识相同。"
        yield Fault(FaultKind.DOUBLED, said, None, last)


def waiting_faults(key: bytes | None) -> Iterator[Fault]:
    """What waits for the tree and is not what the centre wrote, was taken away, or stands there already."""
    for row in rows_waiting():
        if not row.readable:
            said = f"等待排入日志的行号 {row.entry} 的记录读不出来：内容不成文字，不是本系统写入的。"
            yield Fault(FaultKind.UNREADABLE, said, None, row.entry)
        elif key is not None and row.mark is not None and not compare_digest(row.mark, hmac_sm3(key, row.marked)):
            said = f"等待排入日志的行号 {row.entry} 不是本系统写入的记录：没有本系统的有效标记。"
            yield Fault(FaultKind.FOREIGN, said, None, row.entry)
    gone = Pending.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
    for number in gone.values_list("entry_id", flat=True)[:MOST]:
        said = f"等待排入日志的行号 {number} 的记录被删除。"
        yield Fault(FaultKind.MISSING, said, None, number)
    for number in Pending.objects.exclude(entry__leaf=None).values_list("entry_id", flat=True)[:MOST]:
        said = f"行号 {number} 的记录已经在日志里，又被登记为等待排入。"
        yield Fault(FaultKind.DOUBLED, said, None, number)


def _beyond() -> list[Leaf]:
    """Places behind the end of the tree; one statement, so that a tree that grows is no fault."""
    end = Coalesce(Subquery(Head.objects.filter(pk=1).values("size")), 0)  # without a head nothing has a place
    return list(Leaf.objects.filter(index__gte=end).order_by("index")[:MOST])


def _of_one_name() -> list[tuple[int, int]]:
    """Which names stand twice is asked of their index alone, which rows bear them only of those."""
    names = Entry.objects.values("uid").annotate(number=Count("*")).filter(number__gt=1).values_list("uid", flat=True)
    doubled = Entry.objects.filter(uid__in=list(names[:MOST])).values("uid")
    return list(doubled.annotate(first=Min("pk"), last=Max("pk")).values_list("first", "last"))
