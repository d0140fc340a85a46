"""Starting a PKCS#11 library so that several threads may call it, once a process.

python-pkcs11 starts it with C_Initialize(NULL), by which an application promises to call from one thread alone
(PKCS#11 2.40, 5.4), and libraries then do not lock. So it is started a second time, with CKF_OS_LOCKING_OK; and anew
in the child of a fork.
"""

import ctypes
import os
import threading
from pathlib import Path

import pkcs11
from pkcs11 import exceptions as faults

from yichuan.keys.devices.base import DeviceError

_OS_LOCKING_OK = 2
_CANT_LOCK = 0x0A
_CALL = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p)
_started: dict[str, int] = {}
_starting = threading.Lock()


class _Arguments(ctypes.Structure):
    """CK_C_INITIALIZE_ARGS: no locks of ours, those of the operating system will do."""

    _fields_ = [("mutexes", ctypes.c_void_p * 4), ("flags", ctypes.c_ulong), ("reserved", ctypes.c_void_p)]


class _Functions(ctypes.Structure):
    """The beginning of CK_FUNCTION_LIST."""

    _fields_ = [("version", ctypes.c_ubyte * 2), ("initialize", _CALL), ("finalize", _CALL)]


def started(path: Path) -> "pkcs11._pkcs11.lib":
    """The library, ready for this process and its threads. DeviceError; faults of PKCS#11."""
    if not path.is_file():
        raise DeviceError("removed", f"there is no PKCS#11 library at {path}")
    with _starting:
        try:
            library = pkcs11.lib(str(path))
        except faults.PKCS11Error:
            raise
        except RuntimeError as fault:
            raise DeviceError("failed", f"{path} is no PKCS#11 library: {fault}") from fault
        if _started.get(str(path)) != os.getpid():
            start_anew(path)
    return library


def start_anew(path: Path) -> None:
    """End every session of this process and start the library for several threads."""
    listed = ctypes.POINTER(_Functions)()
    ctypes.CDLL(str(path)).C_GetFunctionList(ctypes.byref(listed))
    functions = listed.contents
    functions.finalize(None)
    answer = functions.initialize(ctypes.byref(_Arguments(flags=_OS_LOCKING_OK)))
    if answer == _CANT_LOCK:
        raise DeviceError("unsupported", f"{path} cannot be called from several threads")
    if answer:
        raise DeviceError("failed", f"{path} does not start: 0x{answer:x}")
    _started[str(path)] = os.getpid()


def forked() -> None:
    """A lock that another thread held at the fork would never be given back in the child."""
    global _starting
    _starting = threading.Lock()


os.register_at_fork(after_in_child=forked)
