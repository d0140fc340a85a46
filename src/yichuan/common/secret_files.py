"""Secrets that rest in a file: mode 0600, written whole before they have a name, and never quietly made anew."""

import contextlib
import os
import secrets
from pathlib import Path

from yichuan.common.durable import sync

SECRET_BYTES = 32


class SecretFileError(Exception):
    """The file cannot be used as it is; the message names it and the remedy."""


def kept_secret(path: Path) -> bytes:
    """The 32 bytes of the file, made on first use. Raises `SecretFileError`: readable by others, or cut short."""
    if not path.exists():
        _make(path)
    _require_own(path)
    kept = path.read_bytes()
    if len(kept) != SECRET_BYTES:
        raise SecretFileError(f"{path} has {len(kept)} bytes instead of {SECRET_BYTES}; restore it from its backup")
    return kept


def given_secret(variable: str) -> str:
    """A secret that the operator gives: in the environment variable, in the file that `<variable>_FILE` names, or as
    systemd's credential of the same name in small letters with hyphens. Raises `SecretFileError`, with the remedy."""
    if given := os.environ.get(variable):
        return given
    credential = variable.lower().replace("_", "-")
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""))
    path = Path(os.environ.get(f"{variable}_FILE") or folder / credential)
    if not path.is_file():
        raise SecretFileError(f"nothing is given: set {variable}_FILE, or systemd's LoadCredential={credential}:…")
    _require_own(path)
    return path.read_text().strip()


def write_secret(path: Path, data: bytes) -> None:
    """Keep `data` in the file, in the place of what was there: the old or the new is read, never half of one."""
    arriving = _arriving(path, data)
    arriving.replace(path)
    sync(path.parent)


def _require_own(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        raise SecretFileError(f"{path} can be read by others; run: chmod 600 {path}")


def _make(path: Path) -> None:
    """Several processes may start at once: none ever sees half a secret, and the first one wins."""
    arriving = _arriving(path, secrets.token_bytes(SECRET_BYTES))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(arriving, path)
    finally:
        arriving.unlink(missing_ok=True)
    sync(path.parent)


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
