"""Checkpoints for the auditor's page: the newest, those of a day, how far the tree is behind, what was printed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.timezone import make_aware

from yichuan.audit.models import Checkpoint, Entry, Head, Pending
from yichuan.audit.selectors_tree import first_signed, tiles
from yichuan.common import clock
from yichuan.lib.merkle import tree_root

MOST_COUNTED = 10_000
LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Behind:
    """What waits for the tree: how many (at most `MOST_COUNTED`), since when the oldest, whether that is too long."""

    waiting: int
    since: datetime | None
    late: bool


@dataclass(frozen=True)
class Compared:
    """A printed checkpoint against the log: `state` of `ok warn bad`, said in one word and in a sentence."""

    state: str
    word: str
    sentence: str


def behind() -> Behind:
    """Whether the sequencer keeps up."""
    waiting = Pending.objects.order_by()[:MOST_COUNTED].count()
    oldest = Pending.objects.order_by("entry_id").values_list("entry_id", flat=True).first()
    since = Entry.objects.filter(pk=oldest).values_list("at", flat=True).first() if oldest else None
    return Behind(waiting, since, since is not None and clock.now() - since > LATE_AFTER)


def checkpoints_of(day: date) -> QuerySet[Checkpoint]:
    """The signed checkpoints of one day, the newest first."""
    begin = make_aware(datetime.combine(day, time()))
    found = Checkpoint.objects.filter(at__gte=begin, at__lt=begin + timedelta(days=1), signature__isnull=False)
    return found.order_by("-at", "-size")


def last_sent() -> Checkpoint | None:
    """The newest that went to the auditor's own store."""
    return first_signed(Checkpoint.objects.filter(sent_at__isnull=False).order_by("-size"))


def compared(size: int, digits: str) -> Compared:
    """What an original says the log was, against what it is now. `digits`: 16 hexadecimal ones, small letters."""
    head = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    if size > head:
        said = f"日志现在只有 {head} 条，比原件上印的 {size} 条少。请对照原件再核一遍；"
        said += "没有抄错的，就是日志被退回到了较早的样子，或者这不是本中心的原件。"
        return Compared("bad", "不一致", f"{said}请保留原件，立即核验全部日志，并报告主管单位。")
    row = Checkpoint.objects.filter(size=size).first()
    try:
        root = tree_root(size, tiles().node)
    except (KeyError, ValueError):
        return Compared("bad", "不一致", "日志的树缺了一部分，算不出那时的树根。请立即核验全部日志，并报告主管单位。")
    if not root.hex().startswith(digits):
        said = f"前 {size} 条记录现在得到的是 {root.hex()[:16]}，和原件上印的不同。"
        said += "可能是抄错了，请对照原件再核一遍；没有抄错的，就是打印以后日志被改动过"
        return Compared("bad", "不一致", f"{said}，或者这不是本中心的原件。请立即核验全部日志。")
    if size == 0:
        return Compared("ok", "一致", "打印这份原件时日志还是空的，没有可以比对的记录。")
    if row is None or not bytes(row.root).hex().startswith(digits):
        said = f"前 {size} 条记录和打印时相同，可是检查点的登记里没有这一个，或者登记被改动过。请核验全部日志。"
        return Compared("warn", "一致，登记不全", said)
    return Compared(
        "ok", "一致", f"从第 1 条到第 {size} 条，日志和打印这份原件时完全一样，没有被改动、删除或者插入过。"
    )
