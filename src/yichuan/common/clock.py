"""The one clock of the services. Tests move it; `lib` never reads it and is handed its instants."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

_fixed: list[datetime] = []


def now() -> datetime:
    """The present instant, aware, UTC."""
    return _fixed[-1] if _fixed else timezone.now()


@contextmanager
def fixed_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (aware). For the demonstration and for tests."""
    _fixed.append(instant)
    try:
        yield
    finally:
        _fixed.pop()
