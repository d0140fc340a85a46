"""The printed form of an application (申请表), with every opinion so far and room for wet signatures and seals."""

from django.utils import timezone

from yichuan.changes.content import content_of
from yichuan.changes.models import Application, Step
from yichuan.changes.words import day, rows, who
from yichuan.web.paper_form import Cell, PaperForm

WIDTHS = [2.0, 4.0, 2.0, 4.0]
_LONG = 16
_OPINIONS = (
    ("承办单位\n受理意见", ("accept",)),
    ("主管单位\n审批意见", ("approve",)),
    ("办理结果", ("finish",)),
)
_TITLES = {
    Application.Kind.JOIN: "加入电子公文交换系统申请表",
    Application.Kind.RENAME: "使用单位名称变更申请表",
    Application.Kind.DEREGISTER: "使用单位注销申请表",
    Application.Kind.MERGE_INTO: "使用单位合并申请表（保留其中一个名称）",
    Application.Kind.MERGE_NEW: "使用单位合并申请表（使用新的名称）",
    Application.Kind.ADD_NAME: "使用单位增挂牌子申请表",
    Application.Kind.DROP_NAME: "使用单位减少牌子申请表",
}


def application_form(application: Application) -> bytes:
    """The form as PDF."""
    form = PaperForm(
        title=_TITLES[Application.Kind(application.kind)],
        number=f"申请编号：{application.number or '（提交后编号）'}",
        footer=f"{application.name}　{application.get_source_display()}",
    )
    steps = list(application.steps.all())
    form.table(WIDTHS, [*_fields(application), _papers(application), _applicant(application)])
    form.table([2.0, 10.0], [[Cell(title, label=True), _opinion(steps, verbs)] for title, verbs in _OPINIONS])
    others = [each for each in steps if each.verb in ("send_back", "refuse", "withdraw")]
    if others:
        form.heading("退回补正等情况")
        for each in others:
            form.note(_signed(each))
    return form.note("本表由申请单位负责人签字、加盖公章后，与证明材料一并送承办单位。").pdf()


def _fields(application: Application) -> list[list[Cell]]:
    """Two fields a row where both are short, one where it is long."""
    table: list[list[Cell]] = [[Cell("申请单位", label=True), Cell(application.name, span=3)]]
    waiting: list[Cell] = []
    for label, text in rows(application):
        if len(text) > _LONG or "\n" in text:
            table += [[*waiting, Cell(span=2)]] if waiting else []
            waiting = []
            table.append([Cell(label, label=True), Cell(text, span=3)])
        else:
            waiting += [Cell(label, label=True), Cell(text)]
            if len(waiting) == 4:
                table.append(waiting)
                waiting = []
    return [*table, [*waiting, Cell(span=2)]] if waiting else table


def _papers(application: Application) -> list[Cell]:
    names = [f"{each.get_role_display()}：{each.name}" for each in application.attachments.all()]
    return [Cell("所附材料", label=True), Cell("\n".join(names) or "无", span=3)]


def _applicant(application: Application) -> list[Cell]:
    head = content_of(application).head
    text = f"单位负责人（签字）：{head and f'（{head}）'}\n\n单位（公章）\n\n　　　　年　　月　　日"
    return [Cell("申请单位\n意见", label=True), Cell(text, span=3, height_mm=34)]


def _opinion(steps: list[Step], verbs: tuple[str, ...]) -> Cell:
    given = [_signed(each) for each in steps if each.verb in verbs]
    text = "\n".join(given)
    return Cell(f"{text}\n\n（签字、盖章）　　　　　　年　　月　　日", height_mm=max(26, 12 * len(given) + 16))


def _signed(step: Step) -> str:
    return f"{step.words or '同意'}　——{who(step)}，{day(timezone.localdate(step.at))}"
