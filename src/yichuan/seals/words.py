"""Applications for seals in words: what pages, the printed form and the course show of them."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from yichuan.people.models import Account
from yichuan.seals.kinds import ApplicationState as A
from yichuan.seals.kinds import Carrier, CustodyRole, Matter, OpeningKind
from yichuan.seals.kinds import SealState as S
from yichuan.seals.models import ApplicationStep, SealApplication

LOOKS = {
    A.DRAFT: ("", "pencil-square"),
    A.TO_SIGN: ("amber", "hourglass-split"),
    A.SUBMITTED: ("blue", "circle"),
    A.APPROVED: ("blue", "circle"),
    A.DONE: ("green", "check-all"),
    A.RETURNED: ("amber", "arrow-return-left"),
    A.REFUSED: ("danger", "x-circle-fill"),
    A.WITHDRAWN: ("", "dash-lg"),
}
SEAL_LOOKS = {
    S.MAKING: ("blue", "hourglass-split"),
    S.IN_USE: ("green", "check-lg"),
    S.SUSPENDED: ("danger", "x-circle-fill"),
    S.WITHDRAWN: ("amber", "dash-lg"),
    S.HANDED_IN: ("", "check-lg"),
    S.DESTROYED: ("", "x-lg"),
}
VERBS = {
    "propose": "提出",
    "sign": "负责人签字",
    "approve": "批准",
    "refuse": "不予批准",
    "send_back": "退回补正",
    "finish": "办结",
    "withdraw": "撤回",
}


def rows(application: SealApplication) -> list[tuple[str, str]]:
    """The fields with their values in words, in the order of the form; what the matter has no place for is left out."""
    found = [("事项", application.get_matter_display())]
    if application.matter != Matter.MAKE:
        found.append(("原因", application.get_cause_display()))
    if application.seal is not None:
        found.append(("原印章", f"{application.seal.name}，{day(application.seal.issued_at)}制"))
    imprint = application.imprint
    if imprint is not None:
        found.append(("印模", f"{imprint.name}，直径 {imprint.diameter_mm.normalize():f} 毫米"))
        found.append(("印模 SM3", imprint.digest))
    if application.matter != Matter.DESTROY:
        found += _keeping(application)
    if application.attendant is not None:
        found.append(("到场办理人", application.attendant.name))
    if application.words:
        found.append(("说明", application.words))
    return found


def _keeping(application: SealApplication) -> list[tuple[str, str]]:
    ids = [each["account"] for each in application.custodians]
    names = {str(pk): name for pk, name in Account.objects.filter(pk__in=ids).values_list("pk", "name")}
    found = [("载体", application.get_carrier_display())]
    if application.carrier == Carrier.DEVICE:
        found.append(("保管人", "、".join(names.get(each, "") for each in ids)))
        found.append(("用印条件", _opening(application, len(ids))))
    else:
        roles = {CustodyRole(each["role"]).label: names.get(each["account"], "") for each in application.custodians}
        found += list(roles.items())
    if application.verification_holder is not None:
        found.append(("验证章保管人", application.verification_holder.name))
    return found


def _opening(application: SealApplication, n: int) -> str:
    asked = f"{n} 名保管人中任意 {application.quorum} 名同意"
    if application.quorum == 1:
        return f"{asked}，每次一件"
    if application.opening_kind == OpeningKind.COUNT:
        return f"{asked}，一次开启盖 {application.opening_limit} 件以内"
    if application.opening_kind == OpeningKind.PERIOD:
        return f"{asked}，一次开启 {application.opening_limit} 分钟"
    return f"{asked}，每次一件"


def course(application: SealApplication) -> list[dict[str, Any]]:
    """The steps, the last first, as the page's 经过 shows them."""
    return [
        {
            "at": each.at,
            "text": f"{VERBS[each.verb]}：{each.words}" if each.words else VERBS[each.verb],
            "by": who(each),
        }
        for each in reversed(list(application.steps.all()))
    ]


def who(step: ApplicationStep) -> str:
    """Unit and person of a step."""
    return f"{step.unit_name} {step.by_name}".strip()


def day(at: datetime) -> str:
    """A day as offices write it."""
    local = timezone.localdate(at)
    return f"{local.year}年{local.month}月{local.day}日"
