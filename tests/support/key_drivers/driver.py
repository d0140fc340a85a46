"""What the conformance suite needs of each driver: devices in every condition."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from yichuan.keys.devices.base import KeyDevice


class Driver(Protocol):
    """One driver under test; each call gives a device as a process of its own would open it."""

    def device(self) -> KeyDevice:
        """As it should be."""
        ...

    def impatient(self) -> KeyDevice:
        """One that waits for an answer half a second at most."""
        ...

    def locked(self) -> KeyDevice:
        """With a wrong master key or PIN."""
        ...


class OutsideDriver(Driver, Protocol):
    """A driver of something outside of this process, which has faults of its own."""

    def slow(self) -> AbstractContextManager[None]:
        """Within it, the device does not answer calls that work with keys."""
        ...

    def removed(self) -> AbstractContextManager[None]:
        """Within it, the device is not there."""
        ...

    def failing(self) -> AbstractContextManager[None]:
        """Within it, every piece of work breaks off in its middle."""
        ...
