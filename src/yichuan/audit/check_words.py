"""What the faults of a verification are called, and what is to be done about each."""

from dataclasses import dataclass

from yichuan.audit.faults import FaultKind

_KEEP = "不要在数据库里改动任何东西，先把现在的数据库和最近的备份各留一份"
_COMPARE = f"{_KEEP}；用备份或者有关公文的证据包核对原来写的是什么，查明谁能直接接触数据库，报告主管单位。"
_RESTORE = f"{_KEEP}；报告主管单位，由运行管理员从核验过的备份恢复，再核验一次。"

NAMES = {
    FaultKind.ALTERED: "记录被改动",
    FaultKind.MISSING: "记录被删除",
    FaultKind.DOUBLED: "记录重复",
    FaultKind.REORDERED: "记录次序被改动",
    FaultKind.INSERTED: "记录被插入",
    FaultKind.FOREIGN: "不是本系统写入",
    FaultKind.UNREADABLE: "记录读不出来",
    FaultKind.PLACE: "位置被改动",
    FaultKind.TILE: "日志的树被改动",
    FaultKind.HEAD: "日志的末尾不对",
    FaultKind.CHECKPOINT: "检查点不对",
    FaultKind.REWRITTEN: "日志被重写",
    FaultKind.ROLLED_BACK: "日志被退回",
    FaultKind.NOT_OURS: "不是本中心的检查点",
    FaultKind.WITNESS: "和业务数据不一致",
    FaultKind.MORE: "还有更多",
}
ADVICE = {
    FaultKind.ALTERED: _COMPARE,
    FaultKind.MISSING: _COMPARE,
    FaultKind.DOUBLED: _COMPARE,
    FaultKind.REORDERED: _COMPARE,
    FaultKind.INSERTED: _COMPARE,
    FaultKind.FOREIGN: _COMPARE,
    FaultKind.UNREADABLE: _COMPARE,
    FaultKind.PLACE: _RESTORE,
    FaultKind.TILE: _RESTORE,
    FaultKind.HEAD: _RESTORE,
    FaultKind.CHECKPOINT: f"{_KEEP}；用送到审计存储的检查点和印在原件上的检查点核对，报告主管单位。",
    FaultKind.REWRITTEN: f"{_KEEP}；这说明有人重写了日志。带上保存的检查点报告主管单位。",
    FaultKind.ROLLED_BACK: f"{_KEEP}；整个数据库很可能换回了较早的样子。问清是否恢复过备份，之后办理的公文逐件核对。",
    FaultKind.NOT_OURS: "核对文件是不是别的交换中心的，或者被改动过；换本中心的检查点再核验一次。",
    FaultKind.WITNESS: _COMPARE,
    FaultKind.MORE: "先处理列出的，再核验一次。",
}


@dataclass(frozen=True)
class Told:
    """A fault as the page says it: its name, what was found, what to do; the entry's page where it has one."""

    name: str
    sentence: str
    advice: str
    entry: int | None


def told(fault: dict[str, object]) -> Told:
    """A kept fault in words."""
    kind, entry = FaultKind(str(fault["kind"])), fault.get("entry")
    return Told(NAMES[kind], str(fault["sentence"]), ADVICE[kind], entry if isinstance(entry, int) else None)
