"""Seam seals (骑缝章) and facing-page seals (对开章): one seal cut into strips over the edges of several pages.

Each strip is a StampAnnot of GB/T 33190-2016 clause 18.2: the whole picture placed by Boundary so that the strip ends
flush with the page's edge, and Clip (relative to the Boundary's corner) leaves the strip alone. Cuts lie on whole
micrometres, so the strips of one seal put side by side are the whole seal. Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from .errors import OfdError
from .model import Box

_NARROWEST_MM = 0.5


class Edge(StrEnum):
    """An edge of a page as it is read."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"

    @property
    def opposite(self) -> Edge:
        """The edge that faces this one on the next page."""
        return _OPPOSITE[self]

    @property
    def upright(self) -> bool:
        """Whether the edge runs from top to bottom."""
        return self in (Edge.LEFT, Edge.RIGHT)


_OPPOSITE = {Edge.LEFT: Edge.RIGHT, Edge.RIGHT: Edge.LEFT, Edge.TOP: Edge.BOTTOM, Edge.BOTTOM: Edge.TOP}


class Printing(StrEnum):
    """How the pages will stand on paper. A back side shows the sheet's right edge at its left."""

    ONE_SIDED = "one_sided"
    """Every page is a sheet."""
    FRONTS = "fronts"
    """Two-sided; only the fronts (pages 1, 3, 5, …) take strips."""
    BOTH_SIDES = "both_sides"
    """Two-sided; the fronts carry a whole seal along the edge, the backs another along the same edge of the sheets."""


@dataclass(frozen=True)
class SeamSeal:
    """A seal over the edges of a stack of pages: whole when the stack is fanned out.

    `centre_mm` is the seal's middle along the edge, from the top (for top and bottom edges from the left); None is the
    middle of the shortest edge taking part. `pages` are the pages taking part, from 0 and ascending, None for all.
    `group` is how many pages (of two-sided prints: sheets) share one seal: of the rest, a single one joins the group
    before, more get a seal of their own; None puts all under one seal.
    """

    edge: Edge = Edge.RIGHT
    centre_mm: float | None = None
    pages: tuple[int, ...] | None = None
    group: int | None = None
    printing: Printing = Printing.ONE_SIDED


@dataclass(frozen=True)
class FacingSeal:
    """A seal over each opening of two pages side by side: a part at `edge` of a page, the rest at the facing edge of
    the next.

    `pages` are the first page of each opening, from 0, None for every page but the last; `share` (0 to 1) is how much
    of the seal the first page takes; `centre_mm` as in a SeamSeal, of the two pages.
    """

    edge: Edge = Edge.RIGHT
    centre_mm: float | None = None
    pages: tuple[int, ...] | None = None
    share: float = 0.5


@dataclass(frozen=True)
class Strip:
    """A part of the seal on a page: Boundary of the whole picture on the page, Clip within the Boundary (None when
    nothing is cut off), mm."""

    page_index: int
    boundary: Box
    clip: Box | None


Size = tuple[float, float]
"""Width and height, mm."""


def seam_strips(seam: SeamSeal | FacingSeal, pages: Sequence[Size], seal: Size) -> list[Strip]:
    """The strips of a seal of the size `seal` over pages of these sizes, in the order of the seam.

    Raises OfdError: `seam_pages` (no such page, or fewer than two take part), `seam_group` (fewer than two pages a
    seal, or strips narrower than 0.5 mm), `seam_share` (less than 0.5 mm of the seal on a page), `seam_place` (the
    seal does not lie on the edge of each page, or a strip is wider than its page).
    """
    if isinstance(seam, FacingSeal):
        return _facing(seam, pages, seal)
    chosen = _chosen(seam.pages, len(pages))
    fronts = chosen if seam.printing is Printing.ONE_SIDED else [index for index in chosen if index % 2 == 0]
    if len(fronts) < 2:
        raise OfdError("seam_pages", "seam: fewer than two sheets take part; stamp the page itself instead.")
    runs = [(seam.edge, group) for group in _groups(fronts, seam.group)]
    backs = [index for index in chosen if index % 2]
    if seam.printing is Printing.BOTH_SIDES and len(backs) > 1:
        # Seen from the back, the last sheet lies on top, and left and right have changed places.
        edge = seam.edge.opposite if seam.edge.upright else seam.edge
        runs += [(edge, group[::-1]) for group in _groups(backs, seam.group)]
    return [strip for edge, group in runs for strip in _fanned(edge, group, pages, seal, seam.centre_mm)]


def _chosen(wanted: tuple[int, ...] | None, count: int) -> list[int]:
    chosen = list(range(count)) if wanted is None else list(wanted)
    if any(not 0 <= index < count for index in chosen) or chosen != sorted(set(chosen)):
        raise OfdError("seam_pages", f"seam: pages must ascend and lie within the document's {count}, from 0.")
    return chosen


def _groups(pages: list[int], size: int | None) -> list[list[int]]:
    """Groups of `size`; a remainder of one joins the group before, as one page alone would bear the whole seal."""
    if size is None:
        return [pages]
    if size < 2:
        raise OfdError("seam_group", f"seam: {size} pages a group; a seam takes two or more.")
    groups = [pages[start : start + size] for start in range(0, len(pages), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _fanned(edge: Edge, group: list[int], pages: Sequence[Size], seal: Size, centre: float | None) -> list[Strip]:
    """One whole seal over `group`, its first page on top. Pages below show beyond the edge of those above."""
    length = seal[0] if edge.upright else seal[1]
    count = len(group)
    if length / count < _NARROWEST_MM:
        most = int(length / _NARROWEST_MM)
        raise OfdError("seam_group", f"seam: {count} pages share a seal of {length} mm; group at most {most} of them.")
    cuts = [round(length * number / count, 3) for number in range(count + 1)]
    along = _along(edge, group, pages, seal, centre)
    strips = []
    for number, page in enumerate(group):
        first = number if edge in (Edge.RIGHT, Edge.BOTTOM) else count - 1 - number
        strips.append(_strip(edge, page, pages[page], seal, (cuts[first], cuts[first + 1]), along))
    return strips


def _facing(seam: FacingSeal, pages: Sequence[Size], seal: Size) -> list[Strip]:
    openings = _chosen(seam.pages, len(pages) - 1)
    if not openings:
        raise OfdError("seam_pages", "facing: no two pages face each other; stamp the page itself instead.")
    length = seal[0] if seam.edge.upright else seal[1]
    if not _NARROWEST_MM <= length * seam.share <= length - _NARROWEST_MM:
        raise OfdError(
            "seam_share", f"facing: share {seam.share} leaves a page less than {_NARROWEST_MM} mm of the seal."
        )
    inner = seam.edge in (Edge.RIGHT, Edge.BOTTOM)
    cut = round(length * (seam.share if inner else 1 - seam.share), 3)
    before, after = ((0.0, cut), (cut, length)) if inner else ((cut, length), (0.0, cut))
    strips = []
    for page in openings:
        along = _along(seam.edge, [page, page + 1], pages, seal, seam.centre_mm)
        strips.append(_strip(seam.edge, page, pages[page], seal, before, along))
        strips.append(_strip(seam.edge.opposite, page + 1, pages[page + 1], seal, after, along))
    return strips


def _along(edge: Edge, group: list[int], pages: Sequence[Size], seal: Size, centre: float | None) -> float:
    """Where the seal begins along the edge: the same on every page, so that stacked pages match."""
    axis = 1 if edge.upright else 0
    shortest = min(pages[page][axis] for page in group)
    begin = (shortest / 2 if centre is None else centre) - seal[axis] / 2
    if not 0 <= begin <= shortest - seal[axis]:
        raise OfdError(
            "seam_place",
            f"seam: a seal of {seal[axis]} mm does not lie on the {edge.value} edge of {shortest} mm "
            f"with its middle at {begin + seal[axis] / 2} mm.",
        )
    return begin


def _strip(edge: Edge, page: int, size: Size, seal: Size, part: tuple[float, float], along: float) -> Strip:
    """The part from `part[0]` to `part[1]` mm of the seal, flush with the page's edge."""
    begin, end = part
    across = size[0] if edge.upright else size[1]
    if end - begin > across:
        raise OfdError("seam_place", f"seam: a strip of {end - begin} mm is wider than page {page + 1}.")
    corner = across - end if edge in (Edge.RIGHT, Edge.BOTTOM) else -begin
    width, height = seal
    if edge.upright:
        return Strip(page, (corner, along, width, height), (begin, 0.0, end - begin, height))
    return Strip(page, (along, corner, width, height), (0.0, begin, width, end - begin))
