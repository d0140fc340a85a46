"""`yichuan restore`: a centre beside the one that goes on; never over another, never from half a backup."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from support.backups import Elsewhere, elsewhere, here, make, own_store
from support.log import entry_at, tamper
from support.s3 import S3Server, bucket, s3_server
from support.world import World, blob_path
from yichuan.audit.models import Entry
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.sequence import catch_up
from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.operations.services import backup_database
from yichuan.operations.services.backup_manifest import Manifest, digest_of
from yichuan.operations.services.restore import check_backup, choose, require_room

__all__ = ["bucket", "elsewhere", "own_store", "s3_server"]
pytestmark = pytest.mark.usefixtures("committed_world")

OPENED = """
import json
from yichuan.common import sealed
from yichuan.compose.models import Attachment, Document
from yichuan.compose.services.keys import own_key
from yichuan.exchange.models import Delivery
bodies = 0
for document in Document.objects.exclude(body=""):
    assert sealed.read_bytes(own_key(document), document.body_context, document.body)[:2] == b"PK"
    bodies += 1
print(json.dumps([bodies, Delivery.objects.count()]))
"""
"""Every body of the restored centre is opened with its own keys."""


def test_it_is_restored_beside_the_centre_that_went_on_sending_meanwhile(
    committed_world: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    world, folder = committed_world, tmp_path / "backups"
    world.sent("市环保局", "市卫生局")
    running = subprocess.Popen(
        [sys.executable, "-m", "yichuan.cli", "backup", str(folder)], env=here(), stdout=subprocess.PIPE
    )
    meanwhile = 0
    while running.poll() is None:
        world.sent("市环保局")
        meanwhile += 1
    assert running.stdout is not None
    assert "备份已做好" in running.stdout.read().decode()
    running.stdout.close()
    assert running.returncode == 0
    assert meanwhile > 0

    done = elsewhere.run("restore", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = choose(folder).manifest.counts
    bodies, deliveries = json.loads(elsewhere.ask(OPENED))
    assert deliveries == counts["exchange_delivery"]
    assert bodies >= counts["exchange_dispatch"], "what was sent, and what was about to be"
    assert 1 <= counts["exchange_dispatch"] <= 1 + meanwhile == Dispatch.objects.count(), "the living one lost nothing"
    assert "√ 日志" in done.stdout
    assert "与备份清单里的检查点" in done.stdout
    made = Entry.objects.get(verb="operations.backup").detail
    told = elsewhere.ask(
        "from yichuan.audit.models import Entry\nprint(Entry.objects.get(verb='operations.restore').detail['digest'])"
    )
    assert told == made["digest"]


def test_without_its_master_key_it_says_so_and_opens_once_the_key_is_there(
    committed_world: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    committed_world.sent("市环保局")
    make(tmp_path / "backups")
    right = elsewhere.master.read_bytes()
    elsewhere.master.write_bytes(os.urandom(32))
    done = elsewhere.run("restore", tmp_path / "backups")
    assert done.returncode == 1
    assert "× 主密钥" in done.stdout
    assert "保险柜里的主密钥" in done.stdout
    elsewhere.master.write_bytes(right)
    assert "正常  密码设备" in elsewhere.run("doctor").stdout
    assert json.loads(elsewhere.ask(OPENED)) == [1, 1]
    on_record = "from yichuan.audit.models import Entry\nprint(Entry.objects.filter(verb='operations.restore').count())"
    assert elsewhere.ask(on_record).strip() == "1", "nobody restores once more when the key is there"


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-66])


ALTERED: dict[str, tuple[Callable[[Path], None], str]] = {
    "database altered": (lambda made: _flip(made / "database"), "database 缺失或被改动"),
    "database missing": (lambda made: (made / "database").unlink(), "database 缺失或被改动"),
    "list shortened": (lambda made: _shorten(made / "bodies.txt"), "bodies.txt 缺失或被改动"),
    "manifest altered": (lambda made: _flip(made / "manifest.json"), "manifest.json 缺失或损坏"),
    "manifest missing": (lambda made: (made / "manifest.json").unlink(), "没有备份"),
    "body altered": (lambda made: _flip(next((made.parent / "bodies").rglob("?" * 64))), "1 件正文或附件缺失"),
    "body missing": (lambda made: next((made.parent / "bodies").rglob("?" * 64)).unlink(), "1 件正文或附件缺失"),
}


def test_a_backup_with_a_missing_or_altered_part_is_found_before_anything_is_written(
    committed_world: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    committed_world.draft()
    made = make(tmp_path / "backups")
    for number, (what, (alter, said)) in enumerate(ALTERED.items()):
        copy = tmp_path / str(number)
        shutil.copytree(tmp_path / "backups", copy)
        alter(copy / made.manifest.name)
        with pytest.raises(Refused) as refusal:
            check_backup(choose(copy), lambda _: None)
        assert said in refusal.value.message, what
    done = elsewhere.run("restore", copy)
    assert done.returncode == 1
    assert "没有恢复任何内容" in done.stderr
    assert not (elsewhere.home / "blobs").exists()
    assert not (elsewhere.home / "centre.sqlite3").exists()


def test_a_restored_log_that_was_rewritten_or_set_back_is_found(
    committed_world: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    """Somebody made the manifest anew over an older database, and altered an entry in it: all digests agree again."""
    folder = tmp_path / "backups"
    catch_up()
    tamper("UPDATE audit_entry SET actor_name = '别人' WHERE id = %s", entry_at(0).pk)
    older = make(folder).manifest
    committed_world.draft()
    newer = replace(older, name="29991231T000000Z", checkpoint=_checkpoint_of_now())
    shutil.copytree(folder / older.name, folder / newer.name)
    newer.write(folder / newer.name)
    done = elsewhere.run("restore", folder)
    assert done.returncode == 1, done.stdout
    [said] = [line for line in done.stdout.splitlines() if line.startswith("× 日志")]
    assert "退回到旧的状态" in said
    assert "第 1 条" in said
    assert "√ 日志" not in done.stdout
    assert "不要启动" in done.stderr


def _checkpoint_of_now() -> str:
    catch_up()
    newest = newest_checkpoint()
    assert newest is not None
    return signed_text(newest)


def test_a_manifest_made_anew_names_every_part_and_nothing_elsewhere(tmp_path: Path) -> None:
    """A list without the database would let any database pass."""
    folder = tmp_path / "backups"
    manifest = make(folder).manifest
    for parts in ({}, {**manifest.parts, "../other": "0" * 64}, ["database", "bodies.txt"]):
        _changed(folder, manifest, parts=parts)
        with pytest.raises(Refused) as refused:
            choose(folder)
        assert refused.value.code == "backup_damaged"


def test_a_list_of_bodies_names_digests_alone(tmp_path: Path) -> None:
    """What it names otherwise, a device without end perhaps, is not read."""
    folder = tmp_path / "backups"
    made = make(folder)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    listed = made.folder / "bodies.txt"
    listed.write_text(f"{pipe}\n")
    _changed(folder, made.manifest, parts=made.manifest.parts | {"bodies.txt": digest_of(listed)})
    with pytest.raises(Refused) as refused:
        check_backup(choose(folder), lambda _: None)
    assert refused.value.code == "backup_damaged"


def _changed(folder: Path, manifest: Manifest, **changes: object) -> None:
    replace(manifest, **changes).write(folder / manifest.name)  # type: ignore[arg-type]


def test_a_backup_of_a_newer_version_or_of_another_database_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    manifest = make(folder).manifest
    _changed(folder, manifest, migrations=[*manifest.migrations, "exchange.9999_of_the_future"], product="9.9")
    with pytest.raises(Refused, match=r"更新的版本（9\.9）.*9999_of_the_future"):
        require_room(choose(folder), again=False)
    _changed(folder, manifest, database="postgresql" if connection.vendor == "sqlite" else "sqlite")
    with pytest.raises(Refused, match="同一种数据库"):
        require_room(choose(folder), again=False)
    path = folder / manifest.name / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(Refused, match="别的版本做的备份"):
        choose(folder)


def test_it_is_never_put_over_a_centre_nor_among_anothers_bodies(
    committed_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed_world.draft()
    make(tmp_path / "backups")
    chosen = choose(tmp_path / "backups")
    with pytest.raises(Refused, match="数据库已经有内容"):
        require_room(chosen, again=True)
    monkeypatch.setattr(backup_database, "holds_tables", lambda: False)
    with pytest.raises(Refused, match=r"存储里已经有内容.*--again"):
        require_room(chosen, again=False)
    require_room(chosen, again=True)


def test_an_older_backup_is_restored_where_the_newest_was_never_finished_and_says_so(
    tmp_path: Path, elsewhere: Elsewhere
) -> None:
    make(tmp_path / "backups")
    (tmp_path / "backups" / "unfinished-29990101T000000Z").mkdir()
    done = elsewhere.run("restore", "--check", tmp_path / "backups")
    assert done.returncode == 0, done.stderr
    assert "unfinished-29990101T000000Z" in done.stderr
    assert "没有恢复任何内容" in done.stdout
    assert not (elsewhere.home / "blobs").exists()


def test_a_restore_that_was_cut_off_is_gone_on_with_and_names_bodies_that_were_gone_already(
    committed_world: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    gone, kept = committed_world.draft().content, committed_world.draft().content
    blob_path(gone).unlink()
    make(tmp_path / "backups")
    (elsewhere.home / "blobs" / kept[:2]).mkdir(parents=True)
    shutil.copy(blob_path(kept), elsewhere.home / "blobs" / kept[:2])
    done = elsewhere.run("restore", "--again", tmp_path / "backups")
    assert done.returncode == 1
    assert "× 正文和附件：1 件正文或附件在做备份时就已经缺失或损坏" in done.stdout
    assert gone in done.stdout
    assert "√ 日志" in done.stdout


def test_bodies_go_from_an_s3_store_into_a_backup_and_back_into_another_bucket(
    committed_world: World,
    tmp_path: Path,
    elsewhere: Elsewhere,
    s3_server: S3Server,
    bucket: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YICHUAN_BLOBS_KEY", s3_server.key)
    settings.YICHUAN_BLOBS_URL = s3_server.url(bucket, seconds=10)
    committed_world.sent("市环保局")
    made = make(tmp_path / "backups")
    assert made.manifest.missing == []
    s3_server.client().create_bucket(Bucket=f"{bucket}-2")
    elsewhere.environment |= {
        "YICHUAN_BLOBS_URL": s3_server.url(f"{bucket}-2", seconds=10), "YICHUAN_BLOBS_KEY": s3_server.key
    }  # fmt: skip
    done = elsewhere.run("restore", tmp_path / "backups")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(elsewhere.ask(OPENED)) == [1, Delivery.objects.count()]
