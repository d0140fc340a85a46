"""The blob store: ciphertext by the name of its own SM3 digest. It never sees a plain body."""

import contextlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlparse

from django.conf import settings

from yichuan.common.durable import sync
from yichuan.common.errors import Unavailable
from yichuan.lib.gm.sm3 import Sm3

CHUNK = 256 * 1024
ARRIVING = "arriving"
NOT_SAVED = "存储不可用，公文没有保存。请稍后重试，或告知运行管理员。"
MISSING = "存储里读不到这件公文的内容，请告知运行管理员。"
NOT_READ = "存储暂时读不到内容，什么也没有做。请稍后重试，或告知运行管理员。"

FOLDERS = tuple(f"{first:02x}" for first in range(256))
_laid_out: set[Path] = set()
"""The stores whose folders, none of which is ever removed, this process has seen on the disk."""


class BlobStore(Protocol):
    """What every store offers. Names are 64 hexadecimal digits: the SM3 digest of the content."""

    def put(self, chunks: Iterable[bytes]) -> str: ...
    def read(self, name: str) -> Iterator[bytes]: ...
    def has(self, name: str) -> bool: ...
    def names(self) -> Iterator[tuple[str, float]]: ...
    def remove(self, name: str) -> None: ...


class LocalBlobs:
    """A folder. A blob is complete and on the disk before its name exists, whatever process dies."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, chunks: Iterable[bytes]) -> str:
        """Store the chunks; returns the name. Raises `Unavailable` where the disk refuses."""
        digest = Sm3()
        try:
            self._lay_out()
            temporary = self.root / ARRIVING / secrets.token_hex(16)
            try:
                with temporary.open("xb") as file:
                    for chunk in chunks:
                        digest.update(chunk)
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                name = digest.digest().hex()
                target = self._path(name)
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)  # nothing half-written stays, least of all on a full disk
                raise
            sync(target.parent)
        except OSError as error:
            _laid_out.discard(self.root)  # whoever mends the disk may have taken another one
            raise Unavailable("blob_store", NOT_SAVED) from error
        return name

    def _lay_out(self) -> None:
        """Make the folders, once in a process: a blob's own then needs its new name synced and nothing above it."""
        if self.root in _laid_out:
            return
        for name in (ARRIVING, *FOLDERS):
            (self.root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        sync(self.root)
        _laid_out.add(self.root)

    def read(self, name: str) -> Iterator[bytes]:
        """The content in chunks. Raises `Unavailable` where it is missing: that is an incident, not a user's error."""
        try:
            with self._path(name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except OSError as error:
            raise Unavailable("blob_missing", MISSING) from error

    def has(self, name: str) -> bool:
        """Whether it is there, without reading it."""
        return self._path(name).is_file()

    def names(self) -> Iterator[tuple[str, float]]:
        """Every blob with the time of its writing (seconds since the epoch); half-written arrivals as well."""
        for folder in sorted(self.root.glob("*")):
            for path in sorted(folder.glob("*")):
                with contextlib.suppress(FileNotFoundError):  # it arrived or was removed meanwhile
                    yield path.name, path.stat().st_mtime

    def remove(self, name: str) -> None:
        """Remove a blob or an arrival that was never finished."""
        for path in (self._path(name), self.root / ARRIVING / name):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name


def store() -> BlobStore:
    """The centre's store, from `YICHUAN_BLOBS_URL`: a folder (`file:///folder`) or an S3 store (`common.blobs_s3`).

    Raises ValueError with the remedy where the setting cannot be used.
    """
    address = urlparse(settings.YICHUAN_BLOBS_URL)
    if address.scheme == "s3":
        from yichuan.common.blobs_s3 import open_s3  # its library takes a second to load

        return open_s3(settings.YICHUAN_BLOBS_URL)
    if address.scheme != "file":
        raise ValueError(
            f"YICHUAN_BLOBS_URL: unknown scheme {address.scheme!r}; use file:///folder or s3://bucket?endpoint=https://host"
        )
    return LocalBlobs(Path(address.path))
