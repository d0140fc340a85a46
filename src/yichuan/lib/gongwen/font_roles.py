"""Stand-ins for fonts that a foreign document names but does not carry: the installation's face of the same role."""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

from yichuan.lib.gongwen.fonts import Face, FontSet
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.fontfile import FontResource, GlyphSource
from yichuan.lib.ofd.scene.fonts import FontResolver

# Names as documents write them. The first that fits wins: 小标宋 is also a 宋, 仿宋 too.
_ROLES = (
    (re.compile(r"小标宋|xiaobiaosong|标题宋|dabiaosong|大标宋", re.I), "xiaobiaosong"),
    (re.compile(r"仿宋|fang ?song|fandolfang", re.I), "fangsong"),
    (re.compile(r"楷|kai", re.I), "kaiti"),
    (re.compile(r"黑|圆|hei|yahei|gothic|dengxian|等线|arial|helvetica|sans|calibri|verdana|tahoma", re.I), "heiti"),
)
_REGULAR = 400


def role_of(font: FontResource) -> str:
    """The role (see `fonts.ROLES`) whose face stands in for a font, told by its names: 宋体 where they tell nothing."""
    for pattern, role in _ROLES:
        if pattern.search(font.name) or pattern.search(font.family):
            return role
    return "songti"


def resolver(fonts: FontSet) -> FontResolver:
    """What `ofd.svg`, `ofd.paper` and `SceneReader` take as `fonts`: faces by role, opened once for all documents."""

    def resolve(font: FontResource) -> GlyphSource | None:
        face = fonts.faces[role_of(font)]
        if not font.name and not font.family:  # the widest there is, for characters that others lack
            face = fonts.fallback.get(_REGULAR, face)
        try:
            return glyph_source(face)
        except OfdError:
            return None

    return resolve


def glyph_source(face: Face) -> GlyphSource:
    """The glyphs of a face, opened once and shared. Raises OfdError `font_damaged`."""
    return _opened(face.path, face.index)


@lru_cache(maxsize=16)
def _opened(path: Path, index: int) -> GlyphSource:
    data = BytesIO(path.read_bytes())
    return GlyphSource(TTFont(data, lazy=True, fontNumber=index, recalcBBoxes=False, recalcTimestamp=False))
