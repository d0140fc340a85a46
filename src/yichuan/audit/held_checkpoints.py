"""Checkpoints held against the tree as it is built anew: the centre's own, and those that were kept outside of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.timezone import localtime

from yichuan.audit.faults import Fault, FaultKind, Note, NoteKind
from yichuan.audit.models import Checkpoint, Head
from yichuan.audit.selectors_tree import text_of
from yichuan.audit.signing import key_of, signer
from yichuan.common.errors import Unavailable
from yichuan.lib.merkle import SignedCheckpoint


class HeldCheckpoints:
    """What was found so far. `proven`: up to this size the entries lead to a checkpoint that the centre signed."""

    def __init__(self, size: int, kept: Sequence[SignedCheckpoint]) -> None:
        self.faults: list[Fault] = []
        self.proven = self.count = self._unsigned = self._too_late = 0
        self._rewritten = self._leaked = self._last_leaked = 0
        self._size, self._keys = size, signer().keys() if size or kept else []
        self._signs_since = _signs_since()
        self._last: Checkpoint | None = None
        self._kept: dict[int, list[SignedCheckpoint]] = {}
        for each in kept:
            self._take_kept(each)

    def sizes(self, begin: int, end: int) -> tuple[dict[int, Checkpoint], list[int]]:
        """The centre's own in the span behind `begin` up to `end`, by size, and all sizes at which a root is wanted."""
        rows = {row.size: row for row in Checkpoint.objects.filter(size__gt=begin, size__lte=end).order_by("size")}
        return rows, sorted({*rows, *(size for size in self._kept if begin < size <= end)})

    def compare(self, size: int, row: Checkpoint | None, root: bytes, held: bytes) -> None:
        """At this size the entries lead to `root`, what is kept of them in the tree to `held`."""
        if row is not None:
            self._own(row, root, held)
        for each in self._kept.get(size, []):
            if each.checkpoint.root not in (root, held):
                self._contradicts(size, f"外存检查点（{each.checkpoint.short}）")
            elif row is None:
                said = f"外存检查点（{each.checkpoint.short}）与日志相符，但中心自己的这个检查点不见了。"
                self.faults.append(Fault(FaultKind.CHECKPOINT, said, size - 1))
            elif each.checkpoint.root == root:
                self.proven = max(self.proven, size)

    def end(self, written: int) -> Iterator[Fault]:
        """What shows when all were compared; the head says that so many were `written`."""
        for row in Checkpoint.objects.filter(size__gt=self._size).order_by("size")[:1]:
            if not Head.objects.filter(size__gte=row.size).exists():  # else the tree grew meanwhile
                said = f"第 {row.number} 号检查点写明日志有 {row.size} 条，现在只有 {self._size} 条：日志的末尾被截去。"
                yield Fault(FaultKind.ROLLED_BACK, said, self._size)
        last = self._last.number if self._last else 0
        if last < written and not Checkpoint.objects.filter(size__gt=self._size).exists():
            yield self._gone(last + 1, written)
        if self._rewritten:
            yield Fault(FaultKind.MORE, f"其后另有 {self._rewritten} 个检查点也不相符。")

    def notes(self) -> Iterator[Note]:
        """What the auditor should know of them."""
        if self._too_late:
            said = f"有 {self._too_late} 个检查点写下时的密钥已经吊销，不再签名：后面的检查点盖到同样的记录。"
            yield Note(NoteKind.UNSIGNED, said)
        if self._unsigned:
            yield Note(NoteKind.UNSIGNED, f"有 {self._unsigned} 个检查点还没有签名，密码设备恢复后会自动补签。")
        if self._leaked:
            said = f"有 {self._leaked} 个检查点（最后一个是 {self._last_leaked} 条的）的签名密钥后来因泄露被吊销，"
            said += "单凭数据库里的这些检查点不再能证明什么：请用送到审计存储的、印在原件上的检查点核对。"
            yield Note(NoteKind.LEAKED_KEY, said)

    def _own(self, row: Checkpoint, root: bytes, held: bytes) -> None:
        before = self._last.number if self._last else 0
        if row.number != before + 1:
            self.faults.append(self._gone(before + 1, row.number - 1))
        if self._last is not None and row.at < self._last.at:
            said = f"第 {row.number} 号检查点的时间早于前一个，被改动过。"
            self.faults.append(Fault(FaultKind.CHECKPOINT, said, row.size - 1))
        self._last, self.count = row, self.count + 1
        agrees = bytes(row.root) in (root, held)
        key = key_of(SignedCheckpoint(text_of(row), bytes(row.signature)), self._keys) if row.signature else None
        signed = key is not None
        if row.signature is None:
            too_late = self._signs_since is not None and row.at < self._signs_since
            self._too_late, self._unsigned = self._too_late + too_late, self._unsigned + (not too_late)
        if key is not None and key.leaked:
            self._leaked, self._last_leaked = self._leaked + 1, row.size
        if signed and not agrees:
            self._contradicts(row.size, f"第 {row.number} 号检查点")
        elif row.signature is not None and not signed:
            said = f"第 {row.number} 号检查点（{row.size} 条）没有本中心的有效签名：内容被改动，或者是别人写入的。"
            self.faults.append(Fault(FaultKind.CHECKPOINT, said, row.size - 1))
        elif not agrees:
            said = f"第 {row.number} 号检查点（{row.size} 条）与日志不符，并且没有签名。"
            self.faults.append(Fault(FaultKind.CHECKPOINT, said, row.size - 1))
        elif signed and bytes(row.root) == root:
            self.proven = row.size

    def _contradicts(self, size: int, name: str) -> None:
        """A checkpoint of the centre speaks of another log. The first is named with its span, the rest only counted."""
        if any(fault.kind == FaultKind.REWRITTEN for fault in self.faults):
            self._rewritten += 1
            return
        since = f"第 {self.proven + 1}–{size} 条"
        said = f"日志被改写：{name}有中心的有效签名，但现在的记录算不出它的树根。改动在{since}之间。"
        self.faults.append(Fault(FaultKind.REWRITTEN, said, self.proven))

    def _take_kept(self, kept: SignedCheckpoint) -> None:
        said = kept.checkpoint
        if said.log != signer().log_name():
            sentence = f"给出的检查点是另一份日志的：「{said.log}」，不能用来核验这里的日志。"
            self.faults.append(Fault(FaultKind.NOT_OURS, sentence))
        elif key_of(kept, self._keys) is None:
            sentence = f"给出的检查点（{said.short}）没有本中心的有效签名，不能采信。"
            self.faults.append(Fault(FaultKind.NOT_OURS, sentence))
        elif said.size > self._size:
            at = f"{localtime(said.at):%Y-%m-%d %H:%M}"
            sentence = f"日志被退回到旧的状态：{at} 的检查点写明有 {said.size} 条，现在只有 {self._size} 条。"
            self.faults.append(Fault(FaultKind.ROLLED_BACK, sentence, self._size))
        else:
            self._kept.setdefault(said.size, []).append(kept)

    def _gone(self, first: int, last: int) -> Fault:
        which = f"第 {first} 号" if first >= last else f"第 {first}–{last} 号"
        return Fault(FaultKind.CHECKPOINT, f"{which}检查点被删除，或者检查点的编号被改动。")


def _signs_since() -> datetime | None:
    """None where no key signs now: what is not signed may wait for one that is held."""
    try:
        return signer().since()
    except Unavailable:
        return None
