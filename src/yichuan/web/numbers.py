"""Numbers that stand on every page, asked together: one statement for all that one person is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Field, QuerySet

from yichuan.common.prepared import PreparedSql
from yichuan.web.lists import MOST

KEPT = 128
"""So many sets of questions stand ready written: people of the same duties ask the same ones."""


class Question:
    """How many of the rows `rows(**values)` there are, counted no further than a list; its SQL is written once."""

    def __init__(self, rows: Callable[..., QuerySet[Any]], **values: "Field[Any, Any]") -> None:
        self.rows, self.values = rows, values

    def __call__(self, **values: Any) -> "Number":
        return Number(self, tuple(values[name] for name in self.values))


@dataclass(frozen=True)
class Number:
    """The number for these values, which nobody has asked for yet."""

    question: Question
    values: tuple[Any, ...]


class Numbers:
    """The numbers of one page: what stands on it twice is asked once."""

    def __init__(self) -> None:
        self._known: dict[Number, int] = {}

    def asked(self, numbers: Iterable[Number]) -> dict[Number, int]:
        """At least these, as they are while the page is made."""
        wanted = [each for each in dict.fromkeys(numbers) if each not in self._known]
        if wanted:
            given = {_name(at, name): value for at, each in enumerate(wanted) for name, value in _values(each)}
            [found] = _together(tuple(each.question for each in wanted))(**given)
            self._known |= zip(wanted, map(int, found), strict=True)
        return self._known

    def one(self, number: Number) -> int:
        """This one, where nothing else is asked for beside it."""
        return self.asked([number])[number]


@lru_cache(KEPT)
def _together(questions: tuple[Question, ...]) -> PreparedSql:
    def write(**values: Any) -> tuple[str, list[Any]]:
        parts: list[str] = []
        given: list[Any] = []
        for at, question in enumerate(questions):
            rows = question.rows(**{name: values[_name(at, name)] for name in question.values})
            sql, own = rows.order_by().values("pk")[:MOST].query.sql_with_params()
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - the query of a query set
            given += own
        return f"SELECT {', '.join(parts)}", given

    fields = {_name(at, name): field for at, each in enumerate(questions) for name, field in each.values.items()}
    return PreparedSql(write, **fields)


def _values(number: Number) -> Iterable[tuple[str, Any]]:
    return zip(number.question.values, number.values, strict=True)


def _name(at: int, name: str) -> str:
    return f"{name}_{at}"
