"""Calls to a device that may never answer: a bounded wait, then a clear error, and never more calls than the device
has hands.

A call into a library cannot be broken off. The one that hangs keeps its thread (a daemon, so that the process can
end) and its place among those `at_once`; the caller gets `slow` after `seconds`.
"""

import os
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from yichuan.keys.devices.base import DeviceError

T = TypeVar("T")


class BoundedCalls:
    """Runs calls on threads of its own, at most `at_once` together, each for at most `seconds`. Survives a fork."""

    def __init__(self, *, seconds: float, at_once: int) -> None:
        self._seconds = seconds
        self._at_once = at_once
        self._start()

    def run(self, call: Callable[[], T], *, undo: Callable[[T], None] | None = None) -> T:
        """What `call` gives or raises; DeviceError `slow` when it has not ended in time.

        A call that ends later than that has its result undone by `undo`, on the device's thread.
        """
        if self._pid != os.getpid():
            self._start()
        places = self._places
        if not places.acquire(timeout=self._seconds):
            raise DeviceError("slow", f"the device has been busy for {self._seconds:g} s with calls it does not answer")
        waiting = _Call(call, undo, places)
        self._hand_out(waiting)
        return waiting.answer(self._seconds)

    def _start(self) -> None:
        """Threads, and locks they held, are a process's own: nothing of a parent's is of use after a fork."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self._at_once)
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads = 0

    def _hand_out(self, call: "_Call[T]") -> None:
        self._jobs.put(call.work)
        with self._lock:
            if self._threads < self._at_once:
                self._threads += 1
                threading.Thread(target=_work, args=(self._jobs,), name="key device", daemon=True).start()


class _Call(Generic[T]):
    def __init__(
        self, call: Callable[[], T], undo: Callable[[T], None] | None, places: threading.BoundedSemaphore
    ) -> None:
        self._call, self._undo, self._places = call, undo, places
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._given_up = False
        self._result: list[T] = []
        self._fault: BaseException | None = None

    def work(self) -> None:
        try:
            result = self._call()
            with self._lock:
                late = self._given_up
                self._result.append(result)
                self._ended.set()
            if late and self._undo is not None:
                self._undo(result)
        except BaseException as error:
            self._fault = error
            self._ended.set()
        finally:
            self._places.release()

    def answer(self, seconds: float) -> T:
        if not self._ended.wait(seconds):
            with self._lock:
                self._given_up = not self._ended.is_set()
            if self._given_up:
                raise DeviceError("slow", f"the device did not answer within {seconds:g} s")
        if self._fault is not None:
            raise self._fault
        return self._result[0]


def _work(jobs: "queue.SimpleQueue[Callable[[], None]]") -> None:
    while True:
        jobs.get()()
