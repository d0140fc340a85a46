"""Lists that stay quick however much there is: filters with their marks, and pages over a bounded count."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.utils import timezone

from yichuan.common.characters import hides_something

MOST = 1_000
"""So many rows a list counts and turns pages through; beyond them a filter leads further."""
LONGEST = 60
YEARS = (1949, 2199)
SIZES = (14, 30, 50, 100)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Part:
    """One part of a filter: its name in the address and what its mark says before the value.

    `choices` are the words of the values it can take; `day` takes a date as YYYY-MM-DD.
    """

    name: str
    says: str
    choices: Mapping[str, str] | None = None
    day: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a list: `css` sets its width; a `fixed` one always stands, one not `shown` only where chosen."""

    key: str
    label: str
    css: str = ""
    fixed: bool = False
    shown: bool = True


@dataclass(frozen=True)
class SavedFilter:
    """A filter that somebody keeps under a name."""

    id: uuid.UUID
    name: str
    query: str


@dataclass(frozen=True)
class Preferences:
    """A list as one person likes it: filters by name, columns in their order (none: as shipped), rows on a page, and
    the filter it opens with."""

    named: tuple[SavedFilter, ...] = ()
    columns: tuple[str, ...] = ()
    size: int = SIZES[0]
    start: str = ""


class Narrowing:
    """What a list is narrowed by: the parts that somebody asked for and that can be asked for.

    `values` holds every part ("" where nothing is asked), `faults` what was asked and does not count, in words.
    """

    def __init__(self, parts: Sequence[Part], asked: Mapping[str, str]) -> None:
        self.parts = parts
        self.faults: list[str] = []
        self.values = {part.name: self._taken(part, asked.get(part.name, "")) for part in parts}
        self._turned_days()

    @classmethod
    def read(cls, parts: Sequence[Part], query: str) -> "Narrowing":
        """From the query of an address, as `query` writes it."""
        return cls(parts, {name: values[-1] for name, values in parse_qs(query).items()})

    def _taken(self, part: Part, raw: str) -> str:
        text = raw.replace("\0", "").strip()
        if not text:
            return ""
        fault = ""
        if part.choices is not None:
            return text if text in part.choices else ""
        if len(text) > LONGEST:
            fault = f"{part.says}超过 {LONGEST} 个字"
        elif hides_something(text):
            fault = f"{part.says}里有看不见的字符"
        elif part.day and _day(text) is None:
            fault = f"{part.says}「{text[:20]}」不是日期"
        if fault:
            self.faults.append(f"{fault}，没有按它筛选。")
            return ""
        return text

    def _turned_days(self) -> None:
        since, until = self.day("since"), self.day("until")
        if since and until and since > until:
            self.faults.append(f"起始日期 {since} 在截止日期 {until} 之后，没有公文会落在中间。")

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def __bool__(self) -> bool:
        return any(self.values.values())

    def day(self, name: str) -> date | None:
        """A part that is a date."""
        return _day(self.values.get(name, ""))

    @property
    def begin(self) -> datetime | None:
        """The first instant of the day `since`."""
        return _midnight(self.day("since"))

    @property
    def end(self) -> datetime | None:
        """The instant after the day `until`."""
        last = self.day("until")
        return _midnight(last + timedelta(days=1)) if last else None

    def query(self, without: str = "") -> str:
        """The parts as they stand in an address, without one of them."""
        return urlencode({name: value for name, value in self.values.items() if value and name != without})

    def marks(self, path: str) -> list[dict[str, str]]:
        """What narrows the list now, each with the address of the list without it."""
        shown = []
        for part in self.parts:
            value = self.values[part.name]
            if value:
                said = part.choices[value] if part.choices else value
                url = f"{path}?{self.query(part.name) or 'all=1'}"
                shown.append({"label": f"{part.says}：{said}", "without_url": url})
        return shown


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] and text == day.isoformat() else None


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages over the first `MOST` rows of a query set: what comes after them is never counted."""

    object_list: Any

    @cached_property
    def keys(self) -> list[Any]:
        """The keys of the rows in their order, at most one more than `MOST`: what there is, asked once."""
        return list(self.object_list.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        """The rows there are, at most `MOST`."""
        return min(len(self.keys), MOST)

    @property
    def more(self) -> bool:
        """Whether there are rows beyond those."""
        return len(self.keys) > MOST

    @property
    def count_words(self) -> str:
        """The number as a page says it."""
        return f"{MOST} 以上" if self.more else str(self.count)


def newest(rows: QuerySet[Row], most: int) -> tuple[QuerySet[Row], bool]:
    """The first `most` rows of a list whose order begins with a time, the latest first, and whether there are more.

    They are those of that time and later, not a list of keys: a database that expects few rows of some other condition
    would read such a list again for each of them. Rows of the same instant are all in.
    """
    column = str(rows.query.order_by[0]).removeprefix("-")
    border = list(rows.values_list(column, flat=True)[most - 1 : most + 1])
    if len(border) < 2:
        return rows, False
    return rows.filter(**{f"{column}__gte": border[0]}), True


def bounded(rows: Any) -> int:
    """How many rows there are, at most `MOST`: counted no further."""
    return int(rows[:MOST].count())


def counting(groups: Mapping[str, QuerySet[Any]]) -> tuple[str, list[Any]]:
    """The same of several sets of rows, by their names, as SQL with its parameters, for `PreparedSql`: it answers with
    names and numbers."""
    parts, given = [], []
    for name, rows in groups.items():
        sql, values = rows.order_by().values("pk")[:MOST].query.sql_with_params()
        parts.append(f"SELECT %s, COUNT(*) FROM ({sql}) counted")  # noqa: S608 - the query of a query set
        given += [name, *values]
    return " UNION ALL ".join(parts), given


def said(number: int) -> str:
    """A bounded count on a tab."""
    return f"{MOST - 1}+" if number >= MOST else str(number)
