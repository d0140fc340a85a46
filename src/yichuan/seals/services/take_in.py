"""交回旧印章 (J-25): a damaged carrier to the operator, after changes of the unit to the secretariat (秘书科)."""

import uuid
from collections.abc import Iterable

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import LossReport, Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.loss_reports import standing_reports, taker_of
from yichuan.seals.services.move import move
from yichuan.seals.services.parties import Role, centre_unit
from yichuan.seals.services.said import said
from yichuan.seals.services.seal_access import locked_seal


def take_in_damaged(*, actor: Account, seal_id: uuid.UUID, words: str) -> LossReport:
    """The operator has the damaged carrier in hand. A command, once a report; destroyed it is in a session of three."""
    words = said(words, needed="没有登记：请写交来人和载体编号。")
    with command():
        seal = locked_seal(actor, seal_id)
        check(actor, SealsPermission.TAKE_IN, centre_unit(Role.OPERATING))
        report = standing_reports(seal).filter(cause=Cause.DAMAGE).order_by("-reported_at").first()
        if report is None:
            raise Refused("not_damaged", "这枚印章没有报告损坏，不用收缴。")
        if report.taken_in_at is not None:
            raise Refused("in_already", "这枚印章已经登记收缴，不用再登记。")
        report.taken_in_by, report.taken_in_at, report.taken_in_words = actor, clock.now(), words
        report.save(update_fields=["taken_in_by", "taken_in_at", "taken_in_words"])
        record(verb="seals.take_in", actor=actor, unit_id=seal.unit_id, subject=seal, detail={"words": words})
        if seal.state == SealState.WITHDRAWN:
            move(actor=actor, seal=seal, verb="hand_in", words=words)
    return report


def hand_in(*, actor: Actor, seal_id: uuid.UUID, words: str) -> Seal:
    """A withdrawn seal has come back to whoever takes it in. A command."""
    words = said(words, needed="没有登记：请写交来人和载体编号。")
    with command():
        seal = locked_seal(actor, seal_id)
        check(actor, SealsPermission.TAKE_IN, centre_unit(taker_of(seal)))
        return move(actor=actor, seal=seal, verb="hand_in", words=words)


def hand_in_all(*, actor: Actor, seals: Iterable[Seal], words: str) -> None:
    """The same for locked seals that came back together, on one application of their unit. A step."""
    require_transaction()
    for seal in seals:
        move(actor=actor, seal=seal, verb="hand_in", words=words)
