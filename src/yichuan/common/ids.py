"""Identifiers: UUID version 7, so that rows made one after the other lie one after the other in an index."""

import secrets
import time
import uuid

_VERSION_AND_VARIANT = (7 << 76) | (0b10 << 62)
_RANDOM_MASK = ((1 << 12) - 1) << 64 | ((1 << 62) - 1)


def new_id() -> uuid.UUID:
    """A new UUID v7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    return uuid.UUID(int=(milliseconds << 80) | _VERSION_AND_VARIANT | (secrets.randbits(128) & _RANDOM_MASK))
