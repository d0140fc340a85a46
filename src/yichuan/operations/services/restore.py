"""`yichuan restore`: a centre out of a backup, into a place where none is. Every digest is verified before any of it
is put there; then the bodies go in, and the database last, so that a restore which is cut off leaves no centre.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from yichuan.audit.services.record import record
from yichuan.common import blobs
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.services.device_health import device_health
from yichuan.operations.services import backup_bodies as bodies
from yichuan.operations.services import backup_database as database
from yichuan.operations.services.backup_log import verified
from yichuan.operations.services.backup_manifest import BODIES, DATABASE, UNFINISHED, Manifest, digest_of
from yichuan.operations.services.backup_prune import whole_backups

_MASTER_KEY = "主密钥"


@dataclass(frozen=True)
class Chosen:
    """A backup to restore from; `newer` are those after it that were never finished."""

    folder: Path
    manifest: Manifest
    newer: list[str]

    @property
    def bodies(self) -> list[str]:
        """The names of its bodies. Only after `check_backup` found its parts whole."""
        return (self.folder / BODIES).read_text().split()


@dataclass(frozen=True)
class Found:
    """One thing looked at in the restored centre."""

    name: str
    ok: bool
    note: str


def choose(folder: Path, name: str | None = None) -> Chosen:
    """The newest backup of a folder, or the one that is named. Raises `Refused` where there is none to restore."""
    if not folder.is_dir():
        raise Refused("no_backup", f"{folder} 不是文件夹。请指定放备份的文件夹。")
    whole = whole_backups(folder)
    unfinished = sorted(path.name for path in folder.glob(f"{UNFINISHED}*"))
    if name is not None and name not in whole:
        half = name.startswith(UNFINISHED) or f"{UNFINISHED}{name}" in unfinished
        raise Refused(
            "no_backup",
            f"{name} {'没有做完，不能用来恢复' if half else '不在这个文件夹里'}。可用的有：{_list(whole)}。",
        )
    if not whole:
        said = f"只有没有做完的备份（{_list(unfinished)}），不能用来恢复" if unfinished else "没有备份"
        raise Refused("no_backup", f"{folder} 里{said}。请指定 yichuan backup 用的那个文件夹。")
    chosen = name or whole[-1]
    newer = [each for each in unfinished if each.removeprefix(UNFINISHED) > chosen]
    return Chosen(folder / chosen, Manifest.read(folder / chosen), newer)


def check_backup(chosen: Chosen, say: bodies.Say) -> None:
    """Verify every digest of it. Raises `Refused` naming what is missing or damaged; writes nothing."""
    say("正在核对备份")
    for part, digest in chosen.manifest.parts.items():
        path = chosen.folder / part
        try:
            same = digest_of(path) == digest
        except OSError:
            same = False
        if not same:
            raise Refused("backup_damaged", f"{path} 缺失或被改动，这份备份不能用。没有恢复任何内容。请换一份备份。")
    damaged = list(bodies.faults(chosen.folder.parent, chosen.bodies, say))
    if damaged:
        raise Refused(
            "backup_damaged",
            f"备份里有 {len(damaged)} 件正文或附件缺失或被改动（{_list(damaged[:3])}）。"
            "没有恢复任何内容。请换一份备份。",
        )


def require_room(chosen: Chosen, *, again: bool) -> None:
    """This program can read it, and nothing of a centre is where it is to be.

    `again`: a restore that was cut off left its bodies. Raises `Refused`.
    """
    manifest, theirs = chosen.manifest, chosen.manifest.database
    if strange := sorted(set(manifest.migrations) - database.known()):
        raise Refused(
            "newer_version",
            f"这份备份是更新的版本（{manifest.product}）做的，这个程序读不了它的数据库（{_list(strange[:2])}）。"
            "请安装那个版本再恢复。",
        )
    if theirs != connection.vendor:
        raise Refused(
            "other_database",
            f"这份备份出自 {theirs}，而 YICHUAN_DATABASE_URL 指的是 {connection.vendor}。请改用同一种数据库。",
        )
    if database.holds_tables():
        raise Refused(
            "not_empty", "这里的数据库已经有内容，没有恢复。请用 YICHUAN_HOME 和 YICHUAN_DATABASE_URL 指定空的地方。"
        )
    if not again and next(blobs.store().names(), None) is not None:
        raise Refused(
            "not_empty",
            "YICHUAN_BLOBS_URL 指的存储里已经有内容，没有恢复。请指定空的地方；"
            "如果那是上一次没有做完的恢复留下的，请加上 --again。",
        )


def put_back(chosen: Chosen, say: bodies.Say) -> None:
    """Bodies, then the database. Raises `Refused`, `Unavailable` or OSError; the centre is then not there."""
    say(f"正在放回正文和附件，共 {chosen.manifest.bodies} 件")
    bodies.put_in(blobs.store(), chosen.folder.parent, chosen.bodies, say)
    say("正在放回数据库")
    database.put_back(chosen.folder / DATABASE)


def look_over(chosen: Chosen, say: bodies.Say) -> list[Found]:
    """What there is to say of the restored centre. Where nothing is wrong with it, the restoring goes on record; also
    where only the master key is not there yet, for nobody restores once more when it is.
    """
    manifest = chosen.manifest
    found = [_look("数据库", lambda: _counts(manifest))]
    call_command("migrate", verbosity=0)
    found.append(_look("正文和附件", lambda: _bodies(chosen)))
    found.append(_look(_MASTER_KEY, _key))
    found.append(_look("日志", lambda: verified(manifest.checkpoint, say)))
    if all(each.ok or each.name == _MASTER_KEY for each in found):
        with command():
            detail = {"name": manifest.name, "made_at": manifest.made_at, "digest": manifest.digest}
            record(verb="operations.restore", actor=None, detail=detail)
    return found


def _look(name: str, look: Callable[[], str]) -> Found:
    try:
        return Found(name, True, look())
    except Exception as error:
        return Found(name, False, str(error))


def _counts(manifest: Manifest) -> str:
    now = database.counts()
    if wrong := [table for table, rows in manifest.counts.items() if now.get(table) != rows]:
        raise RuntimeError(f"这些表的行数与备份清单不符：{_list(wrong)}。不要启动这个中心，请换一份备份。")
    return f"{len(manifest.counts)} 张表、{sum(manifest.counts.values())} 行，与备份清单相符"


def _bodies(chosen: Chosen) -> str:
    lacking = set(bodies.referred()) - set(chosen.bodies)
    if lacking:
        raise RuntimeError(
            f"{len(lacking)} 件正文或附件在做备份时就已经缺失或损坏，其余 {chosen.manifest.bodies} 件齐全："
            f"{_list(sorted(lacking)[:3])}"
        )
    return f"{chosen.manifest.bodies} 件齐全，逐件核对过"


def _key() -> str:
    try:
        device_health()
    except Exception as error:
        raise RuntimeError(
            f"打不开这个中心的密钥（{error}）。数据已经恢复，但没有主密钥什么也读不出来。"
            f"请把保险柜里的主密钥放到 {settings.YICHUAN_KEYS_URL}（权限 600），再运行 yichuan doctor 核对。"
        ) from error
    return "与恢复的数据相符"


def _list(names: list[str]) -> str:
    return "、".join(names) or "无"
