"""One step of a verification."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from .findings import FINDINGS, TITLES_ZH

_LONGEST_DETAIL = 400
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Step:
    """`ok` is None when the step could not be decided. `finding` is the stable key of what was found, `note` says it in
    English, `note_zh` in Chinese."""

    name: str
    ok: bool | None
    note: str
    note_zh: str = ""
    finding: str = ""

    @property
    def title_zh(self) -> str:
        """What pages call the step."""
        return TITLES_ZH[self.name]


@dataclass(frozen=True, slots=True)
class Said:
    """A detail that has words of its own in each language."""

    english: str
    chinese: str

    def __str__(self) -> str:
        return self.english


def step(name: str, ok: bool | None, finding: str, /, **details: object) -> Step:
    """A step that says one of the FINDINGS."""
    english, chinese = FINDINGS[finding]
    shown = {key: str(value)[:_LONGEST_DETAIL] for key, value in details.items()}
    own = {key: value.chinese[:_LONGEST_DETAIL] for key, value in details.items() if isinstance(value, Said)}
    return Step(name, ok, english.format_map(shown), chinese.format_map(shown | own), finding)


def shown(moment: datetime) -> str:
    """A moment for a note: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(names: Iterable[str]) -> str:
    """Names for a note: the first few, and how many more there are."""
    every = list(names)
    more = f" (+{len(every) - _MOST_NAMES})" if len(every) > _MOST_NAMES else ""
    return ", ".join(every[:_MOST_NAMES]) + more
