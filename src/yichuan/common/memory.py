"""A small cache in this process's memory: opened bodies and drawn pages. Nothing of it is ever written down.

It is bounded by bytes, as `sys.getsizeof` tells them of each value. Whoever asks has checked permission before: the key
of an entry names the one who may see it, or the document's own key that opens it.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from yichuan.common import shelf

LIMIT_BYTES = 96 * 1024 * 1024

Value = TypeVar("Value")

_lock = threading.Lock()
_entries: "OrderedDict[Hashable, Any]" = OrderedDict()
_total = 0


def remember(key: Hashable, make: Callable[[], Value]) -> Value:
    """The value kept under `key`, made now if it is not there. Two threads may make it twice; that harms nothing."""
    global _total
    with _lock:
        if key in _entries:
            _entries.move_to_end(key)
            return _entries[key]  # type: ignore[no-any-return]
    value = make()
    with _lock:
        if key not in _entries:
            _entries[key] = value
            _total += sys.getsizeof(value)
        while _total > LIMIT_BYTES and len(_entries) > 1:
            _, dropped = _entries.popitem(last=False)
            _total -= sys.getsizeof(dropped)
    return value


def forget_all() -> None:
    """Empty the cache, and the shelves."""
    global _total
    with _lock:
        _entries.clear()
        _total = 0
    shelf.clear_all()


Found = TypeVar("Found")


class Results(Generic[Found]):
    """What was found from inputs that decide it alone, kept under all of them: the last so many that are `worth` it."""

    def __init__(self, most: int, *, worth: Callable[[Found], bool] = lambda _: True) -> None:
        self._most, self._worth = most, worth
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Found] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """The result kept under `key`, found now if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        if not self._worth(found):
            return found
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
