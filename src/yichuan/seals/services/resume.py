"""恢复使用: a seal that was reported lost has been found, and nothing was sealed with it meanwhile (J-25)."""

import uuid

from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.seals.kinds import Cause
from yichuan.seals.models import Seal, SealApplication
from yichuan.seals.services.application_facts import UNDER_WAY
from yichuan.seals.services.loss_reports import standing_reports, used_since
from yichuan.seals.services.move import move
from yichuan.seals.services.parties import require
from yichuan.seals.services.said import said
from yichuan.seals.services.seal_access import locked_seal
from yichuan.seals.states import SEAL


def resume(*, actor: Actor, seal_id: uuid.UUID, words: str) -> Seal:
    """Let it be used again. A command of the supervising office alone."""
    words = said(words, needed="没有恢复：请写明在哪里找到、怎样核对的。")
    with command():
        seal = locked_seal(actor, seal_id)
        require(actor, SEAL.find("resume", seal.state).permission, seal.unit)
        if standing_reports(seal).exclude(cause=Cause.LOSS).exists() or not standing_reports(seal).exists():
            raise Refused("not_lost", "这枚印章不是因为遗失暂停的，不能恢复使用。请由用章单位申请变更。")
        if used_since(seal):
            raise Refused("used_since", "遗失以后这枚印章用过，不能恢复使用。请由用章单位申请变更。")
        if SealApplication.objects.filter(seal=seal, state__in=UNDER_WAY).exists():
            raise Refused("application_open", "这枚印章的变更申请正在办理，请先退回或者撤回申请。")
        return move(actor=actor, seal=seal, verb="resume", words=words)
