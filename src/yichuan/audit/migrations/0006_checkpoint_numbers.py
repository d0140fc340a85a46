"""Checkpoints are numbered, and the head counts them: one that is taken away is missed.

The guards of both tables are set anew, since SQLite makes a table anew to add a column; nobody wrote to either yet.
"""

from django.db import migrations, models

from yichuan.audit.migrations._guards import NUMBERED, guards, run


def loosened(vendor):
    """Statements that take the guards of the two tables away."""
    if vendor == "sqlite":
        kinds = ("update", "replace", "delete")
        return [f"DROP TRIGGER audit_{table}_no_{kind}" for table in NUMBERED for kind in kinds]
    return [f"DROP TRIGGER audit_{table}_guard ON audit_{table}" for table in NUMBERED]


def loosen(apps, schema_editor):
    run(schema_editor, loosened(schema_editor.connection.vendor))


def guard(apps, schema_editor):
    run(schema_editor, guards(schema_editor.connection.vendor, NUMBERED))


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_search_and_checks")]
    operations = [
        migrations.RunPython(loosen, migrations.RunPython.noop),
        migrations.AddField(
            "checkpoint", "number", models.BigIntegerField(default=0, unique=True), preserve_default=False
        ),
        migrations.AddField("head", "checkpoints", models.BigIntegerField(default=0)),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
