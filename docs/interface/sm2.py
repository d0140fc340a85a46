"""Verifies a receipt: SM2 with SM3 (GB/T 32918.2) in the standard library alone. Not for signing."""

import base64
import hashlib
from typing import Any

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
SIGNER = b"1234567812345678"
Point = tuple[int, int] | None


def verifies(receipt: dict[str, Any]) -> bool:
    """Whether a receipt's signature is of its key over its payload."""
    if receipt["signature"] is None:
        return False
    key = base64.b64decode(receipt["public_key"])
    try:
        r, s = _integers(base64.b64decode(receipt["signature"]))
    except (ValueError, IndexError):
        return False
    point = int.from_bytes(key[-64:-32]), int.from_bytes(key[-32:])
    on_curve = (point[1] ** 2 - point[0] ** 3 - A * point[0] - B) % P == 0
    if len(key) < 65 or key[-65] != 4 or not on_curve or not 0 < r < N or not 0 < s < N or (r + s) % N == 0:
        return False
    numbers = b"".join(each.to_bytes(32) for each in (A, B, *G, *point))
    z = _sm3((len(SIGNER) * 8).to_bytes(2) + SIGNER + numbers)
    e = int.from_bytes(_sm3(z + receipt["payload"].encode()))
    found = _add(_times(s, G), _times((r + s) % N, point))
    return found is not None and (e + found[0]) % N == r


def _sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % P == 0:
            return None
        slope = (3 * one[0] ** 2 + A) * pow(2 * one[1], -1, P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def _times(number: int, point: Point) -> Point:
    found: Point = None
    for bit in f"{number:b}":
        found = _add(found, found)
        if bit == "1":
            found = _add(found, point)
    return found


def _integers(der: bytes) -> tuple[int, int]:
    """The two numbers of SEQUENCE { r INTEGER, s INTEGER }, each of up to 33 bytes."""
    if der[0] != 0x30 or der[1] != len(der) - 2 or der[2] != 2:
        raise ValueError("not a signature")
    middle = 4 + der[3]
    if der[middle] != 2 or middle + 2 + der[middle + 1] != len(der):
        raise ValueError("not a signature")
    return int.from_bytes(der[4:middle]), int.from_bytes(der[middle + 2 :])
