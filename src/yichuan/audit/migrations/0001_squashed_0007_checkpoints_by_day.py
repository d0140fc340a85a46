"""What the migrations up to 0007 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
from django.db import migrations, models

from yichuan.audit.migrations._guards import ALL, guards, run
from yichuan.common.migrations._create_models import CreateModels


def guard(apps, schema_editor):
    run(schema_editor, guards(schema_editor.connection.vendor, ALL))


class Migration(migrations.Migration):

    replaces = [
        ('audit', '0001_initial'),
        ('audit', '0002_append_only'),
        ('audit', '0003_times'),
        ('audit', '0004_tree'),
        ('audit', '0005_search_and_checks'),
        ('audit', '0006_checkpoint_numbers'),
        ('audit', '0007_checkpoints_by_day'),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('verb', models.CharField(max_length=60)),
                    ('actor_id', models.UUIDField(null=True)),
                    ('actor_name', models.CharField(blank=True, max_length=80)),
                    ('unit_id', models.UUIDField(null=True)),
                    ('subject_kind', models.CharField(blank=True, max_length=40)),
                    ('subject_id', models.UUIDField(null=True)),
                    ('detail', models.JSONField(default=dict)),
                    ('uid', models.UUIDField(default=yichuan.common.ids.new_id, editable=False)),
                    ('mark', models.BinaryField(max_length=32, null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject_id', 'at'], name='audit_entry_subject'), models.Index(fields=['unit_id', 'at'], name='audit_entry_unit'), models.Index(fields=['at'], name='audit_entry_at'), models.Index(fields=['actor_id', 'at'], name='audit_entry_actor'), models.Index(fields=['verb', 'at'], name='audit_entry_verb')],
                },
            ),
            migrations.CreateModel(
                name='Pending',
                fields=[
                    ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='audit.entry')),
                ],
            ),
            migrations.CreateModel(
                name='Leaf',
                fields=[
                    ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='leaf', to='audit.entry')),
                ],
            ),
            migrations.CreateModel(
                name='Tile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.PositiveSmallIntegerField()),
                    ('number', models.BigIntegerField()),
                    ('hashes', models.BinaryField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('level', 'number'), name='audit_tile_once')],
                },
            ),
            migrations.CreateModel(
                name='Checkpoint',
                fields=[
                    ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('root', models.BinaryField(max_length=32)),
                    ('at', models.DateTimeField()),
                    ('signature', models.BinaryField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('number', models.BigIntegerField(unique=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('signature', None)), fields=['size'], name='audit_checkpoint_unsigned'), models.Index(fields=['at'], name='audit_checkpoint_at')],
                },
            ),
            migrations.CreateModel(
                name='Head',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                    ('size', models.BigIntegerField(default=0)),
                    ('root', models.BinaryField(max_length=32)),
                    ('checkpoints', models.BigIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_one_head')],
                },
            ),
            migrations.CreateModel(
                name='LogCheck',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('asked_by', models.UUIDField(null=True)),
                    ('asked_name', models.CharField(max_length=80)),
                    ('asked_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('waiting', '等待开始'), ('running', '正在核验'), ('done', '已核验'), ('failed', '没有做完')], default='waiting', max_length=8)),
                    ('kept', models.JSONField(default=list)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('heard_at', models.DateTimeField(null=True)),
                    ('done', models.BigIntegerField(default=0)),
                    ('total', models.BigIntegerField(default=0)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('faults', models.JSONField(default=list)),
                    ('notes', models.JSONField(default=list)),
                    ('acknowledged_at', models.DateTimeField(null=True)),
                    ('acknowledged_name', models.CharField(blank=True, max_length=80)),
                    ('acknowledged_note', models.CharField(blank=True, max_length=400)),
                ],
                options={
                    'indexes': [models.Index(fields=['-asked_at'], name='audit_check_list')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('state',), name='audit_one_check_a_state')],
                },
            ),
        ),
        # By itself, not where the table is made: so PostgreSQL's constraint gets the name which it always had.
        migrations.AlterField(
            'entry', 'uid', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, unique=True)
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
