"""Several documents ticked for one seal, as they stand before they are sealed together (批量盖章, S8)."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.models import Document
from yichuan.compose.permissions import ComposePermission
from yichuan.compose.services.joint import sealing_unit
from yichuan.compose.services.read import attachments_digest
from yichuan.compose.services.save import own
from yichuan.compose.services.seal_opening import opening_of
from yichuan.compose.services.seal_places import suggested_places
from yichuan.compose.states import DOCUMENT, DocumentState
from yichuan.people.models import Account
from yichuan.seals.models import Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.places import Place
from yichuan.seals.services.opened import require_custodian
from yichuan.seals.services.usable import require_usable
from yichuan.seals.services.use_opening import Standing

MOST_AT_ONCE = 50
NO_PLACE = "版面上找不到成文日期，不知道印章该盖在哪里。请打开单独盖。"
SEALED = "已经盖过章，没有再盖。"


@dataclass(frozen=True)
class Line:
    """One of them: where its seal goes and how far an opening for it stands, or `why` it cannot be sealed so.

    `document` is None where it is not the person's to see.
    """

    document_id: uuid.UUID
    document: Document | None
    places: list[Place] = field(default_factory=list)
    standing: Standing = field(default_factory=lambda: Standing(needed=False))
    why: str = ""

    @property
    def label(self) -> str:
        """What the document is called in a list."""
        return (self.document.number or self.document.title) if self.document else "一件公文"

    @property
    def seen(self) -> str:
        """The digests of what the page shows, in hex: body, then attachments where there are any."""
        return self.document.body_digest + attachments_digest(self.document) if self.document else ""

    @property
    def places_json(self) -> str:
        """The places as the requests of a carrier take them."""
        return json.dumps([place.to_json() for place in self.places])

    @property
    def ready(self) -> bool:
        """Whether it can be sealed now."""
        return not self.why and self.standing.open

    @property
    def waits(self) -> bool:
        """Whether the custodians are asked for just this and have not all agreed."""
        return not self.why and not self.ready and self.standing.opening is not None and not self.standing.stale

    @property
    def to_ask(self) -> bool:
        """Whether the custodians are still to be asked."""
        return not self.why and not self.ready and not self.waits


def seal_for_several(*, actor: Account, seal_id: uuid.UUID) -> Seal:
    """The seal, if the person may use it now. Raises Invalid on `seal`; Refused as `require_usable`; NotAllowed."""
    seal = Seal.objects.select_related("unit").filter(pk=seal_id).first()
    if seal is None or not actor.has_perm(SealsPermission.USE, seal):
        raise Invalid({"seal": "请选择本单位在用的印章。"})
    require_custodian(actor, seal)
    require_usable(seal, clock.now())
    return seal


def counted(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Each once. Raises Invalid on `documents` where there is none, or more than `MOST_AT_ONCE`."""
    found = list(dict.fromkeys(ids))
    if not found:
        raise Invalid({"documents": "还没有勾选公文。请先勾选要盖章的公文，再按「批量盖章」。"})
    if len(found) > MOST_AT_ONCE:
        raise Invalid({"documents": f"一次最多盖 {MOST_AT_ONCE} 件，现在勾了 {len(found)} 件。请分几批盖。"})
    return found


def lines_for(*, actor: Account, seal: Seal, document_ids: Iterable[uuid.UUID]) -> list[Line]:
    """How each of the ticked documents stands. The seal is one of `seal_for_several`. Raises as `counted`."""
    return [line_for(actor=actor, seal=seal, document_id=each) for each in counted(document_ids)]


def line_for(*, actor: Account, seal: Seal, document_id: uuid.UUID) -> Line:
    """How one stands: at the places that its custodians agreed to, else where 署名 and 成文日期 want the seal."""
    document = None
    try:
        document = own(actor, document_id, ComposePermission.SEAL)
        if document.state in (DocumentState.SEALED, DocumentState.SENT):
            raise Refused("sealed_already", SEALED)
        DOCUMENT.find("seal", document.state)
        if sealing_unit(actor, document).pk != seal.unit_id:
            raise Invalid({"seal": "所选印章不是这件公文的盖章单位的。请换一枚印章，或打开单独盖。"})
        standing = opening_of(document, seal)
        agreed = [] if standing.stale else standing.places
        places = agreed or suggested_places(document)
        if not places:
            raise Refused("no_place", NO_PLACE)
    except Refused as refusal:
        return Line(document_id, document, why=refusal.message)
    return Line(document_id, document, places, standing)
