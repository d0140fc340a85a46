"""What a backup says of itself: one JSON file, written last, with the digest of every other part and its own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from yichuan.common.errors import Refused
from yichuan.lib.gm.sm3 import Sm3, sm3

FORMAT = 1
FILE = "manifest.json"
UNFINISHED = "unfinished-"
"""How the name of a folder begins that is no backup yet, or none any more."""
DATABASE = "database"
BODIES = "bodies.txt"
"""The names of the bodies that this backup needs, one a line; they lie beside it, shared with its neighbours."""
_READ = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """All digests are SM3, in hexadecimal; times are ISO 8601 with their zone."""

    name: str
    made_at: str
    product: str
    centre: str
    rules: str
    database: str
    """`sqlite` or `postgresql`: a backup goes back into the same kind."""
    parts: dict[str, str]
    """The digest of each file beside the manifest."""
    bodies: int
    missing: list[str]
    """Bodies that were gone or damaged in the store already when the backup was made."""
    counts: dict[str, int]
    """Rows a table, in the snapshot."""
    migrations: list[str]
    checkpoint: str | None
    """The log's newest signed checkpoint in the snapshot, as it is kept anywhere."""

    @property
    def digest(self) -> str:
        """The digest of all the above."""
        return sm3(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hex()

    def write(self, folder: Path) -> None:
        """Put it into the folder. Raises OSError."""
        told = {"format": FORMAT, "manifest": asdict(self), "sm3": self.digest}
        (folder / FILE).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a backup, as it was written. Raises `Refused`."""
        damaged = Refused("backup_damaged", f"{folder / FILE} 缺失或损坏，这份备份不能用。请换一份。")
        try:
            told = json.loads((folder / FILE).read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise Refused(
                    "backup_format", f"{folder.name} 是别的版本做的备份，这个版本读不了。请用做备份的那个版本恢复。"
                )
            manifest = cls(**told["manifest"])
            whole = manifest.digest == told["sm3"] and manifest.parts.keys() == {DATABASE, BODIES}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise damaged from error
        if not whole:
            raise damaged
        return manifest


def digest_of(path: Path) -> str:
    """The digest of a file. Raises OSError."""
    digest = Sm3()
    with path.open("rb") as file:
        while data := file.read(_READ):
            digest.update(data)
    return digest.digest().hex()
