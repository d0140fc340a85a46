"""`yichuan backup`: a copy of the whole centre while it works, consistent across database and bodies.

    DIR/bodies/ab/abcd…        bodies by the digest of their ciphertext, shared by all backups in DIR
    DIR/20261122T010203Z/      one backup: the database, the list of its bodies, the manifest

The sweep is held off, then the database is taken in one snapshot, then the bodies that this snapshot names are copied:
a body is written before any row names it, and none is removed meanwhile, so every one is there. A backup is made in
`unfinished-…` and gets its name when all of it is on the disk; whatever dies before, that folder is no backup.

Nothing in it is plain that rests encrypted in the centre, and no key opens it: the master key is not in the database.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yichuan.audit.services.record import record
from yichuan.common import blobs, clock
from yichuan.common.durable import sync
from yichuan.common.errors import Refused
from yichuan.common.models import Centre, SweepHold
from yichuan.common.transactions import command
from yichuan.operations.services import backup_bodies as bodies
from yichuan.operations.services import backup_database as database
from yichuan.operations.services.backup_log import checkpoint_text, settle_log
from yichuan.operations.services.backup_manifest import BODIES, DATABASE, UNFINISHED, Manifest, digest_of
from yichuan.operations.services.backup_prune import prune

LONGEST = timedelta(hours=24)
"""How long a backup may take. One that was killed holds the sweep off no longer than this."""


@dataclass(frozen=True)
class Made:
    """A backup that stands: its folder, what is in it, how many bodies were new, how many old backups went for it."""

    folder: Path
    manifest: Manifest
    copied: int
    removed: int


def back_up(*, folder: Path, say: bodies.Say, keep: int | None = None) -> Made:
    """Make a backup of this centre in a folder of backups. A command of the operator's; `say` is told how far it is.
    `keep`: so many backups stay, this one among them; all of them where this one lacks bodies.

    Raises `Refused` where this is no place or no centre for it, `Unavailable` where database or store do not answer,
    OSError where the disk refuses; nothing is then left but whole bodies, which the next backup need not copy again.
    """
    _require_centre()
    _require_place(folder)
    with _alone(folder), _held_sweep() as held:
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        bodies.clear_arrivals(folder)
        at = clock.now().astimezone(UTC)
        name = f"{at:%Y%m%dT%H%M%SZ}"
        if (folder / name).exists():
            raise Refused("backup_twice", f"{folder / name} 刚刚做好。请过一会儿再做。")
        arriving = folder / f"{UNFINISHED}{name}"
        arriving.mkdir(mode=0o700)
        try:
            manifest, copied = _made(folder, arriving, name, at.isoformat(timespec="seconds"), say)
            manifest.write(arriving)
            _sync(arriving)
            if not SweepHold.objects.filter(pk=held.pk, until__gt=clock.now()).exists():
                raise Refused("backup_slow", "备份用了太长时间，其间可能有内容被清理，不算数。请再做一次。")
            arriving.rename(folder / name)
            sync(folder)
        except BaseException:
            shutil.rmtree(arriving, ignore_errors=True)
            raise
        removed = prune(folder, keep, name) if keep and not manifest.missing else 0
    with command():
        detail = {"name": name, "bodies": manifest.bodies, "digest": manifest.digest}
        record(verb="operations.backup", actor=None, detail=detail)
    return Made(folder / name, manifest, copied, removed)


def _made(folder: Path, arriving: Path, name: str, at: str, say: bodies.Say) -> tuple[Manifest, int]:
    settle_log(say)
    with database.snapshot() as taken:
        say("正在备份数据库")
        database.dump(taken, arriving / DATABASE)
        names = bodies.referred()
        counts, applied = database.counts(), database.applied()
        centre, checkpoint = Centre.objects.get(), checkpoint_text()
    say(f"正在备份正文和附件，共 {len(names)} 件")
    copied, missing = bodies.copy_out(blobs.store(), folder, names, say)
    gone = set(missing)
    kept = [each for each in names if each not in gone]
    (arriving / BODIES).write_text("".join(f"{each}\n" for each in kept))
    manifest = Manifest(
        name=name,
        made_at=at,
        product=version("yichuan"),
        centre=centre.name,
        rules=centre.profile,
        database=connection.vendor,
        parts={part: digest_of(arriving / part) for part in (DATABASE, BODIES)},
        bodies=len(kept),
        missing=missing,
        counts=counts,
        migrations=applied,
        checkpoint=checkpoint,
    )
    return manifest, copied


def _require_centre() -> None:
    if not database.holds_tables() or Centre._meta.db_table not in connection.introspection.table_names():
        raise Refused(
            "no_centre", "这里还没有交换中心，没有可备份的内容。请核对 YICHUAN_HOME 和 YICHUAN_DATABASE_URL。"
        )
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused(
            "not_migrated",
            "数据库还是旧版本的，这个程序不能备份它。请用升级以前的程序备份，或先启动一次 yichuan serve。",
        )
    if not Centre.objects.exists():
        raise Refused("no_centre", "这里的交换中心还没有开通，没有可备份的内容。请先运行 yichuan init。")


def _require_place(folder: Path) -> None:
    """Not among the data and not beside the keys: who steals the one must not have the other."""
    for place in (Path(settings.HOME), Path(settings.SECRETS)):
        if folder.resolve().is_relative_to(place):
            raise Refused("backup_place", f"备份不能放在 {place} 里面。请放到另一块磁盘上的文件夹。")
    for each in (folder, folder / bodies.FOLDER):
        each.mkdir(exist_ok=True, parents=True, mode=0o700)
    (folder / bodies.FOLDER).chmod(0o700)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time into a folder: what another one left unfinished is then surely dead."""
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("backup_running", f"另一个备份正在写入 {folder}。请等它结束，或换一个文件夹。") from error
        yield


@contextmanager
def _held_sweep() -> Iterator[SweepHold]:
    """Nothing is swept meanwhile. Its row is committed before the snapshot is taken."""
    with command():
        SweepHold.objects.filter(until__lte=clock.now()).delete()
        held = SweepHold.objects.create(until=clock.now() + LONGEST)
    try:
        yield held
    finally:
        with command():
            SweepHold.objects.filter(pk=held.pk).delete()


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync(folder)
