"""Every address of the product as its decorators declare it: permission, methods, where a refresh leads.

Pages and operations of the interface are walked apart: a page leads who is not logged in to the login, an operation
knows no session at all (tests/interface/test_routes.py).
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from yichuan.common.permissions import Permission
from yichuan.interface.api.site import api


@dataclass(frozen=True)
class Route:
    """One pattern: its name, its address with placeholders, its view."""

    name: str
    address: str
    view: Any

    @property
    def permission(self) -> Permission | str:
        return getattr(self.view, "permission", "undeclared")

    @cached_property
    def _declared(self) -> dict[str, Any]:
        """What the decorators closed over, outermost first: they keep it nowhere else."""
        found: dict[str, Any] = {}
        view = self.view
        while view is not None:
            cells = [cell.cell_contents for cell in view.__closure__ or ()]
            for name, value in zip(view.__code__.co_freevars, cells, strict=True):
                found.setdefault(name, value)
            if view.__code__.co_name == "only_posted":
                found["acts"] = True
            view = getattr(view, "__wrapped__", None)
        return found

    @property
    def acts(self) -> bool:
        """Whether only a POST does anything, and a GET leads back to a page (`web.requests.posted`)."""
        return bool(self._declared.get("acts"))

    @property
    def leads_back_to(self) -> str:
        """The name of the page that a GET of an act leads to."""
        return str(self._declared["page"])

    @property
    def methods(self) -> tuple[str, ...]:
        """What the view answers to: `get`, `post`; an undeclared view answers to everything, and a test says so."""
        if self.acts:
            return ("post",)
        return tuple(each.lower() for each in self._declared.get("request_method_list", ()) if each != "HEAD")

    def at(self, **values: Any) -> str:
        """The address with these values; what is not given is an identifier of nothing."""
        values.setdefault("page", 1)

        def value(found: re.Match[str]) -> str:
            return str(values.get(found[2]) or (uuid.uuid4() if found[1] != "int:" else 10**9))

        return "/" + re.sub(r"<(\w+:)?(\w+)>", value, self.address)


def _walk(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Route]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, prefix + str(each.pattern), each.app_name or space)
        elif isinstance(each, URLPattern):
            yield Route(f"{space}:{each.name}", prefix + str(each.pattern), each.callback)


def routes() -> list[Route]:
    """All of them but the operations of the interface, in the order in which they are tried."""
    return [route for route in _walk(get_resolver().url_patterns) if not _is_operation(route)]


@dataclass(frozen=True)
class Operation:
    """One operation of the interface, as ninja asks for it."""

    route: Route
    methods: tuple[str, ...]
    view: Any
    auth: Any

    @property
    def name(self) -> str:
        return self.route.name

    @property
    def permission(self) -> Permission | str:
        return getattr(self.view, "permission", "undeclared")

    def at(self, **values: Any) -> str:
        """As `Route.at`."""
        return self.route.at(**values)


def operations() -> list[Operation]:
    """The operations of the interface behind its addresses: all there are, however they were declared."""
    found = []
    for route in _walk(get_resolver().url_patterns):
        if _is_operation(route):
            path_view = route.view.__closure__[0].cell_contents
            for each in path_view.operations:
                if api.get_operation_url_name(each, api.default_router) == route.name.partition(":")[2]:
                    found.append(Operation(route, tuple(each.methods), each.view_func, each.auth_callbacks))
    return found


def _is_operation(route: Route) -> bool:
    """Whether ninja answers there: the view is the closure over its operations."""
    cells = [cell.cell_contents for cell in getattr(route.view, "__closure__", None) or ()]
    return any(isinstance(each, PathView) for each in cells)
