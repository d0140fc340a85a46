"""A key device that answers whatever the fuzzer says: what a vendor's libsdf.so writes is a stranger's bytes too."""

import ctypes

from yichuan.keys.devices import sdf_wraps
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.sdf_library import PROTOTYPES, Connection, Functions, Session
from yichuan.lib.gm.sm2 import PrivateKey

_MOST = 160
"""Bytes that one reply may fill; the rest of a larger buffer stays as it was."""


class _Replies:
    """The fuzzer's bytes, dealt out: a code for each call, then what the call writes."""

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    def _take(self, size: int) -> bytes:
        taken, self._rest = bytes(self._rest[:size]), self._rest[size:]
        return taken

    def answer(self, *arguments: object) -> int:
        """One call: fills what was given to be written to."""
        code = self._take(1)
        for each in arguments:
            target = getattr(each, "_obj", each if isinstance(each, ctypes.Array) else None)
            if target is not None:
                written = self._take(min(ctypes.sizeof(target), _MOST))
                ctypes.memmove(ctypes.addressof(target), written, len(written))
        return 0x01000000 + code[0] if code and code[0] else 0


def run(data: bytes) -> None:
    """Everything that the driver asks of a device; what it passes on must be whole."""
    replies = _Replies(data)
    functions: Functions = dict.fromkeys(PROTOTYPES, replies.answer)
    connection = Connection(functions)
    for ask in (_tells, _shows, _signs, _wraps):
        try:
            with connection.session() as session:
                ask(session)
        except DeviceError:
            continue


def _tells(session: Session) -> None:
    told = session.told()
    if not f"{told.issuer}{told.name}{told.serial}".isprintable():
        raise AssertionError("a device's name has letters that are not for a page")


def _shows(session: Session) -> None:
    if len(session.public_key(1).point) != 65:
        raise AssertionError("a public key that is no point")


def _signs(session: Session) -> None:
    if len(session.sign(1, b"12345678", bytes(32))) > 72:
        raise AssertionError("a signature whose numbers are out of range")


def _wraps(session: Session) -> None:
    kept = session.make_key(1)
    with session.key(1, kept) as blocks:
        closed = sdf_wraps.close(blocks, bytes(sdf_wraps.NONCE), bytes(16), b"context")
        if len(closed) != 32 or len(sdf_wraps.open_(blocks, bytes(sdf_wraps.NONCE), closed, b"context")) != 16:
            raise AssertionError("a wrap of another size")


def seeds() -> list[bytes]:
    """The replies of an honest device, and of one that is gone."""
    key, handle, done = PrivateKey.generate(), b"\0" + bytes([1] * 8), b"\0"
    told = b"\0" + b"maker".ljust(40, b"\0") + b"name".ljust(16, b"\0") + b"serial".ljust(16, b"\0") + bytes(28)
    point = b"\0" + (256).to_bytes(4, "little") + bytes(32) + key.public.point[1:33] + bytes(32) + key.public.point[33:]
    signed = done + b"\0" + (bytes(63) + b"\1") * 2 + done

    def encrypted(length: int) -> bytes:
        return b"\0" + bytes(_MOST) + length.to_bytes(4, "little")

    made = b"\0" + bytes([7] * _MOST) + (16).to_bytes(4, "little") + bytes([1] * 8) + encrypted(16) + done
    kept = handle + encrypted(16) + done
    wrapped = handle + (encrypted(32) + encrypted(48)) * 3 + done
    return [handle + handle + told + point + signed + made + kept + wrapped, bytes([3]) * 40]
