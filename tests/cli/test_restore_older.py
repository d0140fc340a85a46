"""A backup that an older version made is brought up to date as it is restored, and nothing of it is lost."""

import json
from pathlib import Path

from pytest_django import Settings

from support.backups import Elsewhere, elsewhere, empty_place, make
from support.world import World
from yichuan.operations.services.backup_manifest import Manifest

__all__ = ["elsewhere"]

TESTS = Path(__file__).resolve().parents[1]
OLDER = [
    ("audit", "0006_checkpoint_numbers"),
    ("exchange", "0009_find_of_unit"),
    ("interface", "0001_whole_exchange"),
    ("seals", "0004_what_is_sealed"),
]
"""How far the older version's database had come: since then columns, rows made from others, and indexes were added."""
BACK_THEN = """
import sys; sys.path.insert(0, {tests!r})
from pathlib import Path
from support.old_road import stand_at
from yichuan.operations.services import backup
stand_at({older})
backup._require_centre = lambda: None  # to that version its own database was up to date
backup.back_up(folder=Path({folder!r}), say=lambda line: None)
"""
NOW = """
import json
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery
executor = MigrationExecutor(connection)
print(json.dumps([
    len(executor.migration_plan(executor.loader.graph.leaf_nodes())), Delivery.objects.count(),
    Entry.objects.filter(verb="operations.restore").count(),
]))
"""


def test_it_is_brought_up_to_date_and_verified(
    committed_world: World, tmp_path: Path, settings: Settings, elsewhere: Elsewhere
) -> None:
    settings.YICHUAN_BLOBS_URL = f"file://{tmp_path}/store"
    committed_world.sent("市环保局", "市卫生局")
    made, folder = make(tmp_path / "backups"), tmp_path / "older"
    with empty_place(tmp_path / "back_then") as back_then:
        done = back_then.run("restore", tmp_path / "backups")
        assert done.returncode == 0, done.stderr
        back_then.ask(BACK_THEN.format(older=OLDER, folder=str(folder), tests=str(TESTS)))
    (name,) = [path.name for path in folder.iterdir() if path.name.endswith("Z")]
    older = Manifest.read(folder / name)
    assert len(older.migrations) < len(made.manifest.migrations)
    done = elsewhere.run("restore", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("与备份清单相符", "逐条核验无误", "恢复完成"):
        assert said in done.stdout
    assert json.loads(elsewhere.ask(NOW)) == [0, 2, 2]
