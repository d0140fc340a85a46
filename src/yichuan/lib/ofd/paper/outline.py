"""The outline of a document (GB/T 33190-2016 clause 7.8) as bookmarks of a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf
from lxml import etree
from pikepdf import OutlineItem

from ..model import Document
from ..package import Package
from ..scene.values import to_float
from ..xmlread import child, children

_MOST = 10_000
_DEEPEST = 32


@dataclass(frozen=True)
class Heading:
    """A title, the page it leads to (from 0; None: nowhere), the place there in mm, and the headings under it."""

    title: str
    page_index: int | None
    left: float
    top: float
    below: tuple["Heading", ...] = ()


def read_outline(package: Package, document: Document) -> tuple[Heading, ...]:
    """The headings of the document; what goes beyond 10,000 of them or 32 deep is left out."""
    pages = {page.id: page.index for page in document.pages}
    left = _MOST

    def read(element: etree._Element, depth: int) -> tuple[Heading, ...]:
        nonlocal left
        found: list[Heading] = []
        for each in children(element, "OutlineElem"):
            left -= 1
            if left < 0 or depth > _DEEPEST:
                break
            index, x, y = None, 0.0, 0.0
            if (target := child(each, "Actions", "Action", "Goto", "Dest")) is not None:
                index = pages.get((target.get("PageID") or "").strip())
                x, y = to_float(target.get("Left"), 0.0), to_float(target.get("Top"), 0.0)
            found.append(Heading((each.get("Title") or "").strip(), index, x, y, read(each, depth + 1)))
        return tuple(found)

    outlines = child(package.xml(document.doc_root), "Outlines")
    return read(outlines, 0) if outlines is not None else ()


def write_outline(pdf: pikepdf.Pdf, headings: tuple[Heading, ...], places: Mapping[int, int], points: float) -> None:
    """Write the headings; `places` says where in the PDF a page of the document stands, `points` are those of a mm."""
    if not headings:
        return

    def item(heading: Heading) -> OutlineItem:
        place = places.get(heading.page_index) if heading.page_index is not None else None
        if place is None:
            made = OutlineItem(heading.title)
        else:
            top = float(pdf.pages[place].mediabox[3]) - heading.top * points
            made = OutlineItem(heading.title, place, "XYZ", left=round(heading.left * points, 3), top=round(top, 3))
        made.children.extend(map(item, heading.below))
        return made

    with pdf.open_outline() as outline:
        outline.root.extend(map(item, headings))
