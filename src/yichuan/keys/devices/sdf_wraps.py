"""SM4-CCM (NIST SP 800-38C, RFC 8998) made of what every device of GM/T 0018-2012 can do: CBC and ECB.

The device encrypts blocks and sees no plain key for longer than that; CBC under an IV of zeros makes the tag, ECB over
counters the key stream. The lengths stand in the first block, so that CBC is a sound MAC here.
"""

import hmac
from collections.abc import Callable

from yichuan.keys.devices.base import DeviceError
from yichuan.keys.devices.sdf_library import BLOCK, SM4_CBC, SM4_ECB

NONCE = 12
_COUNTER = 15 - NONCE
_TAG = 16

Blocks = Callable[[int, bytes], bytes]
"""Whole blocks under one key: mode, data."""


def close(blocks: Blocks, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """`plain` encrypted and bound to `aad` (under 65,280 bytes): ciphertext ‖ tag of 16 bytes.

    DeviceError `failed` where the device does not open it again: a wrap that nobody opens is a key lost.
    """
    stream = _stream(blocks, nonce, len(plain))
    closed = _xor(plain, stream[BLOCK:]) + _xor(_tag(blocks, nonce, plain, aad), stream)
    try:
        opened = open_(blocks, nonce, closed, aad)
    except DeviceError as error:
        raise DeviceError("failed", f"the device does not open what it wrapped: {error}") from error
    if opened != plain:
        raise DeviceError("failed", "the device opens what it wrapped to something else")
    return closed


def open_(blocks: Blocks, nonce: bytes, closed: bytes, aad: bytes) -> bytes:
    """What `close` made. DeviceError `wrong_context`: another key, nonce or aad, or altered bytes."""
    if len(closed) <= _TAG:
        raise DeviceError("wrong_context", "the wrap is shorter than its tag")
    stream = _stream(blocks, nonce, len(closed) - _TAG)
    plain = _xor(closed[:-_TAG], stream[BLOCK:])
    if not hmac.compare_digest(_xor(_tag(blocks, nonce, plain, aad), stream), closed[-_TAG:]):
        raise DeviceError("wrong_context", "the wrap does not open under this key for this context")
    return plain


def _tag(blocks: Blocks, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    flags = (0x40 if aad else 0) | (_TAG - 2) // 2 << 3 | (_COUNTER - 1)
    first = bytes([flags]) + nonce + len(plain).to_bytes(_COUNTER, "big")
    said = _padded(len(aad).to_bytes(2, "big") + aad) if aad else b""
    return blocks(SM4_CBC, first + said + _padded(plain))[-_TAG:]


def _stream(blocks: Blocks, nonce: bytes, length: int) -> bytes:
    """The key stream: a block for the tag, then as many as `length` bytes need."""
    counters = range(1 + -(-length // BLOCK))
    head = bytes([_COUNTER - 1]) + nonce
    return blocks(SM4_ECB, b"".join(head + each.to_bytes(_COUNTER, "big") for each in counters))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def _xor(data: bytes, stream: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))
