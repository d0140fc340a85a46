"""Addresses of many rows."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

NOBODY = UUID(int=0)


def to_each(route: str, *before: UUID) -> Callable[[UUID], str]:
    """`reverse` for the rows of one list: the address is written once, and the row's id, its last part, put in."""
    head, tail = reverse(route, args=[*before, NOBODY]).split(str(NOBODY))
    return lambda row: f"{head}{row}{tail}"
