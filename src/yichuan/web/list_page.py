"""A list on a page: narrowed as the address or the person's own opening view says, in the person's own columns."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string

from yichuan.web.lists import MOST, BoundedPaginator, Column, Narrowing, Part, Preferences, said

Row = TypeVar("Row", bound=Model)

SELDOM = ("text", "since", "until", "urgency", "mark")
"""Parts that stand behind 更多条件, which is open where one of them narrows the list."""
ALL = "all"
"""In an address: nothing narrows the list, not even the view it opens with."""


class ListPage:
    """One list as one person sees it now. `path` is its address, `name` what saved views know it by."""

    def __init__(
        self, request: HttpRequest, name: str, parts: Sequence[Part], columns: Sequence[Column], path: str
    ) -> None:
        self.request, self.name, self.path = request, name, path
        self.preferences: Preferences = import_string(settings.YICHUAN_LIST_PREFERENCES)(request.user, name)
        asked = any(part.name in request.GET for part in parts) or ALL in request.GET
        opening = "" if asked else self.preferences.start
        self.narrowing = Narrowing.read(parts, opening) if opening else Narrowing(parts, request.GET)
        self.columns = chosen(columns, self.preferences.columns)

    def page(self, rows: QuerySet[Row], read: Callable[[list[Any]], Iterable[Row]]) -> Page[Row]:
        """The page that is asked for, of the rows as they are narrowed.

        Which rows stand on it is asked first and by itself: a database that joins all the names of a row to a search
        may begin with the names. Then `read` reads these few with their names, by their keys and in any order.
        """
        paginator = BoundedPaginator(rows, self.preferences.size)
        self.shown = paginator.get_page(self.request.GET.get("page"))
        keys = paginator.keys[self.shown.start_index() - 1 : self.shown.end_index()] if paginator.count else []
        found = {row.pk: row for row in read(keys)} if keys else {}
        self.shown.object_list = [found[key] for key in keys if key in found]
        return self.shown

    def keep(self, rows: list[Any]) -> None:
        """Show these rows of the page alone: the others proved to be none of what was asked for."""
        if self.shown.paginator.num_pages == 1:
            self.shown.paginator.count = len(rows)
        self.shown.object_list = rows

    def context(self, cut: bool, total: int) -> dict[str, Any]:
        """What the parts of the page need; `total`: how many rows there are without any filter, counted to `MOST`."""
        paginator = self.shown.paginator
        known = total < MOST and not cut
        query = self.narrowing.query()
        return {
            "page": self.shown,
            "wanted": self.narrowing.values,
            "filters": self.narrowing.marks(self.path),
            "faults": self.narrowing.faults,
            "hidden": total - paginator.count if known else "若干",
            "total": said(total),
            "cut": cut,
            "more": getattr(paginator, "more", False),
            "columns": self.columns,
            "list_name": self.name,
            "here": self.path,
            "everything": f"{self.path}?{ALL}=1",
            "query": query,
            "views": [{"view": view, "on": view.query == query} for view in self.preferences.named],
            "choices": {part.name: part.choices for part in self.narrowing.parts if part.choices},
            "more_open": any(self.narrowing[name] for name in SELDOM),
        }


def chosen(columns: Sequence[Column], keys: Sequence[str]) -> list[Column]:
    """The columns somebody chose, in that order; those that always stand are never missing."""
    if not keys:
        return [column for column in columns if column.shown]
    named = {column.key: column for column in columns}
    found = [named[key] for key in keys if key in named]
    return found + [column for column in columns if column.fixed and column not in found]
