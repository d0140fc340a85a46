"""Addresses of many rows."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

NOBODY = UUID(int=0)


def to_each(route: str, *before: UUID) -> Callable[[UUID], str]:
    """`reverse` for the rows of one list: the address is written once, and the row's id, its last part, put in.

    Where no other id comes before it, it is kept: it follows from the route and where the centre's pages begin.
    """
    head, tail = _around(route, *before) if before else _kept(route, get_script_prefix())
    return lambda row: f"{head}{row}{tail}"


def _around(route: str, *before: UUID) -> list[str]:
    return reverse(route, args=[*before, NOBODY]).split(str(NOBODY))


@lru_cache
def _kept(route: str, _begin: str) -> list[str]:
    return _around(route)
