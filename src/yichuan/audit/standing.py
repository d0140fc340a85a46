"""How one entry stands in the log at this moment: each check by name, against its mark, its leaf and a checkpoint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.canonical import leaf_bytes, mark_of
from yichuan.audit.models import Checkpoint, Entry, Leaf, Pending
from yichuan.audit.selectors_tree import NotYet, Proof, proof_of, tiles
from yichuan.lib.merkle import leaf_hash, verify_inclusion

SIGNATURE = "检查点签名"
FAULT_HELP = "请立即运行「核验全部日志」，保留数据库和备份的现状，并报告主管单位。"


@dataclass(frozen=True)
class Check:
    """One check: `state` of `ok warn bad unknown`, what was checked, what came of it."""

    state: str
    name: str
    text: str


@dataclass
class Standing:
    """`place` counts from 1, as pages do. `proof` leads from the entry's digest (32 bytes) to the checkpoint's root."""

    checks: list[Check] = field(default_factory=list)
    place: int | None = None
    digest: bytes = b""
    proof: Proof | None = None

    @property
    def checkpoint(self) -> Checkpoint | None:
        """The one that the entry was proved against."""
        return self.proof.checkpoint if self.proof else None

    @property
    def faulty(self) -> bool:
        """Whether a check failed."""
        return any(check.state == "bad" for check in self.checks)


def standing_of(entry: Entry) -> Standing:
    """Checked now, from what the database gives now."""
    leaf = Leaf.objects.filter(entry_id=entry.pk).first()
    made = Standing(place=leaf.index + 1 if leaf else None, digest=leaf_hash(leaf_bytes(entry)))
    made.checks.append(_content(entry, leaf, made.digest))
    made.checks.append(_mark(entry))
    if leaf is not None:
        _under_a_checkpoint(made, entry)
    return made


def _content(entry: Entry, leaf: Leaf | None, digest: bytes) -> Check:
    name = "记录内容"
    if leaf is None:
        if Pending.objects.filter(entry_id=entry.pk).exists():
            return Check("unknown", name, "刚刚写入，正在等待排入日志，通常一秒以内。请刷新再看。")
        return Check("bad", name, "这条记录不在日志的树里，也不在等待排入之列。")
    try:
        same = tiles().node(0, leaf.index) == digest
    except (KeyError, ValueError):
        return Check("bad", name, "日志的树里缺少这条记录的摘要。")
    if same:
        return Check("ok", name, "这条记录未被改动：和排入日志时一字不差。")
    return Check("bad", name, "这条记录被改动过：现在的内容和排入日志时的摘要不一致。")


def _mark(entry: Entry) -> Check:
    name = "系统标记"
    key_of_log: Callable[[], bytes | None] = import_string(settings.YICHUAN_LOG_KEY)
    key = key_of_log()
    if key is None:
        return Check("unknown", name, "密码设备没有打开，现在不能核对标记。")
    if entry.mark is None:
        return Check(
            "warn",
            name,
            "没有标记：写入时密码设备没有打开，或者不是本系统写入的。请和前后的记录对照；开通中心的头几条都没有标记。",
        )
    if compare_digest(bytes(entry.mark), mark_of(entry, key)):
        return Check("ok", name, "是本系统写入的。")
    return Check("bad", name, "不是本系统写入的，或者写入以后被改动过。")


def _under_a_checkpoint(made: Standing, entry: Entry) -> None:
    name = "日志里的位置"
    try:
        proof = made.proof = proof_of(entry)
    except NotYet:
        made.checks.append(Check("unknown", name, "已经排入日志，还没有检查点盖到它。请过一分钟再看。"))
        if Checkpoint.objects.filter(size__gte=made.place, signature__isnull=False).exists():
            said = "盖到它的检查点的签名无效：被改动过，或者不是本中心写入的。"
            made.checks.append(Check("bad", SIGNATURE, said))
        return
    except (KeyError, ValueError):
        made.checks.append(Check("bad", name, "日志的树不完整，给不出这条记录的证明。"))
        return
    root = bytes(proof.checkpoint.root)
    if verify_inclusion(made.digest, proof.index, proof.size, proof.hashes, root):
        steps = f"从它的摘要出发，依次和 {len(proof.hashes)} 个相邻的摘要合并，得到检查点的树根。"
        made.checks.append(Check("ok", name, f"确在第 {proof.index + 1} 条的位置：{steps}"))
    else:
        made.checks.append(Check("bad", name, "从它的摘要算不到检查点的树根：它或日志的树被改动过。"))
    made.checks.append(Check("ok", SIGNATURE, "检查点由本中心的检查点密钥签名，签名有效。"))
