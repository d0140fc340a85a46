"""Several documents under one seal (批量盖章, S8): each its own command and its own outcome, none hidden by another."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.services.seal import seal_document
from yichuan.compose.services.seal_lines import Line, counted, line_for, seal_for_several
from yichuan.compose.services.seal_ready import make_ready
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier
from yichuan.seals.models import Opening, Seal
from yichuan.seals.services.ask_opening import Wanted, ask_opening

CHANGED = "核对以后正文或附件有改动，没有盖。请重新核对后再盖。"
UNEXPECTED = "系统出错，不能确定盖成没有。请打开这件公文看最新情况，并告知运行管理员。"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one document: sealed where `why` is empty."""

    document_id: uuid.UUID
    label: str
    why: str = ""


def seal_several(
    *, actor: Account, seal_id: uuid.UUID, seen: Mapping[uuid.UUID, str], computer: str = ""
) -> list[Outcome]:
    """Seal each at its suggested place with a key in the device, in the order given; one that fails stops no other.

    `seen` are the documents, each with the digests that the page showed (`Line.seen`): what was changed since is not
    sealed. Raises as `counted` and `seal_for_several`, and Refused `on_carrier`, before anything is sealed.
    """
    ticked = counted(seen)
    seal = seal_for_several(actor=actor, seal_id=seal_id)
    if seal.carrier != Carrier.DEVICE:
        raise Refused("on_carrier", f"印章「{seal.name}」的密钥在本单位的载体上，请在批量盖章页面插上载体再盖。")
    return [_sealed(actor, seal, each, seen[each], computer) for each in ticked]


def ask_for_several(*, actor: Account, seal_id: uuid.UUID, seen: Mapping[uuid.UUID, str]) -> Opening:
    """Ask the seal's custodians for one opening that covers all of these, as they were shown. A command.

    All or nothing: Invalid on `documents` names the one that cannot be sealed so. Refused as `ask_opening`.
    """
    ticked = counted(seen)
    seal = seal_for_several(actor=actor, seal_id=seal_id)
    wanted = []
    for each in ticked:
        line = line_for(actor=actor, seal=seal, document_id=each)
        try:
            _require_as_seen(line, seen[each])
            places = line.places
            ready = make_ready(actor=actor, document_id=each, seal_id=seal.pk, places=places, at=clock.now())
        except Refused as refusal:
            raise Invalid({"documents": f"{line.label}：{refusal.message}这一批没有申请。"}) from refusal
        wanted.append(Wanted(each, ready.places))
    return ask_opening(actor=actor, seal_id=seal.pk, wanted=wanted)


def _sealed(actor: Account, seal: Seal, document_id: uuid.UUID, seen: str, computer: str) -> Outcome:
    label = "一件公文"
    try:
        line = line_for(actor=actor, seal=seal, document_id=document_id)
        label = line.label
        _require_as_seen(line, seen)
        seal_document(actor=actor, document_id=document_id, seal_id=seal.pk, places=line.places, computer=computer)
    except Refused as refusal:
        return Outcome(document_id, label, refusal.message)
    except Exception:  # the others are told all the same what became of them
        log.exception("sealing several: document %s", document_id)
        return Outcome(document_id, label, UNEXPECTED)
    return Outcome(document_id, label)


def _require_as_seen(line: Line, seen: str) -> None:
    if line.why:
        raise Refused("not_in_a_batch", line.why)
    if line.seen != seen:
        raise Refused("changed", CHANGED)
