"""OFD pages as SVG: selectable text for the screen, outlines for print."""

from .fonts import FontResolver
from .glyphs import GlyphSource
from .render import Renderer, page_to_svg
from .resources import FontResource
from .sheet import TextMode

__all__ = ["FontResolver", "FontResource", "GlyphSource", "Renderer", "TextMode", "page_to_svg"]
