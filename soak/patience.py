"""How long a centre under trial waits before it takes over what a dead process left behind.

The waits of a real centre are minutes, longer than the short form of the trial lasts. The code that takes over is the
same; with shorter waits it also meets more requests that are still alive.
"""

from datetime import timedelta
from types import ModuleType

from django.apps import AppConfig

TAKEN_OVER_AFTER = timedelta(seconds=6)
REAPED_AFTER = timedelta(seconds=20)


class Patience(AppConfig):
    """Shortens the waits of the process that it is installed in."""

    name = "soak"

    def ready(self) -> None:
        from yichuan.interface.services import answers

        _put(answers, "GIVEN_UP_AFTER", TAKEN_OVER_AFTER)
        wait(REAPED_AFTER)


def wait(reaped_after: timedelta, *, uploads: timedelta | None = None) -> None:
    """Let intents be older than this before they are settled; uploads too, which else have their day."""
    from yichuan.compose.services import upload_parts
    from yichuan.exchange.services import print_numbers
    from yichuan.seals.services import use

    _put(print_numbers, "RESERVED_AT_MOST", reaped_after)
    _put(use, "OPEN_AT_MOST", reaped_after)
    if uploads is not None:
        _put(upload_parts, "KEPT", uploads)


def _put(module: ModuleType, name: str, value: timedelta) -> None:
    """A wait that moved elsewhere is an error, else the trial would be patient without a word."""
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} has no {name}")
    setattr(module, name, value)
