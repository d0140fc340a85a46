"""The bodies' part of a backup: what the database names, copied by name, never twice, as the ciphertext it is."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.common.blobs import ARRIVING, BlobStore, LocalBlobs
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.sm3 import Sm3

FOLDER = "bodies"
SAY_EVERY = 1000
_NAME = re.compile(r"[0-9a-f]{64}")
Say = Callable[[str], None]


class _StoreError(Exception):
    """The centre's store, not the backup's disk, failed."""

    def __init__(self, refusal: Unavailable) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def referred() -> list[str]:
    """Every body that a row names, sorted. Within a snapshot: of the snapshot."""
    names = {name for owner in settings.YICHUAN_BLOB_OWNERS for name in import_string(owner)()}
    return sorted(names - {""})


def kept_in(folder: Path) -> LocalBlobs:
    """Where the bodies of a folder of backups lie."""
    return LocalBlobs(folder / FOLDER)


def clear_arrivals(folder: Path) -> None:
    """Remove what a copy that was killed left half-written; the folder itself is the store's."""
    for left in (folder / FOLDER / ARRIVING).glob("*"):
        left.unlink(missing_ok=True)


def copy_out(store: BlobStore, folder: Path, names: Iterable[str], say: Say) -> tuple[int, list[str]]:
    """Copy what is not there yet; how many that were, and which were gone or damaged in the store.

    Raises OSError where the backup's disk refuses, `Unavailable` where the store does not answer.
    """
    kept, copied, missing = kept_in(folder), 0, []
    for number, name in enumerate(names, start=1):
        if number % SAY_EVERY == 0:
            say(f"正文和附件：已核对 {number} 件")
        if not _NAME.fullmatch(name):
            missing.append(name)
            continue
        if kept.has(name):
            continue
        try:
            came = kept.put(_source(store, name))
        except _StoreError as error:
            if error.refusal.code != "blob_missing":
                raise error.refusal from error
            missing.append(name)
            continue
        except Unavailable as refusal:
            raise OSError(str(refusal.__cause__)) from refusal
        if came == name:
            copied += 1
        else:
            kept.remove(came)
            missing.append(name)
    return copied, missing


def faults(folder: Path, names: Iterable[str], say: Say) -> Iterator[str]:
    """Those whose content in the backup is missing or not what their name says, and names that are no digest."""
    kept = kept_in(folder)
    for number, name in enumerate(names, start=1):
        if number % SAY_EVERY == 0:
            say(f"核对正文和附件：{number} 件")
        if not _NAME.fullmatch(name):  # no body's: what it leads to is not opened
            yield name
            continue
        digest = Sm3()
        try:
            for chunk in kept.read(name):
                digest.update(chunk)
        except Unavailable:
            yield name
            continue
        if digest.digest().hex() != name:
            yield name


def put_in(store: BlobStore, folder: Path, names: Iterable[str], say: Say) -> None:
    """Put the bodies into the centre's store. Raises `Unavailable`."""
    kept = kept_in(folder)
    for number, name in enumerate(names, start=1):
        if number % SAY_EVERY == 0:
            say(f"放回正文和附件：{number} 件")
        if store.put(kept.read(name)) != name:
            raise Unavailable("backup_changed", "备份在恢复过程中被改动，没有恢复。请检查备份所在的磁盘。")


def _source(store: BlobStore, name: str) -> Iterator[bytes]:
    try:
        yield from store.read(name)
    except Unavailable as refusal:
        raise _StoreError(refusal) from refusal
