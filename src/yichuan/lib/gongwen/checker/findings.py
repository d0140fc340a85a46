"""What the form checker gives back, and the catalogue of everything it can find."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]
_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}
_CATALOGUE = Path(__file__).with_name("catalogue.toml")
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Place:
    """A JSON path of the content (``$.body[3].text``), or a page (from 0) and a box on it: x, y, width, height in mm
    from the page's top left. The whole document has neither."""

    path: str = ""
    page: int | None = None
    box: tuple[float, float, float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        values = {"path": self.path or None, "page": self.page, "box": self.box}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Finding:
    """A departure from the standard: ``code`` is stable, ``clause`` names the rule (GB/T 9704-2012 unless another text
    is named), message and remedy are Chinese.

    An ``error`` breaks a rule, a ``warning`` departs from what is recommended or usual, a ``note`` wants a look.
    """

    code: str
    clause: str
    severity: Severity
    place: Place
    message_zh: str
    remedy_zh: str

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"place": self.place.to_json()}


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every code with its clause, severity, message and remedy (``catalogue.toml``)."""
    return tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))


def finding(code: str, place: Place | str, **shown: object) -> Finding:
    """A finding of the catalogue, at a JSON path or a place on a page; ``shown`` fills in its message."""
    entry: Any = catalogue()[code]
    values = {name: _short(str(value)) for name, value in shown.items()}
    return Finding(
        code,
        entry["clause"],
        entry["severity"],
        Place(place) if isinstance(place, str) else place,
        entry["message"].format(**values),
        entry["remedy"].format(**values),
    )


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Each once, the grave ones first, otherwise as found."""
    return sorted(dict.fromkeys(findings), key=lambda each: _RANK[each.severity])


def _short(text: str) -> str:
    text = text.replace("\n", " ")
    return f"{text[:_LONGEST_SHOWN]}…" if len(text) > _LONGEST_SHOWN else text
