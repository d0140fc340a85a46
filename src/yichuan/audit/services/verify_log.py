"""Verification of the whole log: every entry is digested anew, the tree is built anew, and all that is kept of it, its
places, tiles, head and checkpoints, is held against that. What does not agree is named.

An entry and its kept digest that differ do not say which of them was altered; a signed checkpoint that the entries
still lead to does, and so does the centre's own mark.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from itertools import chain
from multiprocessing import get_context

import django
from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.faults import Fault, FaultKind, Note, NoteKind, Verdict, places
from yichuan.audit.held_checkpoints import HeldCheckpoints
from yichuan.audit.log_span import Span, read_span, set_back
from yichuan.audit.models import Head
from yichuan.audit.stray_entries import stray_faults, waiting_faults
from yichuan.audit.suspects import MOST, Suspect, Suspects
from yichuan.audit.tiles_held import kept_digests, upper_tiles
from yichuan.lib.gm.sm3 import DIGEST_SIZE
from yichuan.lib.merkle import EMPTY_ROOT, TILE, Peaks, SignedCheckpoint

SPAN = 50 * TILE
NOTES_SHOWN = 20
OPENING = 16
"""A centre's first entries are written before the key of the mark is made: fewer than these."""
Progress = Callable[[int, int], None]


def verify_log(
    *, kept: Sequence[SignedCheckpoint] = (), progress: Progress | None = None, processes: int = 1
) -> Verdict:
    """Verify everything that was in the tree when it began; entries that come in meanwhile are no part of it.

    `kept` are checkpoints that were kept outside of the centre. `progress` is told how many of how many entries are
    done. With more `processes` others read and digest, and see only what is committed.
    """
    head = Head.objects.filter(pk=1).first() or Head(root=EMPTY_ROOT)
    key_of_log: Callable[[], bytes | None] = import_string(settings.YICHUAN_LOG_KEY)
    run = _Run(head, key_of_log(), kept)

    def tell() -> None:
        if progress is not None:
            progress(run.tree.size, head.size)

    with _parts(head.size, run.key, processes, tell) as (spans, witnesses):
        for span in spans:
            run.take(span)
            tell()
        return run.verdict(witnesses)


class _Run:
    """One verification: `tree` is built from the entries, `held` from their kept digests where any of these differs."""

    def __init__(self, head: Head, key: bytes | None, kept: Sequence[SignedCheckpoint]) -> None:
        self.head, self.key = head, key
        self.tree = self.held = Peaks()
        self.checkpoints = HeldCheckpoints(head.size, kept)
        self.suspects = Suspects()
        self.foreign: list[tuple[int, int | None]] = []
        self.foreign_more = 0
        self.unreadable: list[tuple[int, int | None]] = []
        self.unmarked: list[list[int]] = []  # runs: the first place and the last
        self.steps: list[tuple[int, str, str]] = []
        self.last_at = ""

    def take(self, span: Span) -> None:
        """The next span of the log."""
        self._remember(span)
        held = kept_digests(span.begin, len(span.digests))
        if span.digests != held:
            self._suspect(span, held)
        leaves = [digest or kept or bytes(DIGEST_SIZE) for digest, kept in zip(span.digests, held, strict=True)]
        beside = [kept or bytes(DIGEST_SIZE) for kept in held]
        rows, sizes = self.checkpoints.sizes(span.begin, span.begin + len(leaves))
        done = 0
        for size in [*sizes, span.begin + len(leaves)]:
            until = size - span.begin
            self.tree.append(leaves[done:until])
            if self.held is not self.tree:
                self.held.append(beside[done:until])
            done = until
            if size in sizes:
                self.checkpoints.compare(size, rows.get(size), self.tree.root(), self.held.root())
                sizes = sizes[1:]

    def verdict(self, witnesses: Iterable[list[Fault]]) -> Verdict:
        """What came of all of it, with what the rooms above say of their own rows."""
        faults = _bounded(chain(self._faults(), chain.from_iterable(witnesses)))
        size, root = self.tree.size, self.tree.root()
        return Verdict(size, root, self.checkpoints.count, faults, list(self._notes()))

    def _faults(self) -> Iterator[Fault]:
        found = [*self.checkpoints.faults, *self.checkpoints.end(self.head.checkpoints)]
        found += [*stray_faults(self.suspects), *self.suspects.faults(self.checkpoints.proven)]
        yield from found
        named = {fault.index for fault in found}
        for index, entry in self.foreign:
            if index not in named:
                said = f"第 {index + 1} 条不是本系统写入的记录：没有本系统的有效标记（行号 {entry}）。"
                yield Fault(FaultKind.FOREIGN, said, index, entry)
        for index, entry in self.unreadable:
            if index not in named:
                said = f"第 {index + 1} 条记录读不出来：内容不成文字，不是本系统写入的（行号 {entry}）。"
                yield Fault(FaultKind.UNREADABLE, said, index, entry)
        if self.foreign_more:
            yield Fault(FaultKind.MORE, f"另有 {self.foreign_more} 条没有本系统的有效标记，没有逐条列出。")
        yield from upper_tiles(self.head, self.tree, self.held)
        if bytes(self.head.root) not in (self.tree.root(), self.held.root()):
            yield Fault(FaultKind.HEAD, "日志末端登记的树根与记录不符，被改动过。")
        yield from waiting_faults(self.key)

    def _remember(self, span: Span) -> None:
        room = max(0, MOST - len(self.foreign))
        self.foreign += [(index, span.entries[index - span.begin]) for index in span.foreign[:room]]
        self.foreign_more += len(span.foreign[room:])
        self.unreadable += [(index, span.entries[index - span.begin]) for index in span.unreadable]
        _add_runs(self.unmarked, span.unmarked)
        if set_back(span.first_at, self.last_at):
            self.steps.append((span.begin, span.first_at, self.last_at))
        self.steps += span.steps
        self.last_at = span.last_at or self.last_at

    def _suspect(self, span: Span, held: list[bytes | None]) -> None:
        if self.held is self.tree:
            self.held = deepcopy(self.tree)
        doubtful = {*span.foreign, *span.unmarked, *span.unreadable}
        for at, (digest, kept) in enumerate(zip(span.digests, held, strict=True)):
            if digest is None or digest != kept:
                index = span.begin + at
                marked = self.key is not None and index not in doubtful
                self.suspects.add(Suspect(index, span.entries[at], digest, kept, marked))

    def _notes(self) -> Iterator[Note]:
        if self.key is None:
            yield Note(NoteKind.NO_KEY, "密码设备没有打开，没有核对每条记录的标记；开启后请再核验一次。")
        for run in self.unmarked[:NOTES_SHOWN]:
            why = "写入时密码设备没有打开，或者不是本系统写入的；请核对那段时间的情况"
            if run[0] == 0 and run[1] < OPENING:
                why = "是开通中心的头几条，写入时标记的密钥还没有生成"
            said = f"{places(run)}没有标记：{why}。"
            yield Note(NoteKind.UNMARKED, said)
        if len(self.unmarked) > NOTES_SHOWN:
            all_of = sum(last - first + 1 for first, last in self.unmarked)
            said = f"没有标记的共 {all_of} 条，分 {len(self.unmarked)} 段，只列出前 {NOTES_SHOWN} 段。"
            yield Note(NoteKind.UNMARKED, said)
        for index, at, before in self.steps[:NOTES_SHOWN]:
            said = f"第 {index + 1} 条的时间（{at[:19]} UTC）早于前一条（{before[:19]} UTC）：主机时钟曾被调回。"
            yield Note(NoteKind.CLOCK, said)
        if len(self.steps) > NOTES_SHOWN:
            yield Note(NoteKind.CLOCK, f"时钟调回共 {len(self.steps)} 处，只列出前 {NOTES_SHOWN} 处。")
        yield from self.checkpoints.notes()


@contextmanager
def _parts(
    size: int, key: bytes | None, processes: int, tell: Callable[[], None]
) -> Iterator[tuple[Iterator[Span], Iterator[list[Fault]]]]:
    """The spans of the log in their order, and what each witness says: one after the other, or by several processes, of
    which one asks the witnesses while the others read."""
    begins, witnesses = range(0, size, SPAN), settings.YICHUAN_LOG_WITNESSES
    if processes == 1 or len(begins) == 1:
        spans = (read_span(begin, min(begin + SPAN, size), key) for begin in begins)
        yield spans, (_witnessed(each, tell) for each in witnesses)
        return
    ends = [min(begin + SPAN, size) for begin in begins]
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=django.setup) as pool:
        said = [pool.submit(_witnessed, each) for each in witnesses]
        yield pool.map(read_span, begins, ends, [key] * len(ends)), (each.result() for each in said)


def _witnessed(name: str, tell: Callable[[], None] = lambda: None) -> list[Fault]:
    """What the witness of this name finds; `tell` is called whenever it says that it is still at work."""
    witness: Callable[[], Iterable[Fault | None]] = import_string(name)

    def faults() -> Iterator[Fault]:
        for fault in witness():
            if fault is None:
                tell()
            else:
                yield fault

    return _bounded(faults())


def _add_runs(runs: list[list[int]], indexes: Sequence[int]) -> None:
    """Indexes that follow each other, as the first and the last of them."""
    for index in indexes:
        if runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])


def _bounded(found: Iterable[Fault]) -> list[Fault]:
    """The first `MOST` of each kind, and how many more there are."""
    kept: list[Fault] = []
    counts: Counter[FaultKind] = Counter()
    for fault in found:
        counts[fault.kind] += 1
        if counts[fault.kind] <= MOST:
            kept.append(fault)
    if more := counts.total() - len(kept):
        kept.append(Fault(FaultKind.MORE, f"另有 {more} 处同类的问题，没有逐条列出。"))
    return kept
