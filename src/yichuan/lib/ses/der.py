"""Writing DER: the few types that seal signatures are made of."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from asn1crypto import core

from . import tlv


def sequence(*members: bytes) -> bytes:
    """A SEQUENCE of values that are DER already."""
    return tlv.encode(tlv.SEQUENCE, b"".join(members))


def integer(value: int) -> bytes:
    """An INTEGER in the fewest octets."""
    return tlv.encode(tlv.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


@lru_cache(maxsize=64)
def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    der: bytes = core.ObjectIdentifier(dotted).dump()
    return der


def octets(value: bytes) -> bytes:
    """An OCTET STRING."""
    return tlv.encode(tlv.OCTET_STRING, value)


def bits(value: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return tlv.encode(tlv.BIT_STRING, b"\0" + value)


def ia5(text: str) -> bytes:
    """An IA5String."""
    return tlv.encode(tlv.IA5_STRING, text.encode("ascii"))


def generalized_time(moment: datetime) -> bytes:
    """A GeneralizedTime; `moment` is UTC in whole seconds."""
    return tlv.encode(tlv.GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%SZ}".encode())


def utc_time(moment: datetime) -> bytes:
    """A UTCTime, for the years 1950 to 2049; `moment` is UTC in whole seconds."""
    return tlv.encode(tlv.UTC_TIME, f"{moment:%y%m%d%H%M%SZ}".encode())
