"""Planning a batch: its day, its timetable, each change of it on record (U6, J-plan 二 and 四)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yichuan.audit.services.record import record
from yichuan.changes.models import Batch, Stage
from yichuan.changes.permissions import ChangesPermission as May
from yichuan.changes.services.batch_access import locked_batch, require_sight
from yichuan.changes.services.parties import centre_unit
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.org.batches import batch_name
from yichuan.org.models import CentreRole, Unit

MOST_BATCHES, MOST_STAGES = 999, 30
Phase = Stage.Phase

# The first batch of the founding plan (J-plan 四), as days before its start: 2008-08-01.
FIRST_TIMETABLE = (
    (Phase.PREPARE, -63, "安装电子公文交换系统（服务器端）", "承办单位"),
    (
        Phase.PREPARE,
        -63,
        "各单位将负责领导、工作人员名单（附件1）和实物公章印模（附件2）报承办单位",
        "承办单位、各单位",
    ),
    (Phase.PREPARE, -57, "制定本批应用的工作方案", "主管单位、承办单位"),
    (Phase.PREPARE, -52, "准备培训材料", "承办单位"),
    (Phase.PREPARE, -42, "完成制作电子印章", "主管单位、承办单位、各单位"),
    (Phase.PREPARE, -37, "人员培训", "承办单位、各单位"),
    (Phase.PREPARE, -17, "各单位完成安装（客户端）", "承办单位、各单位"),
    (Phase.USE, 0, "各单位启用电子公文交换系统", "各单位"),
    (Phase.IMPROVE, None, "根据应用情况修改完善，上报应用情况总结", "主管单位、承办单位、各单位"),
)


@dataclass(frozen=True)
class StageEntry:
    """One line of the timetable as it was filled in."""

    phase: str
    until: date | None
    what: str
    who: str


def plan_batch(*, actor: Actor, number: int, starts: date, name: str = "", note: str = "") -> Batch:
    """Plan a batch, with the founding plan's timetable counted back from its day. A command."""
    require_sight(actor)
    name = name.strip() or batch_name(number)
    _check(name=(name, 40), note=(note, 400))
    if not 1 <= number <= MOST_BATCHES:
        raise Invalid({"number": f"批次是 1 到 {MOST_BATCHES} 的数字。"})
    with command():
        operator = centre_unit(CentreRole.Role.OPERATING)
        Unit.objects.select_for_update().get(pk=operator.pk)  # one batch after the other
        check(actor, May.PLAN_BATCHES, operator)
        if Batch.objects.filter(pk=number).exists():
            raise Invalid({"number": f"{batch_name(number)}已经安排过，请打开它修改。"})
        batch = Batch.objects.create(number=number, name=name, starts=starts, note=note.strip())
        Stage.objects.bulk_create(
            Stage(
                batch=batch,
                order=order,
                phase=phase,
                until=None if days is None else starts + timedelta(days=days),
                what=what,
                who=who,
            )
            for order, (phase, days, what, who) in enumerate(FIRST_TIMETABLE, start=1)
        )
        record(verb="changes.plan_batch", actor=actor, detail={"batch": number, "starts": starts.isoformat()})
    return batch


def edit_batch(
    *, actor: Actor, number: int, version: int, name: str, starts: date, note: str, stages: Sequence[StageEntry]
) -> Batch:
    """Change a batch's day, words or timetable; what was before stays in the log. A command."""
    name, note = name.strip(), note.strip()
    _check(name=(name, 40), note=(note, 400))
    if not name:
        raise Invalid({"name": "请填写名称。"})
    kept = _stages(stages)
    with command():
        batch = locked_batch(actor, number)
        if batch.version != version:
            raise Refused("changed_meanwhile", "这个批次刚刚被别人改过，没有保存。请刷新后再改。")
        before = [StageEntry(s.phase, s.until, s.what, s.who) for s in batch.stages.all()]
        changes = _changes(batch, name, starts, note, before, kept)
        if not changes:
            return batch
        if starts != batch.starts:
            Unit.objects.filter(batch=number, starts=batch.starts, closed_at=None).update(starts=starts)
        batch.name, batch.starts, batch.note, batch.version = name, starts, note, version + 1
        batch.save()
        batch.stages.all().delete()
        Stage.objects.bulk_create(
            Stage(batch=batch, order=order, phase=each.phase, until=each.until, what=each.what, who=each.who)
            for order, each in enumerate(kept, start=1)
        )
        record(verb="changes.edit_batch", actor=actor, detail={"batch": number, "changes": changes})
    return batch


def _stages(stages: Sequence[StageEntry]) -> list[StageEntry]:
    kept = [
        StageEntry(each.phase, each.until, each.what.strip(), each.who.strip()) for each in stages if each.what.strip()
    ]
    if not kept:
        raise Invalid({"stages": "时间安排至少要有一行。"})
    if len(kept) > MOST_STAGES:
        raise Invalid({"stages": f"时间安排最多 {MOST_STAGES} 行。"})
    for each in kept:
        if each.phase not in Phase.values:
            raise Invalid({"stages": "请选择阶段。"})
        _check(stages=(each.what, 200))
        _check(stages=(each.who, 120))
    return kept


def _check(**texts: tuple[str, int]) -> None:
    for field, (text, most) in texts.items():
        if len(text) > most:
            raise Invalid({field: f"太长了，最多 {most} 个字。"})
        if hides_something(text):
            raise Invalid({field: "里面有看不见的字符，请删掉重新输入。"})


def _changes(
    batch: Batch, name: str, starts: date, note: str, before: list[StageEntry], after: list[StageEntry]
) -> list[str]:
    """What changes, in words, for the course on the page."""
    said = []
    if name != batch.name:
        said.append(f"名称由「{batch.name}」改为「{name}」")
    if starts != batch.starts:
        said.append(f"启用日期由 {batch.starts} 改为 {starts}")
    if note != batch.note:
        said.append("改了说明")
    old = {(each.phase, each.what): each for each in before}
    for each in after:
        known = old.pop((each.phase, each.what), None)
        if known is None:
            said.append(f"加了「{each.what}」{_day(each.until)}")
        elif known.until != each.until:
            said.append(f"「{each.what}」由{_day(known.until)}改为{_day(each.until)}")
        elif known.who != each.who:
            said.append(f"「{each.what}」的责任单位改为「{each.who}」")
    said += [f"去掉了「{what}」" for _, what in old]
    if not said and before != after:
        said.append("调整了顺序")
    return said


def _day(until: date | None) -> str:
    return f" {until} " if until else "（没有日期）"
