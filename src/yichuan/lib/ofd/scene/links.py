"""Where clicks lead (GB/T 33190-2016 clause 14): to a page of the document or to an address."""

from collections.abc import Mapping

from lxml import etree

from ..geometry import Matrix, apply, bounds_of
from ..model import Box
from ..xmlread import child, children
from .model import Link

_SCHEMES = ("http://", "https://", "mailto:")


def read_links(element: etree._Element, boundary: Box, outside: Matrix, pages: Mapping[str, int]) -> list[Link]:
    """The links of an object with Actions, over its Boundary taken to the page. `pages` are indexes by page ID."""
    actions = child(element, "Actions")
    if actions is None:
        return []
    x, y, width, height = boundary
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    bounds = bounds_of(apply(outside, corner) for corner in corners)
    found: list[Link] = []
    for action in children(actions, "Action"):
        if (action.get("Event") or "CLICK") != "CLICK":
            continue
        target, address = child(action, "Goto", "Dest"), child(action, "URI")
        if target is not None and (index := pages.get((target.get("PageID") or "").strip())) is not None:
            found.append(Link(bounds, page_index=index))
        elif address is not None and (address.get("URI") or "").strip().lower().startswith(_SCHEMES):
            found.append(Link(bounds, address=(address.get("URI") or "").strip()))
    return found
