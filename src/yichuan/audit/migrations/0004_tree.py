"""The Merkle tree over the log: every entry gets a name and, from now on, a mark; those written before wait for the tree.

What may change in the tables of the tree, the database itself guards: a leaf and a checkpoint stay as they are, a tile
only grows, the head only moves on.
"""

from django.db import migrations, models

import yichuan.common.ids
from yichuan.audit.migrations._guards import CHECKPOINT_STAYS, HEAD_MOVES_ON, NOTHING, TILE_GROWS, guards, run

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


def loosen(apps, schema_editor):
    run(schema_editor, LOOSEN[schema_editor.connection.vendor])


def fill(apps, schema_editor):
    run(schema_editor, FILL[schema_editor.connection.vendor])


def guard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":  # its triggers on the log went before; on PostgreSQL the log's own stands
        run(schema_editor, guards(vendor, {"entry": NOTHING}))
    else:
        run(schema_editor, ["ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only"])
    tree = {"leaf": NOTHING, "tile": TILE_GROWS, "checkpoint": CHECKPOINT_STAYS, "head": HEAD_MOVES_ON}
    run(schema_editor, guards(vendor, tree))


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
