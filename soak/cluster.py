"""A PostgreSQL of the trial's own that is stopped at once, as a fallen machine would stop it, and started again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from soak.scripts import script
from support.migrated import postgres_copy

NAME = "soak"


class Cluster:
    """The throw-away cluster of scripts/postgres, with its crash and its recovery."""

    def __init__(self) -> None:
        self._server: Any = script("postgres").Server()
        self._server.start()

    @property
    def url(self) -> str:
        """Of the trial's database, which `migrated` makes."""
        return urlunsplit(urlsplit(self._server.url)._replace(path=f"/{NAME}"))

    def migrated(self) -> None:
        """Make the trial's database, with every migration applied."""
        postgres_copy(self._server.url, NAME)

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(self._server.folder)

    def stop_at_once(self) -> None:
        """`pg_ctl stop -m immediate`: nothing is written any more, no session is ended in order."""
        self._server.tool("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "data"))
        self._server.process.wait(30)

    def start_again(self) -> None:
        """On the same port; it recovers from its write-ahead log."""
        if not self._server.serve():
            raise RuntimeError(f"PostgreSQL did not come up again:\n{self._server.log()}")

    def remove(self) -> None:
        self._server.remove()
