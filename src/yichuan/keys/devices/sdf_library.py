"""A vendor's libsdf.so (GM/T 0018-2012): its functions, structures and codes, and what its replies must be.

Everything a device writes is a stranger's bytes: lengths are bounded, numbers must lie in their range and points on the
curve before anything else sees them. Buffers are larger than any honest reply. What nothing can protect against is the
library's own code, which runs in this process.
"""

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ctypes import POINTER, byref, c_char_p, c_int, c_ubyte, c_uint32, c_void_p
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yichuan.keys.devices.base import DeviceError
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey

SM4_ECB, SM4_CBC = 0x401, 0x402  # GM/T 0006, 5.2.2
BLOCK = 16
_KEY_BITS = 128
_CURVE_BITS = 256
_FIELD = 64  # ECCref_MAX_LEN: a number stands right-aligned in so many bytes
_NUMBER = 32
_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_LONGEST_KEY = 1024
"""Bytes of a key under a KEK; honest ones have 16 to 64."""
_LONGEST_DATA = 4096

_BASE = 0x01000000
_CODES = {
    0x02: "unsupported",  # SDR_NOTSUPPORT
    0x03: "removed",  # SDR_COMMFAIL
    0x04: "removed",  # SDR_HARDFAIL
    0x05: "removed",  # SDR_OPENDEVICE
    0x06: "removed",  # SDR_OPENSESSION
    0x07: "locked",  # SDR_PARDENY
    0x08: "no_such_key",  # SDR_KEYNOTEXIST
    0x09: "unsupported",  # SDR_ALGNOTSUPPORT
    0x0A: "unsupported",  # SDR_ALGMODNOTSUPPORT
    0x18: "locked",  # SDR_PRKRERR
}


class _DeviceInfo(ctypes.Structure):
    _fields_ = (
        ("issuer", c_ubyte * 40),
        ("name", c_ubyte * 16),
        ("serial", c_ubyte * 16),
        ("version", c_uint32),
        ("standard", c_uint32),
        ("asymmetric", c_uint32 * 2),
        ("symmetric", c_uint32),
        ("hashes", c_uint32),
        ("buffer_size", c_uint32),
    )


class _PublicKey(ctypes.Structure):
    _fields_ = (("bits", c_uint32), ("x", c_ubyte * _FIELD), ("y", c_ubyte * _FIELD))


class _Signature(ctypes.Structure):
    _fields_ = (("r", c_ubyte * _FIELD), ("s", c_ubyte * _FIELD))


_HANDLE_OUT, _LENGTH_OUT, _BYTES_OUT = POINTER(c_void_p), POINTER(c_uint32), POINTER(c_ubyte)

PROTOTYPES: dict[str, tuple[object, ...]] = {
    "SDF_CloseSession": (c_void_p,),
    "SDF_DestroyKey": (c_void_p, c_void_p),
    "SDF_Encrypt": (c_void_p, c_void_p, c_uint32, c_char_p, c_char_p, c_uint32, _BYTES_OUT, _LENGTH_OUT),
    "SDF_ExportSignPublicKey_ECC": (c_void_p, c_uint32, POINTER(_PublicKey)),
    "SDF_GenerateKeyWithKEK": (c_void_p, c_uint32, c_uint32, c_uint32, _BYTES_OUT, _LENGTH_OUT, _HANDLE_OUT),
    "SDF_GetDeviceInfo": (c_void_p, POINTER(_DeviceInfo)),
    "SDF_GetPrivateKeyAccessRight": (c_void_p, c_uint32, c_char_p, c_uint32),
    "SDF_ImportKeyWithKEK": (c_void_p, c_uint32, c_uint32, c_char_p, c_uint32, _HANDLE_OUT),
    "SDF_InternalSign_ECC": (c_void_p, c_uint32, c_char_p, c_uint32, POINTER(_Signature)),
    "SDF_OpenDevice": (_HANDLE_OUT,),
    "SDF_OpenSession": (c_void_p, _HANDLE_OUT),
    "SDF_ReleasePrivateKeyAccessRight": (c_void_p, c_uint32),
}
"""What is asked of a library: the functions' arguments; all give a code of 32 bits."""

Functions = dict[str, Callable[..., int]]
"""The functions of a library by their names in the standard."""


def load(path: Path) -> Functions:
    """The functions of the library at `path`. DeviceError `removed`: no such file, or not such a library."""
    try:
        library = ctypes.CDLL(str(path))
        functions = {name: getattr(library, name) for name in PROTOTYPES}
    except (OSError, AttributeError) as error:
        raise DeviceError("removed", f"{path} is no library of GM/T 0018: {error}") from error
    for name, arguments in PROTOTYPES.items():
        functions[name].argtypes, functions[name].restype = arguments, c_int
    return functions


@dataclass(frozen=True)
class Told:
    """What a device says of itself, printable."""

    issuer: str
    name: str
    serial: str
    version: int


class Session:
    """One session with the device, for one thread at a time. All calls raise `DeviceError`."""

    def __init__(self, functions: Functions, device: c_void_p) -> None:
        self._functions = functions
        self._handle = c_void_p()
        _ask(functions, "SDF_OpenSession", device, byref(self._handle))
        _checked_handle(self._handle)

    def close(self) -> None:
        """End the session; a device that minds is not asked again."""
        with suppress(DeviceError):
            self._call("SDF_CloseSession")

    def told(self) -> Told:
        """Maker, name, serial number and version."""
        info = _DeviceInfo()
        self._call("SDF_GetDeviceInfo", byref(info))
        return Told(_printable(info.issuer), _printable(info.name), _printable(info.serial), info.version)

    def public_key(self, index: int) -> PublicKey:
        """The public half of the signing key at `index`."""
        told = _PublicKey()
        self._call("SDF_ExportSignPublicKey_ECC", index, byref(told))
        if told.bits != _CURVE_BITS:
            raise DeviceError("failed", f"the device says that the key at index {index} has {told.bits} bits")
        try:
            return PublicKey.from_point(b"\x04" + _number(told.x) + _number(told.y))
        except GmError as error:
            raise DeviceError("failed", f"what the device gives for index {index} is no SM2 public key") from error

    def sign(self, index: int, code: bytes, digest: bytes) -> bytes:
        """The key at `index` over a digest of 32 bytes, DER; the right to it is given back at once."""
        made = _Signature()
        with self.right(index, code):
            self._call("SDF_InternalSign_ECC", index, digest, len(digest), byref(made))
        r, s = int.from_bytes(_number(made.r), "big"), int.from_bytes(_number(made.s), "big")
        if not (0 < r < _ORDER and 0 < s < _ORDER):
            raise DeviceError("failed", "the device gave a signature whose numbers are out of range")
        return encode_dss_signature(r, s)

    @contextmanager
    def right(self, index: int, code: bytes) -> Iterator[None]:
        """The right to the key at `index` while the block lasts. DeviceError `locked`: another code."""
        self._call("SDF_GetPrivateKeyAccessRight", index, code, len(code))
        try:
            yield
        finally:
            self._call("SDF_ReleasePrivateKeyAccessRight", index)

    def make_key(self, kek: int) -> bytes:
        """A new SM4 key as the KEK encrypts it. That it comes back from there as the same key is proven."""
        sealed, length, handle = (c_ubyte * _LONGEST_KEY)(), c_uint32(_LONGEST_KEY), c_void_p()
        self._call("SDF_GenerateKeyWithKEK", _KEY_BITS, SM4_ECB, kek, sealed, byref(length), byref(handle))
        with self._held(handle) as key:
            kept = _taken(sealed, length.value, _LONGEST_KEY)
            first = key(SM4_ECB, bytes(BLOCK))
        with self.key(kek, kept) as again:
            if again(SM4_ECB, bytes(BLOCK)) != first:
                raise DeviceError("failed", "the device does not take back the key that it made")
        return kept

    @contextmanager
    def key(self, kek: int, sealed: bytes) -> Iterator[Callable[[int, bytes], bytes]]:
        """A key under the KEK, open while the block lasts: encrypts whole blocks in a mode, CBC with an IV of zeros."""
        handle = c_void_p()
        self._call("SDF_ImportKeyWithKEK", SM4_ECB, kek, sealed, len(sealed), byref(handle))
        with self._held(handle) as key:
            yield key

    @contextmanager
    def _held(self, handle: c_void_p) -> Iterator[Callable[[int, bytes], bytes]]:
        _checked_handle(handle)
        try:
            yield lambda mode, data: self._encrypt(handle, mode, data)
        finally:
            self._call("SDF_DestroyKey", handle)

    def _encrypt(self, key: c_void_p, mode: int, data: bytes) -> bytes:
        if len(data) > _LONGEST_DATA:
            raise DeviceError("failed", f"{len(data)} bytes are more than a device encrypts at once")
        out, length = (c_ubyte * _LONGEST_DATA)(), c_uint32(_LONGEST_DATA)
        self._call("SDF_Encrypt", key, mode, bytes(BLOCK), data, len(data), out, byref(length))
        if length.value != len(data):
            raise DeviceError("failed", f"the device encrypted {len(data)} bytes to {length.value}")
        return bytes(out[: len(data)])

    def _call(self, name: str, *arguments: object) -> None:
        _ask(self._functions, name, self._handle, *arguments)


class Connection:
    """The device, opened when first needed and again after it was gone, and its sessions, each used again."""

    _device: c_void_p | None
    _idle: list[Session]
    _pid: int

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._start()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for one piece of work. After an error it is not used again."""
        if self._pid != os.getpid():
            self._start()
        with self._lock:
            idle, device = self._idle, self._device
            session = idle.pop() if idle else None
        if device is None:
            device, idle = self._opened()
        if session is None:
            session = Session(self._functions, device)
        try:
            yield session
        except DeviceError as error:
            if error.code == "removed":
                with self._lock:
                    self._forget()  # nothing is closed: other threads may still be inside it
            else:
                session.close()
            raise
        idle.append(session)

    def _opened(self) -> tuple[c_void_p, list[Session]]:
        with self._lock:
            if self._device is None:
                device = c_void_p()
                _ask(self._functions, "SDF_OpenDevice", byref(device))
                self._device = _checked_handle(device)
            return self._device, self._idle

    def _start(self) -> None:
        """A lock, and what a parent opened, are of no use after a fork."""
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._device = None
        self._idle = []


def _ask(functions: Functions, name: str, *arguments: object) -> None:
    code = functions[name](*arguments) & 0xFFFFFFFF
    if code:
        raise DeviceError(_CODES.get(code - _BASE, "failed"), f"{name} failed with 0x{code:08X}")


def _checked_handle(handle: c_void_p) -> c_void_p:
    if not handle.value:
        raise DeviceError("failed", "the device gave no handle")
    return handle


def _number(field: "ctypes.Array[c_ubyte]") -> bytes:
    told = bytes(field)
    if any(told[:-_NUMBER]):
        raise DeviceError("failed", "the device gave a number of more than 32 bytes")
    return told[-_NUMBER:]


def _taken(buffer: "ctypes.Array[c_ubyte]", length: int, most: int) -> bytes:
    if not BLOCK <= length <= most:
        raise DeviceError("failed", f"the device says that its reply has {length} bytes")
    return bytes(buffer[:length])


def _printable(field: "ctypes.Array[c_ubyte]") -> str:
    text = bytes(field).split(b"\0")[0].decode("gb18030", "replace").strip()
    return "".join(letter if letter.isprintable() else "?" for letter in text)
