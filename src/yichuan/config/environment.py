"""Settings come from the environment; this reads them and says plainly which one is wrong."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse


class SettingError(SystemExit):
    """A setting that cannot be used: ends the program with one line instead of a trace."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


def text(name: str, default: str) -> str:
    """The variable, or its default where it is unset or empty."""
    return os.environ.get(name) or default


def folder(name: str, default: Path) -> Path:
    """A folder's absolute path."""
    return Path(text(name, str(default))).expanduser().resolve()


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:////path` or `postgres://user:password@host:port/name` (`?host=/socket` too)."""
    address = urlparse(url)
    if address.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(address.path)[1:] if address.path.startswith("//") else unquote(address.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if address.scheme in ("postgres", "postgresql"):
        query = parse_qs(address.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(address.path.lstrip("/")),
            "USER": unquote(address.username or ""),
            "PASSWORD": unquote(address.password or ""),
            "HOST": query.get("host", [address.hostname or ""])[0],
            "PORT": str(address.port or query.get("port", [""])[0]),
            "CONN_MAX_AGE": 60,
        }
    raise SettingError("YICHUAN_DATABASE_URL", f"{address.scheme!r} is not sqlite or postgres")


def kept_secret(path: Path) -> bytes:
    """A secret in a file of mode 0600, made on first use. A file that others can read is refused."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
    if path.stat().st_mode & 0o077:
        raise SettingError(str(path), "others can read this secret; run: chmod 600 on it")
    return path.read_bytes()
