"""印章制作（变更、销毁）申请表 (J-21): what is asked for, the imprint, opinions and signatures, room for wet ones."""

from django.utils import timezone

from yichuan.lib.gm.x509 import Certificate
from yichuan.seals.models import ApplicationStep, SealApplication
from yichuan.seals.words import VERBS, day, rows, who
from yichuan.web.paper_form import Cell, PaperForm

WIDTHS = [2.0, 4.0, 2.0, 4.0]
_LONG = 14
_ROOM = "（签字、盖章）　　　　　　年　　月　　日"


def application_form(application: SealApplication) -> bytes:
    """The form as PDF; not while locks are held."""
    form = PaperForm(
        title=f"电子印章{application.get_matter_display()}申请表",
        number=f"申请编号：{application.number or '（提出后编号）'}",
        footer=f"{application.unit.name}　依据：江府办〔2008〕44号附件3 第二十条至第二十五条",
    )
    steps = list(application.steps.all())
    form.table(WIDTHS, [*_fields(application), _papers(application)])
    opinions = [
        [Cell("申请单位\n负责人签字", label=True), _head(application, steps)],
        [Cell("主管单位\n审批意见", label=True), _opinion(steps, "approve")],
        [Cell("办理结果", label=True), _opinion(steps, "finish")],
    ]
    form.table([2.0, 10.0], opinions)
    others = [each for each in steps if each.verb in ("send_back", "refuse", "withdraw")]
    if others:
        form.heading("退回补正等情况")
        for each in others:
            form.note(f"{VERBS[each.verb]}：{_signed(each)}")
    return form.note("制作、变更、销毁电子印章时，主管单位、承办单位和用章单位三方同时在场。（第二十三条）").pdf()


def _fields(application: SealApplication) -> list[list[Cell]]:
    """Two fields a row where both are short, one where it is long; the imprint as it will be."""
    table: list[list[Cell]] = [[Cell("申请单位", label=True), Cell(application.unit.name, span=3)]]
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
    table += [[*waiting, Cell(span=2)]] if waiting else []
    if application.imprint is not None:
        picture = Cell(span=3, svg=application.imprint.svg, height_mm=float(application.imprint.diameter_mm) + 6)
        table.append([Cell("印模", label=True), picture])
    return table


def _papers(application: SealApplication) -> list[Cell]:
    names = [f"{each.get_role_display()}：{each.name}" for each in application.papers.all()]
    return [Cell("所附材料", label=True), Cell("\n".join(names) or "无", span=3)]


def _head(application: SealApplication, steps: list[ApplicationStep]) -> Cell:
    text = ""
    if application.signed_by is not None and application.signer_certificate:
        signer = Certificate.from_der(bytes(application.signer_certificate))
        given = [_signed(each) for each in steps if each.verb == "sign"]
        text = f"{given[-1] if given else ''}\n数字签名：证书 {signer.serial:x}，内容摘要 {application.digest}\n\n"
    return Cell(f"{text}单位负责人{_ROOM}", height_mm=34)


def _opinion(steps: list[ApplicationStep], verb: str) -> Cell:
    given = [_signed(each) for each in steps if each.verb == verb]
    return Cell("\n".join([*given, "", _ROOM]), height_mm=max(26, 12 * len(given) + 16))


def _signed(step: ApplicationStep) -> str:
    return f"{step.words or '同意'}　——{who(step)}，{day(timezone.localtime(step.at))}"
