"""The squashed migrations lead where the old ones lead, and no centre that came by the old ones loses its way."""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from support.migrated import in_database, tool
from support.old_road import Key, OldRoad, forget_squashed, squashed
from support.schema import schema
from yichuan.operations.services import backup_database, doctor

pytestmark = pytest.mark.django_db
SQUASHED_ROAD = """
import django, json; django.setup()
from django.core.management import call_command
from django.db.migrations.state import ModelState
from yichuan.operations.services.backup_database import applied
render, classes = ModelState.render, []
ModelState.render = lambda state, apps: classes.append(state.name) or render(state, apps)
call_command("migrate", verbosity=0)
print(json.dumps([applied(), len(classes)]))
"""
OLD_ROAD = """
import django, json; django.setup()
from support.old_road import walk
from yichuan.operations.services.backup_database import applied
walk()
print(json.dumps(applied()))
"""


def test_from_nothing_both_roads_lead_to_the_same_tables(tmp_path: Path) -> None:
    with _nothing(tmp_path) as old, _nothing(tmp_path) as new:
        gone_through = json.loads(in_database(old, OLD_ROAD))
        gone_through_as_well, classes = json.loads(in_database(new, SQUASHED_ROAD))
        assert schema(new) == schema(old)
    assert gone_through_as_well == gone_through
    assert classes < 2000, "the classes of all models are made anew for each model that comes"


def test_from_nothing_no_replaced_migration_is_walked() -> None:
    plan = set(MigrationLoader(None).graph.nodes)
    for key, migration in squashed().items():
        assert key in plan
        assert plan.isdisjoint(migration.replaces)


def test_a_centre_at_the_last_old_migrations_has_nothing_to_do() -> None:
    forget_squashed()
    call_command("migrate", check_unapplied=True, verbosity=0)  # SystemExit where something waits
    assert "最新" in doctor._database()


@pytest.mark.parametrize("back", [1, 3, 99])
def test_a_centre_in_the_middle_goes_on_along_the_old_road(back: int) -> None:
    """`back` migrations before the last in each app; at its first, where there are no more."""
    waiting = _stand_at(
        migration.replaces[max(-1 - back, -len(migration.replaces))] for migration in squashed().values()
    )
    assert waiting.isdisjoint(squashed())
    assert set(_plan()) == waiting


def test_rooms_that_an_old_centre_has_not_yet_come_by_the_short_road() -> None:
    later = {"changes", "interface"}
    waiting = _stand_at(migration.replaces[0] for (app, _), migration in squashed().items() if app not in later)
    assert {app for app, _ in waiting & set(squashed())} == later
    assert set(_plan()) == waiting


def test_a_backup_that_names_old_and_squashed_migrations_is_of_no_newer_version() -> None:
    replaced = {f"{app}.{name}" for migration in squashed().values() for app, name in migration.replaces}
    assert replaced < set(backup_database.applied()) <= backup_database.known()


def _stand_at(targets: Iterable[Key]) -> set[Key]:
    """What waits in a centre that went on the old road as far as `targets`; its table of migrations says so."""
    forget_squashed()
    graph = OldRoad(None).graph
    waiting = set(graph.nodes) - {key for target in targets for key in graph.forwards_plan(target)}
    for key in waiting:
        MigrationRecorder(connection).record_unapplied(*key)
    for key, migration in squashed().items():
        if waiting.issuperset(migration.replaces):
            waiting = waiting - set(migration.replaces) | {key}
    return waiting


def _plan() -> list[Key]:
    """What the product's own command would walk; Django first looks whether the past makes sense."""
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    return [(each.app_label, each.name) for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@contextmanager
def _nothing(folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    name = f"road_{secrets.token_hex(4)}"
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    server = os.environ["YICHUAN_DATABASE_URL"]
    tool("psql", server, "-c", f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        tool("psql", server, "-c", f'DROP DATABASE "{name}" WITH (FORCE)')
