"""Imprints of 市府办公室 for tests of the seals' room: drawn ones, and scans of its brass seal."""

from functools import cache
from typing import Any

from support.scans import drawn, scan
from support.world import World
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_approve import approve
from yichuan.seals.services.imprint_draw import draw

OWN = "江门市人民政府办公室"


@cache
def own_scan(turned: float = 12.0, dpi: int = 200) -> bytes:
    """A scan of the brass seal, 42 mm, askew by `turned` degrees."""
    return scan(turned=turned, dpi=dpi, size_mm=(60, 56), imprint=drawn(OWN))


def drawn_row(world: World, **how: Any) -> Imprint:
    """An imprint that the custodian drew."""
    name = world.sender.names.get(main=True, valid_to=None)
    wanted = {"actor": world.custodian["市府办公室"], "unit": world.sender, "name_id": name.pk, "diameter_mm": 42}
    return draw(**(wanted | how))


def approved_row(world: World) -> Imprint:
    """The same, approved by the head."""
    row = drawn_row(world)
    return approve(actor=world.leader, imprint_id=row.pk, digest=row.digest)
