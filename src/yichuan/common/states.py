"""Declarative transition tables (architecture, contract 5): what a table does not list is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yichuan.common.errors import Refused
from yichuan.common.permissions import Permission


@dataclass(frozen=True)
class Transition:
    """One row: the verb leads from `source` to `target`, needs `permission`, and is logged under `audit`."""

    verb: str
    source: StrEnum
    target: StrEnum
    permission: Permission
    audit: str


class TransitionTable:
    """All the moves of one kind of object, which refusals call `noun`."""

    def __init__(
        self, name: str, labels: dict[Any, str], rows: Iterable[Transition], *, noun: str = "这件公文"
    ) -> None:
        self.name = name
        self.noun = noun
        self.labels = labels
        self.rows = tuple(rows)
        self._by_key = {(row.verb, row.source): row for row in self.rows}
        if len(self._by_key) != len(self.rows):
            raise ValueError(f"{name}: two rows share a verb and a source")

    def find(self, verb: str, source: str) -> Transition:
        """The row for `verb` from `source`; a refusal that names the present state where there is none."""
        for row in self.rows:
            if row.verb == verb and row.source == source:
                return row
        raise Refused(
            "wrong_state",
            f"{self.noun}现在是「{self.labels.get(source, source)}」，不能这样办理。请刷新页面看最新情况。",
        )

    def allows(self, verb: str, source: str) -> bool:
        """Whether the table lists `verb` from `source`."""
        return any(row.verb == verb and row.source == source for row in self.rows)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {row.source} --> {row.target}: {row.verb}" for row in self.rows]
        return "\n".join(lines)
