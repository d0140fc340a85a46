"""Room for Python's frames.

CPython keeps the frames of a thread in pieces of 16 KiB. A loop whose calls cross from one piece into the next has the
system give a new piece at every call and take it back at its return: 12,000 times a second in a test, a tenth of its
time. A frame that fits into no small piece gets one of the next power of two, and those above it find their place
beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SLOTS = 33_000
"""Of 8 bytes: a little more than 256 KiB, so that the piece is of 512 and almost half of it is left."""


def roomy(call: Callable[..., Any], *given: Any) -> Any:
    """What `call(*given)` returns."""
    return call(*given)


roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
