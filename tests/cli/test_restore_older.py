"""A backup that an older version made is brought up to date as it is restored, and nothing of it is lost."""

import json
from pathlib import Path

from pytest_django import Settings

from support.backups import Elsewhere, elsewhere, empty_place, make
from support.world import World
from yichuan.operations.services.backup_manifest import Manifest

__all__ = ["elsewhere"]

OLDER = {"audit": "0006", "exchange": "0009", "interface": "0001", "seals": "0004"}
"""How far the older version's database had come: since then columns, rows made from others, and indexes were added."""
BACK_THEN = """
from pathlib import Path
from django.core.management import call_command
from yichuan.operations.services import backup
for app, name in {older}.items():
    call_command("migrate", app, name, verbosity=0)
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
        back_then.ask(BACK_THEN.format(older=OLDER, folder=str(folder)))
    (name,) = [path.name for path in folder.iterdir() if path.name.endswith("Z")]
    older = Manifest.read(folder / name)
    assert len(older.migrations) < len(made.manifest.migrations)
    done = elsewhere.run("restore", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("与备份清单相符", "逐条核验无误", "恢复完成"):
        assert said in done.stdout
    assert json.loads(elsewhere.ask(NOW)) == [0, 2, 2]
