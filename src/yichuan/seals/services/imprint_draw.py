"""Drawing an imprint by the rules (按规定绘制印模, S2, J-19)."""

import math

from yichuan.lib.ses.seal import Picture
from yichuan.seals.models import Imprint


def picture_of(row: Imprint) -> Picture:
    """The imprint as a seal carries it (GB/T 38540): an OFD of whole millimetres, the imprint in its middle."""
    side = math.ceil(row.diameter_mm)
    return Picture("ofd", bytes(row.ofd), side, side)
