"""What carrying an application out will do, said before anything is done, in plain words."""

import uuid
from dataclasses import dataclass, field

from yichuan.changes.content import (
    AddName,
    Administered,
    Deregister,
    DropName,
    MergeInto,
    NewUnit,
    Rename,
    content_of,
)
from yichuan.changes.models import Application
from yichuan.changes.selectors import party
from yichuan.changes.services.carrying.closing import certificates_of, staff_of
from yichuan.changes.services.carrying.kinds import closing_units, taker_of
from yichuan.changes.services.carrying.renaming import left_out
from yichuan.changes.services.facts import check_facts
from yichuan.common.errors import Invalid
from yichuan.compose.models import Document
from yichuan.compose.states import DocumentState
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.states import DeliveryState
from yichuan.org.models import Box, CentreRole, Unit, UnitName
from yichuan.people.models import Account
from yichuan.seals.models import Seal

ON_THE_WAY = (DeliveryState.DELIVERED, DeliveryState.SIGNED_FOR)
MOST_NAMED = 20
LEFT = (DocumentState.SENT, DocumentState.WITHDRAWN)


@dataclass
class Foreseen:
    """What happens to one thing: a heading and its lines."""

    heading: str
    lines: list[str] = field(default_factory=list)


def faults(application: Application) -> list[str]:
    """Why it could not be carried out as things stand; empty where it could."""
    try:
        check_facts(application.unit, content_of(application))
    except Invalid as refusal:
        return list(refusal.errors.values())
    return []


def foresee(application: Application) -> list[Foreseen]:
    """Everything that will change, thing by thing. Reads only."""
    content, unit = content_of(application), application.unit
    found: list[Foreseen] = []
    if isinstance(content, NewUnit):
        found.append(_new_unit(content))
    if isinstance(content, Rename) and unit is not None:
        found += [_new_names(unit, content), _people_of_a_rename(unit, content)]
    if isinstance(content, AddName) and unit is not None:
        lines = [f"通讯录里，{unit.name}增挂「{content.name}」（简称「{content.short_name}」）。"]
        found.append(Foreseen("名称", [*lines, "这块牌子的印章另行申请制作。（第九条）"]))
    if isinstance(content, DropName) and unit is not None:
        found.append(_dropped(unit, content))
    if isinstance(content, MergeInto):
        survivor = taker_of(application)[0]
        found.append(Foreseen("名称", [f"{survivor.name}的名称、印章、人员不变。"]))
    for each in closing_units(application):
        taker, kept = taker_of(application)
        found.append(_closing(each, taker, kept, merging=not isinstance(content, Deregister)))
    if isinstance(content, Administered) and not (isinstance(content, Rename) and content.administrator):
        found.append(_administrator(content))
    return found


def _new_unit(content: NewUnit) -> Foreseen:
    return Foreseen(
        "新单位",
        [
            f"通讯录增加「{content.name}」（简称「{content.short_name}」），其他单位从此可以发文给它。",
            "为它开设一个交换箱，生成交换箱的加密密钥和回执密钥，签发单位加密证书。",
            "印章另行申请制作。",
        ],
    )


def _new_names(unit: Unit, content: Rename) -> Foreseen:
    old = Seal.objects.filter(unit=unit, withdrawn_at=None, name=unit.name)
    lines = [
        f"「{unit.name}」改为「{content.name}」，简称「{unit.short_name}」改为「{content.short_name}」。",
        "以前的公文仍显示当时的名称；交换箱和里面的公文不动。",
        *_seals(list(old)),
        "按新名称签发单位加密证书，密钥不变；原证书不再使用。",
    ]
    return Foreseen("名称和印章", lines)


def _people_of_a_rename(unit: Unit, content: Rename) -> Foreseen:
    leaving = left_out(unit, content)
    lines = [f"来函没有列入的 {len(leaving)} 人停用账号：{_named(leaving)}。"] if leaving else ["现有人员全部保留。"]
    lines += _certificates([each.pk for each in leaving], "这些人的个人证书")
    if content.newcomers:
        lines.append("来函新增的人员由单位系统管理员开通账号。")
    return Foreseen("人员", lines)


def _dropped(unit: Unit, content: DropName) -> Foreseen:
    name = UnitName.objects.filter(pk=int(content.dropped or 0), unit=unit).first()
    if name is None:
        return Foreseen("名称")
    seals = list(Seal.objects.filter(unit=unit, withdrawn_at=None, name=name.name))
    return Foreseen("名称", [f"{unit.name}不再使用「{name.name}」，以前的公文不变。", *_seals(seals)])


def _closing(unit: Unit, taker: Unit, kept: bool, *, merging: bool) -> Foreseen:
    boxes, people = list(Box.objects.filter(unit=unit)), staff_of(unit)
    received = Delivery.objects.filter(box__in=boxes)
    made = Document.objects.filter(box__in=boxes)
    way = received.filter(state__in=ON_THE_WAY).count()
    lines = [f"「{unit.name}」移出通讯录，以前的公文仍显示这个名称。"]
    does = "只保管，不办理" if kept else "接着办理"
    lines.append(
        f"{len(boxes)} 个交换箱交给{taker.name}（{does}）：收文 {received.count()} 件，"
        f"自己制作的公文 {made.count()} 件（没有发出的 {made.exclude(state__in=LEFT).count()} 件）。"
    )
    lines.append(f"还没有办完接收的来文 {way} 件，一并转交。" if way else "没有在途的来文。")
    sent = Dispatch.objects.filter(unit=unit).count()
    lines.append(f"它发出的 {sent} 次公文，发送跟踪和回执转给{taker.name}。" if sent and not kept else "")
    lines += _seals(list(Seal.objects.filter(unit=unit, withdrawn_at=None)))
    lines.append(f"停用 {len(people)} 人的账号，结束全部岗位：{_named(people)}。" if people else "没有要停用的账号。")
    lines.append(f"人员登记转到{taker.name}，由其系统管理员申请恢复。" if merging and people else "")
    lines += _certificates([unit.pk, *(each.pk for each in people)], "单位和人员的证书")
    return Foreseen(f"注销{unit.short_name}", [line for line in lines if line])


def _administrator(content: Administered) -> Foreseen:
    return Foreseen(
        "单位系统管理员",
        [
            f"为{content.admin_name}开通账号；办结以后在本页交付初始密码。",
            "岗位经系统审计员审核后生效。",
        ],
    )


def _seals(seals: list[Seal]) -> list[str]:
    if not seals:
        return ["没有要停用的印章。"]
    office = party(CentreRole.Role.SUPERVISING)
    names = "、".join(f"「{seal.name}」" for seal in seals)
    to = f"交回{office.short_name}秘书科处理。（第二十五条）" if office else ""
    return [f"停用印章 {len(seals)} 枚：{names}，吊销印章证书，{to}"]


def _certificates(holders: list[uuid.UUID], what: str) -> list[str]:
    number = len(certificates_of(holders))
    return [f"吊销{what} {number} 张。"] if number else []


def _named(people: list[Account]) -> str:
    names = [each.name for each in people]
    rest = f"等 {len(names)} 人" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + rest
