"""The fonts of this centre: the site's own folder first, the set-up's cache after it."""

from functools import cache
from pathlib import Path

from django.conf import settings

from yichuan.lib.gongwen.fonts import FontSet


@cache
def fonts() -> FontSet:
    """Found once a process. Raises `FontsMissing`, which names the files and the remedy."""
    site = Path(settings.YICHUAN_FONTS) if settings.YICHUAN_FONTS else None
    return FontSet.find(site, Path(settings.YICHUAN_FONT_CACHE))
