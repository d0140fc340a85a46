"""Old backups go, the newest stay, and with the old ones the bodies that no backup that stays has listed."""

import re
import shutil
from pathlib import Path

from yichuan.common.errors import Refused
from yichuan.operations.services.backup_bodies import kept_in
from yichuan.operations.services.backup_manifest import BODIES, FILE, UNFINISHED

_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z")


def whole_backups(folder: Path) -> list[str]:
    """The names of the finished backups in a folder, the newest last. What is called otherwise is not ours."""
    found = (path.parent.name for path in folder.glob(f"*/{FILE}"))
    return sorted(name for name in found if _NAME.fullmatch(name))


def prune(folder: Path, keep: int, made: str) -> int:
    """Keep `keep` backups: the one that was just `made` and the newest others; how many went. Only by who holds the
    folder's lock.

    Raises `Refused` where the list of one that stays cannot be read: then no body is removed. OSError.
    """
    names = [*(name for name in whole_backups(folder) if name != made), made]  # the clock may have run ahead once
    old, staying = names[:-keep], names[-keep:]
    if not old:
        return 0
    needed: set[str] = set()
    for name in staying:
        try:
            needed.update((folder / name / BODIES).read_text().split())
        except OSError as error:
            raise Refused(
                "backup_damaged", f"{folder / name} 不完整，没有清理旧备份。请先换一个文件夹重新备份。"
            ) from error
    for name in old:
        gone = folder / f"{UNFINISHED}{name}"
        (folder / name).rename(gone)  # cut off here, it is no backup any more
        shutil.rmtree(gone)
    kept = kept_in(folder)
    for name in [each for each, _ in kept.names() if each not in needed]:
        kept.remove(name)
    return len(old)
