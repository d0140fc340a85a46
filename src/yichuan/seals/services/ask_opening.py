"""A custodian asks the others to open the seal (申请用印, J-24): for documents, for a number of them, or for a time.

What the unit chose for its seal is the most that can be asked for; one document is never too much.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account
from yichuan.seals.kinds import OpeningKind, OpeningMatter, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.places import Place
from yichuan.seals.ports import documents_to_seal
from yichuan.seals.services.close_opening import STANDING, end, tell
from yichuan.seals.services.opened import needs_opening, require_custodian
from yichuan.seals.services.said import said
from yichuan.seals.services.subject import Subject, digest_of_subject, document_facts
from yichuan.seals.services.usable import require_usable

WAITS = timedelta(days=1)
"""So long an opening waits for the custodians' word."""
MOST_STANDING = 50
MOST_IN_A_TIME = 500
"""Uses of an opening for a time: every opening is counted."""


@dataclass(frozen=True)
class Wanted:
    """A document and where the seal is to go on it."""

    document_id: uuid.UUID
    places: Sequence[Place]


def ask_opening(
    *,
    actor: Account,
    seal_id: uuid.UUID,
    wanted: Sequence[Wanted] = (),
    uses: int = 0,
    minutes: int = 0,
    words: str = "",
) -> Opening:
    """Ask for an opening. A command.

    For the documents `wanted`, each as it is now; or without them for `uses` documents of any kind, or for `minutes`,
    with `words` why. One that waits for the same single document makes way. Raises Invalid on `documents`, `uses`,
    `minutes`, `words`; Refused `no_opening_needed`, `too_many_openings` and as `require_usable`.
    """
    facts = _documents(wanted)
    reason = said(words, needed="" if wanted else "请写明用印的事由，其他保管人据此决定是否同意。")
    with command():
        seal = locked_seal(seal_id)
        check(actor, SealsPermission.USE, seal)
        require_custodian(actor, seal)
        require_usable(seal, clock.now())
        if not needs_opening(seal):
            raise Refused("no_opening_needed", "这枚印章由一人保管，不用申请，可以直接盖章。")
        if any(unit_id != seal.unit_id for unit_id, _ in facts):
            raise NotFound("no_document", "没有这件公文，请回到「用印」重新选择。")
        documents = [found for _, found in facts]
        kind, counted = _kind(seal, documents, uses, minutes)
        subject = {"documents": documents, "uses": counted, "minutes": minutes if kind is OpeningKind.PERIOD else 0}
        _make_way(actor, seal, documents)
        return begin(actor=actor, seal=seal, kind=kind, subject=subject, uses=counted, words=reason)


def begin(
    *,
    actor: Account,
    seal: Seal,
    kind: OpeningKind,
    subject: Subject,
    uses: int,
    words: str,
    matter: OpeningMatter = OpeningMatter.USE,
    quorum: int | None = None,
) -> Opening:
    """Write an opening down and tell the custodians. A step; the seal is locked."""
    require_transaction()
    if Opening.objects.filter(seal=seal, state__in=STANDING).count() >= MOST_STANDING:
        raise Refused("too_many_openings", f"这枚印章还有 {MOST_STANDING} 次申请没有办完，请先办完或结束几次。")
    now = clock.now()
    opening = Opening(
        id=new_id(), seal=seal, matter=matter, kind=kind, state=OpeningState.ASKED, asked_by=actor, asked_at=now,
        quorum=quorum or seal.quorum, uses_left=uses, expires_at=now + WAITS,
    )  # fmt: skip
    common = {"opening": str(opening.pk), "seal": str(seal.pk), "name": seal.name, "unit": str(seal.unit_id)}
    about = {"matter": matter.value, "kind": kind.value, "asked_by": actor.name, "words": words}
    opening.subject = common | about | subject
    opening.digest = digest_of_subject(opening.subject)
    opening.save(force_insert=True)
    detail: dict[str, Any] = {"seal": str(seal.pk), "matter": matter.value, "kind": kind.value, "uses": uses}
    detail |= {"digest": opening.digest, "documents": [each["id"] for each in subject["documents"]]}
    record(verb="seals.ask_opening", actor=actor, unit_id=seal.unit_id, subject=opening, detail=detail)
    tell(opening)
    return opening


def locked_seal(seal_id: uuid.UUID) -> Seal:
    """The seal with its row locked. NotFound where there is none."""
    found = Seal.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=seal_id).first()
    if found is None:
        raise NotFound("no_seal", "没有这枚印章，请回到列表查看。")
    return found


def _documents(wanted: Sequence[Wanted]) -> list[tuple[uuid.UUID, Subject]]:
    """The unit and the facts of each document as it is now."""
    found = documents_to_seal(each.document_id for each in wanted)
    if len(found) != len(wanted):
        raise NotFound("no_document", "没有这件公文，请回到「用印」重新选择。")
    facts = []
    for each in wanted:
        document = found[each.document_id]
        if not document.ready:
            raise Invalid({"documents": f"{document.number or '这件公文'}现在不能盖章，请刷新页面看最新情况。"})
        if not each.places:
            raise Invalid({"documents": "请先放好印章的位置，再申请用印。"})
        how = (document.digest, document.attachments, each.places, document.number)
        facts.append((document.unit_id, document_facts(document.id, *how)))
    return facts


def _kind(seal: Seal, documents: list[Subject], uses: int, minutes: int) -> tuple[OpeningKind, int]:
    """What is asked for, and how many uses that is; refuses more than the unit chose for its seal."""
    chosen, limit = seal.opening_kind, seal.opening_limit
    if len(documents) == 1:
        return OpeningKind.DOCUMENT, 1
    if documents and (chosen != OpeningKind.COUNT or len(documents) > limit):
        most = limit if chosen == OpeningKind.COUNT else 1
        raise Invalid({"documents": f"这枚印章一次最多申请 {most} 件。"})
    if documents:
        return OpeningKind.COUNT, len(documents)
    if chosen == OpeningKind.COUNT:
        if not 1 <= uses <= limit:
            raise Invalid({"uses": f"请填 1 到 {limit} 件。"})
        return OpeningKind.COUNT, uses
    if chosen == OpeningKind.PERIOD:
        if not 1 <= minutes <= limit:
            raise Invalid({"minutes": f"请填 1 到 {limit} 分钟。"})
        return OpeningKind.PERIOD, MOST_IN_A_TIME
    raise Invalid({"documents": "这枚印章每次只为一件公文开启，请从那件公文的盖章页申请。"})


def _make_way(actor: Account, seal: Seal, documents: list[Subject]) -> None:
    """An earlier opening for the same single document ends: only one of them can be meant."""
    if len(documents) != 1:
        return
    for opening in Opening.objects.select_for_update().filter(seal=seal, state__in=STANDING).order_by("pk"):
        if [each["id"] for each in opening.subject["documents"]] == [documents[0]["id"]]:
            end(actor=actor, opening=opening, verb="close", reason="已改为新的申请")
