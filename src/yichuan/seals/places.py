"""Where a seal goes on a document: single imprints, and seam seals (骑缝章) over the edges of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.sealing import Edge, SeamSeal, Stamp
from yichuan.lib.ofd.seams import Size, seam_strips

MOST = 40
"""Imprints of one use."""
EDGES = {Edge.RIGHT: "右边", Edge.LEFT: "左边", Edge.TOP: "上边", Edge.BOTTOM: "下边"}
_SEAM_FAULTS = {
    "seam_pages": "骑缝章至少要跨两页，页码从小到大，不能超出这件公文。",
    "seam_group": "骑缝章跨的页太多，每页分到的不足半毫米。请分几枚盖，每枚少跨几页。",
    "seam_place": "骑缝章超出了页边，请往中间挪。",
}


@dataclass(frozen=True)
class Place:
    """Where the seal's centre goes: page from 0, millimetres from the page's top left.

    With an `edge` it is a seam seal over the pages from `page_index` to `last_page`, cut along that edge; its middle
    along the edge is `y_mm` (left, right) or `x_mm` (top, bottom).
    """

    page_index: int
    x_mm: float
    y_mm: float
    edge: str = ""
    last_page: int | None = None

    @property
    def imprint(self) -> Stamp | SeamSeal:
        """The same in the words of `lib.ofd.sealing`. Raises ValueError for an edge that no page has."""
        if not self.edge:
            return Stamp(self.page_index, self.x_mm, self.y_mm)
        edge, last = Edge(self.edge), self.page_index if self.last_page is None else self.last_page
        centre = self.y_mm if edge.upright else self.x_mm
        return SeamSeal(edge, centre_mm=centre, pages=tuple(range(self.page_index, last + 1)))

    @property
    def words(self) -> str:
        """Where that is, for people."""
        if not self.edge:
            return f"第 {self.page_index + 1} 页，离左 {self.x_mm:g}、离上 {self.y_mm:g} 毫米"
        last = (self.page_index if self.last_page is None else self.last_page) + 1
        return f"骑缝章，第 {self.page_index + 1} 至 {last} 页{EDGES[Edge(self.edge)]}"

    def to_json(self) -> dict[str, Any]:
        """Plain values, the same for the same place: what custodians agree to and the ledger keeps."""
        found: dict[str, Any] = {"page": self.page_index + 1, "x": round(self.x_mm, 2), "y": round(self.y_mm, 2)}
        return found | ({"edge": self.edge, "to": (self.last_page or 0) + 1} if self.edge else {})


def read_places(listed: object) -> list[Place]:
    """The places of `to_json`. Raises ValueError for anything else."""
    if not isinstance(listed, list) or len(listed) > MOST:
        raise ValueError("places: a list of at most 40")
    return [_read(each) for each in listed]


def _read(each: object) -> Place:
    if not isinstance(each, dict) or not set(each) <= {"page", "x", "y", "edge", "to"}:
        raise ValueError("a place has page, x, y; a seam edge and to")
    page, edge, to = each.get("page"), each.get("edge", ""), each.get("to", 0)
    if not all(isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10_000 for value in (page, to)):
        raise ValueError("pages are whole numbers")
    if edge not in ("", *EDGES):
        raise ValueError("edge: left, right, top or bottom")
    x, y = _millimetres(each.get("x")), _millimetres(each.get("y"))
    assert isinstance(page, int)  # noqa: S101 - tells the type
    return Place(page - 1, x, y, str(edge), to - 1) if edge else Place(page - 1, x, y)


def _millimetres(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1000 <= value <= 1000:
        raise ValueError("millimetres lie between -1000 and 1000")
    return round(float(value), 2)


def faults(
    places: Sequence[Place], pages: Sequence[Size], seal: Size, before: Sequence[tuple[Place, Size]] = ()
) -> list[str]:
    """What is wrong with these places on pages of these sizes, in words; nothing where all is well.

    No imprint leaves its page, none touches another (GB/T 9704-2012, 7.3.5), nor one of those that others have put on
    `before`, each with its size; no seam leaves its edge.
    """
    if not places:
        return ["请写明印章盖在哪里。"]
    if len(places) > MOST:
        return [f"一次最多盖 {MOST} 处，请分几次盖。"]
    found = [fault for place in places if (fault := _fault(place, pages, seal))]
    return found or _touching(places, seal, before)


def _fault(place: Place, pages: Sequence[Size], seal: Size) -> str:
    if not 0 <= place.page_index < len(pages):
        return f"请写明印章盖在第几页，应是 1 到 {len(pages)}。"
    if place.edge:
        try:
            seam = place.imprint
            assert isinstance(seam, SeamSeal)  # noqa: S101 - tells the type
            seam_strips(seam, pages, seal)
        except OfdError as error:
            return _SEAM_FAULTS.get(error.code, "骑缝章的位置不对，请重新摆放。")
        return ""
    width, height = pages[place.page_index]
    inside = seal[0] / 2 <= place.x_mm <= width - seal[0] / 2 and seal[1] / 2 <= place.y_mm <= height - seal[1] / 2
    return "" if inside else f"第 {place.page_index + 1} 页的印章有一部分不在这一页纸上，请往里挪。"


def _touching(places: Sequence[Place], seal: Size, before: Sequence[tuple[Place, Size]]) -> list[str]:
    whole = [(place, seal) for place in places if not place.edge]
    others = [(place, size) for place, size in before if not place.edge]
    for number, one in enumerate(whole):
        for other in whole[number + 1 :] + others:
            if _touch(one, other):
                page = one[0].page_index + 1
                return [f"第 {page} 页有两处印章碰在一起。印章之间不能相交、相切，请分开。"]
    return []


def _touch(one: tuple[Place, Size], other: tuple[Place, Size]) -> bool:
    (here, size), (there, wide) = one, other
    across = abs(here.x_mm - there.x_mm) / (size[0] + wide[0]) * 2
    down = abs(here.y_mm - there.y_mm) / (size[1] + wide[1]) * 2
    return here.page_index == there.page_index and across**2 + down**2 <= 1
