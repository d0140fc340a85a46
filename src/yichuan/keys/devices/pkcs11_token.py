"""A PKCS#11 token and its sessions: opened when needed, kept for the next call, opened anew when the token was away.

PKCS#11 logs in a process, not a session: one session holds the login, the others are for work, one call each at a
time. After a fork the child starts anew.
"""

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pkcs11
from pkcs11 import exceptions as faults

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.pkcs11_library import started
from yichuan.keys.devices.waiting import BoundedCalls

T = TypeVar("T")
_CODES: list[tuple[str, tuple[type[faults.PKCS11Error], ...]]] = [
    (
        "locked",
        (
            faults.PinIncorrect,
            faults.PinInvalid,
            faults.PinLenRange,
            faults.PinLocked,
            faults.PinExpired,
            faults.UserPinNotInitialized,
            faults.UserNotLoggedIn,
        ),
    ),
    (
        "removed",
        (
            faults.DeviceRemoved,
            faults.TokenNotPresent,
            faults.TokenNotRecognised,
            faults.NoSuchToken,
            faults.SlotIDInvalid,
        ),
    ),
    ("full", (faults.DeviceMemory,)),
    ("unsupported", (faults.MechanismInvalid, faults.FunctionNotSupported)),
    ("no_such_key", (faults.NoSuchKey, faults.MultipleObjectsReturned)),
]
_REFUSED_PIN = (faults.PinIncorrect, faults.PinInvalid, faults.PinLenRange, faults.PinLocked, faults.PinExpired)
_STALE = (
    faults.SessionHandleInvalid,
    faults.SessionClosed,
    faults.UserNotLoggedIn,
    faults.DeviceRemoved,
    faults.TokenNotPresent,
)
"""A session that ended under us: the token was taken out, and may be there again."""


class Token:
    """The token called `name`, reached through the vendor's `library`. Safe from threads and over a fork."""

    def __init__(self, library: Path, name: str, pin: str, *, seconds: float, at_once: int) -> None:
        self.name = name
        self._library, self._pin = library, pin
        self._calls = BoundedCalls(seconds=seconds, at_once=at_once)
        self._pin_refused = False
        self._begin()

    def run(self, work: Callable[[pkcs11.Session], T], *, undo: Callable[[pkcs11.Session, T], None] | None = None) -> T:
        """What `work` gives in a session that is logged in. DeviceError; `slow` as `BoundedCalls`, with its `undo`."""
        if self._pid != os.getpid():
            self._begin()
        if undo is None:
            return self._calls.run(lambda: self._in_session(work))
        return self._calls.run(
            lambda: self._in_session(work), undo=lambda made: self._in_session(lambda session: undo(session, made))
        )

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._login: pkcs11.Session | None = None
        self._free: list[pkcs11.Session] = []

    def _in_session(self, work: Callable[[pkcs11.Session], T]) -> T:
        try:
            try:
                return self._once(work)
            except _STALE:
                self._forget()
                return self._once(work)
        except faults.PKCS11Error as fault:
            raise told(fault) from fault

    def _once(self, work: Callable[[pkcs11.Session], T]) -> T:
        session = self._take()
        try:
            result = work(session)
        except DeviceError:
            self._give_back(session)
            raise
        except BaseException:
            _close(session)  # and with it the objects that lived in it alone
            raise
        self._give_back(session)
        return result

    def _give_back(self, session: pkcs11.Session) -> None:
        with self._lock:
            self._free.append(session)

    def _take(self) -> pkcs11.Session:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._login is None:
                self._login = self._logged_in()
            return self._login.token.open(rw=True)

    def _logged_in(self) -> pkcs11.Session:
        if not self._pin:
            raise DeviceError("locked", f"no PIN is given for the token {self.name}")
        if self._pin_refused:
            raise DeviceError("locked", f"the token {self.name} refused the PIN; it is not tried again until a restart")
        token = started(self._library).get_token(token_label=self.name)
        try:
            return token.open(rw=True, user_pin=self._pin)
        except faults.UserAlreadyLoggedIn:
            return token.open(rw=True)
        except _REFUSED_PIN:
            self._pin_refused = True  # a third try would lock the token
            raise

    def _forget(self) -> None:
        """Open everything anew at the next call. Sessions in use by others fail by themselves, if they do."""
        with self._lock:
            sessions = [*self._free, *([self._login] if self._login is not None else [])]
            self._login, self._free = None, []
        for session in sessions:
            _close(session)


def _close(session: pkcs11.Session) -> None:
    with contextlib.suppress(faults.PKCS11Error):
        session.close()


def told(fault: faults.PKCS11Error) -> DeviceError:
    """A fault of PKCS#11 as the interface tells it: by name, for the texts are empty, and without any value."""
    code = next((code for code, kinds in _CODES if isinstance(fault, kinds)), "failed")
    return DeviceError(code, f"PKCS#11: {type(fault).__name__}")
