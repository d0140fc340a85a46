"""Blobs: each that is referred to is there and whole, and none is there that nothing refers to."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from soak.found import Finding
from yichuan.common import blobs
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.sm3 import Sm3


def store() -> Iterator[Finding]:
    """To be asked after a sweep that knows no grace."""
    referred: set[str] = set()
    for owner in settings.YICHUAN_BLOB_OWNERS:
        referred |= {name for name in import_string(owner)() if name}
    there = {name for name, _ in blobs.store().names()}
    for name in sorted(there - referred):
        yield Finding("orphan blob", name)
    for name in sorted(referred - there):
        yield Finding("blob lost", name)
    for name in sorted(referred & there):
        if _digest(name) != name:
            yield Finding("blob altered", name)


def _digest(name: str) -> str:
    digest = Sm3()
    try:
        for chunk in blobs.store().read(name):
            digest.update(chunk)
    except Unavailable:
        return ""
    return digest.digest().hex()


def database() -> Iterator[Finding]:
    """What the database itself says of its files, where it can be asked (SQLite)."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (said,) in cursor.fetchall():
            if said != "ok":
                yield Finding("database damaged", said)
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, *_ in cursor.fetchall():
            yield Finding("database damaged", f"{table} {row} names what is not there")
