"""The icons that the sprite holds. `scripts/vendor.py` builds the sprite from the same list."""

from __future__ import annotations

import json
from pathlib import Path

ICONS: frozenset[str] = frozenset(json.loads((Path(__file__).parent / "icons.json").read_text(encoding="utf-8")))


class UnknownIcon(ValueError):
    code = "unknown_icon"

    def __init__(self, name: object) -> None:
        super().__init__(f"icon {name!r} is not in yichuan/web/icons.json: add it there and run scripts/vendor.py")


def known(name: str) -> str:
    """Return `name`, or raise `UnknownIcon`: a page must not show a hole where a state belongs."""
    if name not in ICONS:
        raise UnknownIcon(name)
    return name
