"""Checkpoints are numbered, and the head counts them: one that is taken away is missed.

The guards of both tables are set anew, since SQLite makes a table anew to add a column; nobody wrote to either yet.
"""

from django.db import migrations, models

APPEND_ONLY = "SELECT RAISE(ABORT, 'the log is append-only')"
GROWS = """BEGIN
  IF TG_OP = 'UPDATE' AND ({allowed}) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END"""
CHECKPOINT_STAYS = (
    "NEW.number = OLD.number AND NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.at = OLD.at"
    " AND (OLD.signature IS NULL OR NEW.signature = OLD.signature)"
    " AND (OLD.sent_at IS NULL OR NEW.sent_at = OLD.sent_at)"
)
HEAD_MOVES_ON = "NEW.id = OLD.id AND NEW.size >= OLD.size AND NEW.checkpoints >= OLD.checkpoints"
CHANGES = {"checkpoint": CHECKPOINT_STAYS, "head": HEAD_MOVES_ON}
KEYS = {"checkpoint": "size", "head": "id"}


def loosened(vendor):
    """Statements that take the guards of the two tables away."""
    if vendor == "sqlite":
        kinds = ("update", "replace", "delete")
        return [f"DROP TRIGGER audit_{table}_no_{kind}" for table in CHANGES for kind in kinds]
    return [f"DROP TRIGGER audit_{table}_guard ON audit_{table}" for table in CHANGES]


def guarded(vendor):
    """Statements that set them."""
    made = []
    for table, allowed in CHANGES.items():
        name, key = f"audit_{table}", KEYS[table]
        if vendor == "sqlite":
            there = f"EXISTS (SELECT 1 FROM {name} WHERE {key} = NEW.{key})"  # noqa: S608 - names of this file
            refused = f"BEGIN {APPEND_ONLY}; END"
            made += [
                f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} WHEN ({allowed}) IS NOT 1 {refused}",
                f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {there} {refused}",
                f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refused}",
            ]
        else:
            body = GROWS.format(allowed=allowed)
            made += [
                f"CREATE OR REPLACE FUNCTION {name}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
                f"CREATE TRIGGER {name}_guard BEFORE UPDATE OR DELETE ON {name}"
                f" FOR EACH ROW EXECUTE FUNCTION {name}_guard()",
            ]
    return made


def loosen(apps, schema_editor):
    run(schema_editor, loosened(schema_editor.connection.vendor))


def guard(apps, schema_editor):
    run(schema_editor, guarded(schema_editor.connection.vendor))


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


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
