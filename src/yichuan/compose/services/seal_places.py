"""Where the seal of a document belongs: where the typesetter left room for it, or where a date stands."""

from typing import Any

from yichuan.compose.models import Document
from yichuan.compose.services.joint import turn_of
from yichuan.compose.services.read import read_body
from yichuan.lib.ofd.dates import date_place
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.package import Package
from yichuan.seals.places import Place

ABOVE_MM = 9.4
"""So far above the date lies the seal's centre: name and date stand a little below it (GB/T 9704-2012, 7.3.5.1)."""


def suggested_places(document: Document) -> list[Place]:
    """The places that 署名 and 成文日期 ask for, in a joint document that of the unit whose turn it is; none where no
    date can be read."""
    turn = turn_of(document)
    if turn is not None and turn.order <= len(document.seal_places):
        return [_typeset(document.seal_places[turn.order - 1])]
    if document.seal_places:
        return [_typeset(each) for each in document.seal_places]
    try:
        found = date_place(Package.open(read_body(document)))
    except OfdError:
        return []
    if found is None:
        return []
    page, x, y = found
    return [Place(page, round(x, 2), round(y - ABOVE_MM, 2))]


def _typeset(each: dict[str, Any]) -> Place:
    return Place(each["page"], each["x"], each["y"])
