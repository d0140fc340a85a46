"""Colour spaces of a PDF and colour elements of an OFD."""

import pikepdf

from ..errors import OfdError
from ..geometry import numbers
from .state import Colour

CMYK_SPACE_ID = 2
"""The ID of the CMYK ColorSpace in PublicRes.xml; RGB is the document's default."""

_COMPONENTS = {"/DeviceGray": 1, "/G": 1, "/CalGray": 1, "/DeviceRGB": 3, "/RGB": 3, "/CalRGB": 3}
_COMPONENTS |= {"/DeviceCMYK": 4, "/CMYK": 4}


def components(space: pikepdf.Object) -> int:
    """How many components a colour space has: 1 grey, 3 RGB, 4 CMYK. Others raise OfdError `unsupported_colour`."""
    array = isinstance(space, pikepdf.Array)
    family = str(space[0] if array else space)
    if family == "/ICCBased" and array:
        count = int(space[1].get("/N", 0))
        if count in (1, 3, 4):
            return count
    if family in _COMPONENTS:
        return _COMPONENTS[family]
    raise OfdError("unsupported_colour", f"The page uses the colour space {family}; use grey, RGB or CMYK.")


def colour_xml(tag: str, colour: Colour, alpha: float) -> str:
    """A FillColor or StrokeColor element; components run from 0 to 255 (GB/T 33190-2016 clause 8.3)."""
    parts = colour.parts * 3 if len(colour.parts) == 1 else colour.parts
    values = numbers((round(max(0.0, min(1.0, part)) * 255) for part in parts), 0)
    space = f' ColorSpace="{CMYK_SPACE_ID}"' if len(parts) == 4 else ""
    opacity = f' Alpha="{round(alpha * 255)}"' if alpha < 1 else ""
    return f'<ofd:{tag}{space} Value="{values}"{opacity}/>'
