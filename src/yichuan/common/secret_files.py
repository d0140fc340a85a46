"""Secrets that rest in a file: mode 0600, written whole before they have a name, and never quietly made anew."""

import contextlib
import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


class SecretFileError(Exception):
    """The file cannot be used as it is; the message names it and the remedy."""


def kept_secret(path: Path) -> bytes:
    """The 32 bytes of the file, made on first use. Raises `SecretFileError`: readable by others, or cut short."""
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise SecretFileError(f"{path} can be read by others; run: chmod 600 {path}")
    kept = path.read_bytes()
    if len(kept) != SECRET_BYTES:
        raise SecretFileError(f"{path} has {len(kept)} bytes instead of {SECRET_BYTES}; restore it from its backup")
    return kept


def write_secret(path: Path, data: bytes) -> None:
    """Keep `data` in the file, in the place of what was there: the old or the new is read, never half of one."""
    arriving = _arriving(path, data)
    arriving.replace(path)
    _sync_folder(path)


def _make(path: Path) -> None:
    """Several processes may start at once: none ever sees half a secret, and the first one wins."""
    arriving = _arriving(path, secrets.token_bytes(SECRET_BYTES))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(arriving, path)
    finally:
        arriving.unlink(missing_ok=True)
    _sync_folder(path)


def _arriving(path: Path, data: bytes) -> Path:
    """A new file beside `path`, mode 0600, with all of `data` on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        arriving.unlink(missing_ok=True)
        raise
    return arriving


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
