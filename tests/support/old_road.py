"""The migrations that squashed ones replace, walked as by a program from before those: for centres that stand there.

Meant for a process of its own, whose database the environment names: it changes how Django keeps models meanwhile.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

Key = tuple[str, str]
"""A migration: its app and its name."""


class OldRoad(MigrationLoader):
    """Finds the migrations as they are without squashed ones; what depends on one of those follows its last."""

    def __init__(self, database: Any) -> None:
        super().__init__(database, replace_migrations=False)

    def build_graph(self) -> None:
        super().build_graph()
        for key, migration in self.replacements.items():
            self.graph.remove_replacement_node(key, migration.replaces)
        self.replacements = {}


def squashed() -> dict[Key, Migration]:
    return dict(MigrationLoader(None).replacements)


def forget_squashed() -> None:
    """The table of what was applied says what a program wrote into it that knew none of them."""
    for key in squashed():
        MigrationRecorder(connection).record_unapplied(*key)


def stand_at(targets: list[Key]) -> None:
    """Lead the database to these migrations, forward or back, on the old road."""
    _one_class_at_a_time()
    forget_squashed()
    executor = MigrationExecutor(connection)
    executor.loader = OldRoad(connection)
    executor.migrate(targets)


def walk() -> None:
    """From nothing up to each app's last but one, and from there by the product's own command."""
    stand_at([migration.replaces[-2] for migration in squashed().values()])
    call_command("migrate", verbosity=0)


def _one_class_at_a_time() -> None:
    """Make anew only the class of the model that changed, not of all that are related to it: 2.5 s instead of 15.

    Those keep an older class of it to refer to, of the same table and key; a schema is not made of anything else.
    """

    def reload_model(state: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in state.__dict__:
            state.apps.render_multiple([state.models[app_label, model_name]])

    ProjectState.reload_model = reload_model  # type: ignore[method-assign]
