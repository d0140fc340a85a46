"""What must hold in the centre for an application to go on; asked when it is written, proposed, signed, approved."""

import uuid
from collections.abc import Iterable

from yichuan.common.errors import Invalid, Refused
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import ApplicationState, Carrier, Cause, Matter, SealState
from yichuan.seals.models import Imprint, Paper, Seal, SealApplication
from yichuan.seals.permissions import SealsPermission as May
from yichuan.seals.services.loss_reports import standing_reports
from yichuan.seals.wish import CERTIFIED, Wish, wish_of

UNDER_WAY = (ApplicationState.TO_SIGN, ApplicationState.SUBMITTED, ApplicationState.APPROVED)
STANDING = (SealState.IN_USE, SealState.SUSPENDED)
ENDED = (SealState.WITHDRAWN, SealState.HANDED_IN)


def check_facts(unit: Unit, wish: Wish) -> None:
    """Raise `Invalid`, one message a field, unless the unit may ask for this as things stand now."""
    errors = _of_the_unit(unit) | _of_the_seal(unit, wish) | _of_the_people(unit, wish)
    if wish.makes:
        errors |= _of_the_imprint(unit, wish)
    if errors:
        raise Invalid(errors)


def require_papers(application: SealApplication) -> None:
    """The certificate of damage or loss (J-25), the choice of the server's device in writing (J-24)."""
    roles = set(application.papers.values_list("role", flat=True))
    if application.cause in CERTIFIED and Paper.Role.CERTIFICATE not in roles:
        word = Cause(application.cause).label
        raise Invalid({"certificate": f"还缺{word}证明：印章{word}的，请上传单位出具的书面证明。（第二十五条）"})
    if application.carrier == Carrier.DEVICE and Paper.Role.CONSENT not in roles:
        raise Invalid({"consent": "还缺密码设备托管意见：请上传单位同意把印章放在密码设备里的书面意见。"})


def require_sound(application: SealApplication) -> None:
    """Refuse to go on with a proposed application if something of it holds no longer. What a ceremony asks, too."""
    try:
        check_facts(application.unit, wish_of(application))
        require_papers(application)
        check_alone(application)
    except Invalid as fault:
        said = "".join(dict.fromkeys(fault.errors.values()))
        raise Refused("not_sound", f"申请提出以后情况有变，不能照原样办理：{said}请退回补正。") from fault


def check_alone(application: SealApplication) -> None:
    """Raise `Invalid` where another application for the same seal or imprint is under way."""
    others = SealApplication.objects.filter(unit_id=application.unit_id, state__in=UNDER_WAY).exclude(pk=application.pk)
    if application.seal_id and others.filter(seal_id=application.seal_id).exists():
        raise Invalid({"seal": "这枚印章已有一份申请在办，请等它办结。"})
    if application.imprint_id and others.filter(imprint_id=application.imprint_id).exists():
        raise Invalid({"imprint": "这个印模已有一份申请在办，请等它办结。"})


def _of_the_unit(unit: Unit) -> dict[str, str]:
    closed = Unit.objects.filter(pk=unit.pk).exclude(closed_at=None).exists()
    return {"unit": f"{unit.name}已经注销，不能再申请印章。"} if closed else {}


def _of_the_imprint(unit: Unit, wish: Wish) -> dict[str, str]:
    own = Imprint.objects.select_related("unit_name").filter(unit=unit)
    found = own.filter(pk=wish.imprint_id).first() if wish.imprint_id else None
    if found is None:
        return {"imprint": "请选择本单位的印模。"}
    if found.approved_at is None:
        return {"imprint": "这个印模还没有批准，请先由单位负责人批准印模。"}
    if found.unit_name.valid_to is not None:
        return {"imprint": f"「{found.unit_name.name}」已不是本单位的名称，请按现在的名称制作印模。"}
    same = Seal.objects.filter(unit=unit, unit_name=found.unit_name, name=found.name, state__in=STANDING)
    bottom = str(found.inputs.get("bottom_line", "")) if isinstance(found.inputs, dict) else ""
    if wish.matter == Matter.MAKE and same.filter(bottom_line=bottom).exists():
        return {"imprint": f"「{found.name}」已有一枚在用的印章。要换新的，请提出变更申请。"}
    return {}


def _of_the_seal(unit: Unit, wish: Wish) -> dict[str, str]:
    if wish.matter == Matter.MAKE:
        return {}
    found = Seal.objects.filter(pk=wish.seal_id, unit=unit).first() if wish.seal_id else None
    if found is None:
        return {"seal": "请选择本单位的印章。"}
    if found.state not in (*STANDING, *ENDED):
        return {"seal": f"印章「{found.name}」现在是「{found.get_state_display()}」，不能再办。"}
    if wish.cause in CERTIFIED and not standing_reports(found).filter(cause=wish.cause).exists():
        return {"seal": f"请先在印章页面报告{Cause(wish.cause).label}，印章暂停使用以后再提出申请。"}
    return {}


def _of_the_people(unit: Unit, wish: Wish) -> dict[str, str]:
    errors: dict[str, str] = {}
    wanted = [("attendant", May.ATTEND, [wish.attendant_id])]
    if wish.makes:
        wanted += [
            ("keepers", May.USE, [each.account_id for each in wish.keepers]),
            ("verification_holder", May.HOLD_VERIFICATION, [wish.verification_holder_id]),
        ]
    for field, permission, ids in wanted:
        found = people(ids)
        for account in found:
            if not account.has_perm(permission, unit):
                errors[field] = f"{account.name}现在没有「{permission.label}」的岗位，请换人或者先办任职。"
        if len(found) != len(ids):
            errors[field] = "选的人不在人员名单里，请重新选择。"
    return errors


def people(ids: Iterable[uuid.UUID | None]) -> list[Account]:
    """The accounts of these ids, read anew: their posts are those of now."""
    return list(Account.objects.filter(pk__in=[each for each in ids if each is not None]).order_by("name", "pk"))
