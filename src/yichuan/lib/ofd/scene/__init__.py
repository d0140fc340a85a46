"""What a page shows, read once and drawn by several hands: SVG for the screen, PDF for paper and pictures."""

from .fonts import FontResolver
from .reader import SceneReader

__all__ = ["FontResolver", "SceneReader"]
