"""Reading the glyphs of CFF fonts (Adobe Technical Note 5177) within bounds.

A glyph may call subroutines and these each other, so that a few hundred bytes can stand for more steps than any
machine walks; fontTools walks them all.
"""

from typing import Any

from fontTools.misc.psCharStrings import T2CharString, T2OutlineExtractor

from .errors import OfdError

_LONGEST_GLYPH = 64 * 1024


class BoundedSteps:
    """A mixin for fontTools' readers of glyph programs: counts what they walk through.

    Raises OfdError `font_damaged`.
    """

    _spent = 0

    def execute(self, string: T2CharString) -> None:
        """Walk through a glyph or a subroutine."""
        self.spend(1 + len(string.bytecode or string.program))
        super().execute(string)  # type: ignore[misc]

    def spend(self, steps: int) -> None:
        """Count steps."""
        self._spent += steps
        if self._spent > _LONGEST_GLYPH:
            raise OfdError("font_damaged", "A glyph's outline is too long.")


class BoundedOutline(BoundedSteps, T2OutlineExtractor):  # type: ignore[misc]
    """What draws a glyph: set as `outlineExtractor` of its T2CharString."""


def bounded(glyph_set: Any, name: str) -> None:
    """Make a CFF glyph of a fontTools glyph set draw within bounds."""
    glyph_set.charStrings[name].outlineExtractor = BoundedOutline
