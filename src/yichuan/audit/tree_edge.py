"""The right edge of the tree as it is kept: what the next entry is put on."""

from django.db.models import Q

from yichuan.audit.models import Head, Tile
from yichuan.lib.merkle import Edge, edge_of


class DamagedTree(Exception):
    """The tree's last tiles do not belong to its head: nothing is put on top of what was altered."""


def kept_edge(head: Head) -> tuple[Edge, dict[tuple[int, int], Tile]]:
    """The edge, and the tiles it stands in by level and number. Raises DamagedTree."""
    places = edge_of(head.size)
    wanted = Q()
    for level, number in places:
        wanted |= Q(level=level, number=number)
    last = {(tile.level, tile.number): tile for tile in Tile.objects.filter(wanted)}
    try:
        edge = Edge(head.size, [bytes(last[place].hashes) if place in last else b"" for place in places])
    except ValueError as error:
        raise DamagedTree(str(error)) from error
    if edge.root() != bytes(head.root):
        raise DamagedTree("the last tiles do not lead to the root of the head")
    return edge, last
