"""Colour elements of an OFD (GB/T 33190-2016 clause 8.3)."""

from functools import lru_cache

from ..geometry import numbers
from .state import Colour

CMYK_SPACE_ID = 2
"""The ID of the CMYK ColorSpace in PublicRes.xml; RGB is the document's default."""


@lru_cache(maxsize=4096)
def colour_attributes(colour: Colour) -> str:
    """The Value of a colour, and its ColorSpace where it is CMYK; components run from 0 to 255."""
    parts = colour.parts * 3 if len(colour.parts) == 1 else colour.parts
    values = numbers((round(max(0.0, min(1.0, part)) * 255) for part in parts), 0)
    space = f' ColorSpace="{CMYK_SPACE_ID}"' if len(parts) == 4 else ""
    return f'{space} Value="{values}"'


def alpha_attribute(alpha: float) -> str:
    """Alpha with a leading space; nothing for what is opaque."""
    return f' Alpha="{round(max(0.0, alpha) * 255)}"' if alpha < 1 else ""


def colour_xml(tag: str, colour: Colour, alpha: float = 1.0) -> str:
    """A FillColor, StrokeColor or Color element."""
    return f"<ofd:{tag}{colour_attributes(colour)}{alpha_attribute(alpha)}/>"
