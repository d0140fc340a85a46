"""The digests of protected files, by what makers call them (CheckMethod, GB/T 33190-2016 18.2.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ses import oids

Digest = Callable[[bytes], bytes]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


_BY_NAME: dict[str, tuple[Digest, bool]] = {
    **dict.fromkeys(oids.SM3_ALIASES, (sm3, False)),
    **dict.fromkeys(("md5", "1.2.840.113549.2.5"), (_md5, True)),
    **dict.fromkeys(("sha1", "sha-1", "1.3.14.3.2.26"), (_sha1, True)),
    **dict.fromkeys(("sha256", "sha-256", "2.16.840.1.101.3.4.2.1"), (_sha256, False)),
}


def digest_method(written: str) -> tuple[Digest | None, bool]:
    """The digest function that a CheckMethod names (None: unknown), and whether it is too weak to rely on."""
    return _BY_NAME.get(written.strip().lower(), (None, False))
