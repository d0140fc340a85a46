"""OFD pages as SVG: selectable text for the screen, outlines for print."""

from ..fontfile import FontResource, GlyphSource
from ..scene.fonts import FontResolver
from .render import Renderer, page_to_svg
from .sheet import TextMode

__all__ = ["FontResolver", "FontResource", "GlyphSource", "Renderer", "TextMode", "page_to_svg"]
