"""The one door to pyHanko: without its log, and without an event loop."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")

# What pyHanko has to say about a file stands in our reports; its own warnings are for its own command line.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """What the coroutine returns. Without the network pyHanko never waits, so it needs no loop and no thread."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: _T = done.value
        return value
    coroutine.close()
    raise RuntimeError("pyHanko waits for something; nothing was to be fetched")
