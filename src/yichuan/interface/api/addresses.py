"""Who the client is, and whom it may send to."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from yichuan.compose.permissions import ComposePermission
from yichuan.exchange.permissions import ExchangePermission
from yichuan.interface.api.base import Told, client_of, operation
from yichuan.interface.api.told import OfficeOut, UnitOut
from yichuan.interface.selectors import addressable_offices
from yichuan.org.selectors import opened_by, present_posts
from yichuan.org.selectors.contacts import units_like

router = Router(tags=["单位 Units"])
MOST = 200


class MeOut(Told):
    """The client, its unit, its office (null at the unit's registry) and what its post opens."""

    name: str
    unit: UnitOut
    office: OfficeOut | None
    permissions: list[str]


class Addressee(UnitOut):
    """A unit, with those of its offices that letters may be addressed to."""

    offices: list[OfficeOut]


class UnitsOut(Told):
    """In the order of the address book, as many as one answer tells."""

    items: list[Addressee]


@operation(router, "GET", "/me", permission=ExchangePermission.SEE_INBOX, answer=MeOut, summary="本接口 This client")
def get_me(request: HttpRequest) -> MeOut:
    """For trying a token, and for seeing what it opens."""
    client = client_of(request)
    opened = {each for post in present_posts(client.account) for each in opened_by(post)}
    return MeOut(
        name=client.name,
        unit=UnitOut.of(client.unit),
        office=OfficeOut.of(client.office),
        permissions=sorted(opened),
    )


@operation(
    router, "GET", "/units", permission=ComposePermission.SEND, answer=UnitsOut,
    summary="查找收件单位 Find recipients",
)  # fmt: skip
def find_units(
    request: HttpRequest,
    text: Annotated[str, Query(max_length=60, description="part of a name, pinyin or initials; empty for all")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> UnitsOut:
    """Open units; a unit that was merged is found under the one that took its place."""
    units = list(units_like(text.replace("\0", "").strip()).exclude(pk=client_of(request).unit_id)[skip : skip + limit])
    offices = addressable_offices(units)
    told = []
    for unit in units:
        of_it = [OfficeOut(id=each.pk, name=each.name) for each in offices.get(unit.pk, [])]
        told.append(Addressee(**UnitOut.of(unit).model_dump(), offices=of_it))
    return UnitsOut(items=told)
