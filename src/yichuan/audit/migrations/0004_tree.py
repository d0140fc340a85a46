"""The Merkle tree over the log: every entry gets a name and, from now on, a mark; those written before wait for the tree.

What may change in the tables of the tree, the database itself guards: a leaf and a checkpoint stay as they are, a tile
only grows, the head only moves on.
"""

from django.db import migrations, models

import yichuan.common.ids

LOOSEN = {
    "sqlite": [
        "DROP TRIGGER audit_entry_no_update",
        "DROP TRIGGER audit_entry_no_replace",
        "DROP TRIGGER audit_entry_no_delete",
    ],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only"],
}
FILL = {
    "sqlite": [
        "UPDATE audit_entry SET uid = lower(hex(randomblob(16)))",
        "INSERT INTO audit_pending (entry_id) SELECT id FROM audit_entry",
    ],
    "postgresql": [
        "UPDATE audit_entry SET uid = gen_random_uuid()",
        "INSERT INTO audit_pending (entry_id) SELECT id FROM audit_entry",
    ],
}
APPEND_ONLY = "SELECT RAISE(ABORT, 'the log is append-only')"
GROWS = """BEGIN
  IF TG_OP = 'UPDATE' AND ({allowed}) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END"""
TILE_GROWS = (
    "NEW.id = OLD.id AND NEW.level = OLD.level AND NEW.number = OLD.number"
    " AND length(NEW.hashes) >= length(OLD.hashes) AND substr(NEW.hashes, 1, length(OLD.hashes)) = OLD.hashes"
)
CHECKPOINT_STAYS = (
    "NEW.size = OLD.size AND NEW.root = OLD.root AND NEW.at = OLD.at"
    " AND (OLD.signature IS NULL OR NEW.signature = OLD.signature)"
    " AND (OLD.sent_at IS NULL OR NEW.sent_at = OLD.sent_at)"
)
HEAD_MOVES_ON = "NEW.id = OLD.id AND NEW.size >= OLD.size"
CHANGES = {"tile": TILE_GROWS, "checkpoint": CHECKPOINT_STAYS, "head": HEAD_MOVES_ON}


def sqlite_guards() -> list[str]:
    """Triggers of SQLite, for the log and for the tree."""
    made = [
        f"CREATE TRIGGER audit_{table}_no_update BEFORE UPDATE ON audit_{table} BEGIN {APPEND_ONLY}; END"
        for table in ("entry", "leaf")
    ]
    made += [
        f"CREATE TRIGGER audit_{table}_no_update BEFORE UPDATE ON audit_{table}"
        f" WHEN ({allowed}) IS NOT 1 BEGIN {APPEND_ONLY}; END"
        for table, allowed in CHANGES.items()
    ]
    keys = {"entry": "id", "leaf": '"index"', "tile": "id", "checkpoint": "size", "head": "id"}
    for table, key in keys.items():
        made.append(
            f"CREATE TRIGGER audit_{table}_no_replace BEFORE INSERT ON audit_{table}"  # noqa: S608
            f" WHEN EXISTS (SELECT 1 FROM audit_{table} WHERE {key} = NEW.{key}) BEGIN {APPEND_ONLY}; END"
        )
        made.append(
            f"CREATE TRIGGER audit_{table}_no_delete BEFORE DELETE ON audit_{table} BEGIN {APPEND_ONLY}; END"
        )
    return made


def postgresql_guards() -> list[str]:
    """The same for PostgreSQL, where the log's own trigger stands already."""
    made = [
        "CREATE TRIGGER audit_leaf_append_only BEFORE UPDATE OR DELETE ON audit_leaf"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
        "ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only",
    ]
    for table, allowed in CHANGES.items():
        body = GROWS.format(allowed=allowed)
        made.append(f"CREATE FUNCTION audit_{table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        made.append(
            f"CREATE TRIGGER audit_{table}_guard BEFORE UPDATE OR DELETE ON audit_{table}"
            f" FOR EACH ROW EXECUTE FUNCTION audit_{table}_guard()"
        )
    return made


def loosen(apps, schema_editor):
    run(schema_editor, LOOSEN[schema_editor.connection.vendor])


def fill(apps, schema_editor):
    run(schema_editor, FILL[schema_editor.connection.vendor])


def guard(apps, schema_editor):
    run(schema_editor, sqlite_guards() if schema_editor.connection.vendor == "sqlite" else postgresql_guards())


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    atomic = True
    dependencies = [("audit", "0003_times")]
    operations = [
        migrations.RunPython(loosen, migrations.RunPython.noop),
        migrations.AddField("entry", "uid", models.UUIDField(null=True, editable=False)),
        migrations.AddField("entry", "mark", models.BinaryField(max_length=32, null=True)),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=models.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        related_name="+",
                        db_constraint=False,
                        to="audit.entry",
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "entry", "uid", models.UUIDField(default=yichuan.common.ids.new_id, editable=False, unique=True)
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=models.DO_NOTHING, related_name="leaf", db_constraint=False, to="audit.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "number"), name="audit_tile_once")],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("signature", models.BinaryField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("signature", None)), fields=["size"], name="audit_checkpoint_unsigned"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("size", models.BigIntegerField(default=0)),
                ("root", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_head")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
