"""报告损坏、遗失 (J-25): the seal is suspended at once, in the same transaction."""

import uuid
from datetime import datetime

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import LossReport, Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.loss_reports import standing_reports
from yichuan.seals.services.move import move
from yichuan.seals.services.parties import Role, party
from yichuan.seals.services.said import said
from yichuan.seals.services.seal_access import locked_seal
from yichuan.seals.states import SEAL

CAUSES = (Cause.LOSS, Cause.DAMAGE)


def may_report(actor: Actor, unit: Unit) -> bool:
    """Whether the person may report a seal of this unit: its own people, the operator, the supervising office."""
    where = [unit, party(Role.SUPERVISING), party(Role.OPERATING)]
    return any(each is not None and actor.has_perm(SealsPermission.REPORT_LOSS, each) for each in where)


def report_loss(*, actor: Account, seal_id: uuid.UUID, cause: str, lost_at: datetime, words: str) -> LossReport:
    """Keep the report and suspend the seal: both parts' certificates are held. A command.

    `lost_at` is since when its uses are doubted; what was sealed before stays good. A seal that is suspended already
    takes a report of the other cause: what was damaged may be lost besides.
    """
    words = said(words, needed="没有报告：请写明情况，谁在什么时候发现的。")
    with command():
        seal = locked_seal(actor, seal_id)
        if seal.state != SealState.SUSPENDED:
            SEAL.find("suspend", seal.state)
        if not may_report(actor, seal.unit):
            raise NotAllowed("no_permission", "你的岗位不能报告这枚印章损坏、遗失。")
        _check(seal, cause, lost_at)
        if seal.state == SealState.IN_USE:
            move(actor=actor, seal=seal, verb="suspend", cause=cause, words=words)
        elif standing_reports(seal).filter(cause=cause).exists():
            raise Refused("reported_already", "这枚印章已经报告过，现在是暂停使用，不用再报。")
        report = LossReport.objects.create(
            seal=seal, cause=cause, words=words, reported_by=actor, reported_at=clock.now(), lost_at=lost_at
        )
        detail = {"seal": seal.name, "cause": cause, "lost_at": lost_at.isoformat()}
        record(verb="seals.report_loss", actor=actor, unit_id=seal.unit_id, subject=seal, detail=detail)
    return report


def _check(seal: Seal, cause: str, lost_at: datetime) -> None:
    if cause not in CAUSES:
        raise Invalid({"cause": "请选择遗失还是损坏。"})
    if lost_at > clock.now():
        raise Invalid({"lost_at": "时间还没有到，请写从什么时候起找不到、不能用。"})
    if lost_at < seal.issued_at:
        raise Invalid({"lost_at": "那时这枚印章还没有制成，请核对时间。"})
