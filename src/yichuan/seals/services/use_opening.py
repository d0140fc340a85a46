"""How far the opening of a seal for one document stands, as the page of its sealing shows it (J-24)."""

import uuid
from dataclasses import dataclass, field

from yichuan.common import clock
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.places import Place, read_places
from yichuan.seals.services.opened import needs_opening
from yichuan.seals.services.subject import document_facts


@dataclass(frozen=True)
class Standing:
    """`opening` waits or is open for this document, or is open for any; None where none is.

    `places` are what the custodians were shown, and cannot be moved any more; `stale` where the document changed since.
    """

    needed: bool
    opening: Opening | None = None
    places: list[Place] = field(default_factory=list)
    stale: bool = False

    @property
    def open(self) -> bool:
        """Whether the seal can be used for the document now."""
        opened = self.opening is not None and self.opening.state == OpeningState.OPEN and not self.stale
        return opened or not self.needed

    @property
    def words(self) -> list[tuple[str, bool | None]]:
        """The custodians by name, and whether each agreed; None while they are silent."""
        if self.opening is None:
            return []
        said = dict(self.opening.approvals.values_list("custodian_id", "agreed"))
        kept = self.opening.seal.custodians.filter(until=None).order_by("since", "index")
        return [(each.account.name, said.get(each.pk)) for each in kept.select_related("account")]


def standing_for(*, seal: Seal, document_id: uuid.UUID, digest: str, attachments: str) -> Standing:
    """The opening of the seal for this document, body and attachments; one for any document counts while it is open."""
    if not needs_opening(seal):
        return Standing(needed=False)
    alive = Opening.objects.filter(
        seal=seal,
        matter=OpeningMatter.USE,
        state__in=(OpeningState.ASKED, OpeningState.OPEN),
        expires_at__gt=clock.now(),
        uses_left__gt=0,
    ).select_related("seal")
    anything = None
    for opening in alive.order_by("-asked_at"):
        listed = opening.subject["documents"]
        if not listed and opening.state == OpeningState.OPEN:
            anything = opening
        for each in listed:
            if each["id"] == str(document_id):
                places = read_places(each["places"])
                now = document_facts(document_id, digest, attachments, places)
                stale = any(each[name] != now[name] for name in ("digest", "attachments"))
                return Standing(True, opening, places, stale)
    return Standing(needed=True, opening=anything)
