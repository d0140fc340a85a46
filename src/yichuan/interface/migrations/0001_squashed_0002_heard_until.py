"""What the migrations up to 0002 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
import yichuan.keys.fields
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('interface', '0001_whole_exchange'),
        ('interface', '0002_heard_until'),
    ]

    initial = True

    dependencies = [
        ('org', '0001_squashed_0009_whole_exchange'),
        ('people', '0001_squashed_0006_codes_of_one_session'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Client',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60, verbose_name='系统名称')),
                    ('secret', models.CharField(max_length=128)),
                    ('registered_at', models.DateTimeField()),
                    ('cut_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                    ('cut_reason', models.CharField(blank=True, max_length=200)),
                    ('last_seen_at', models.DateTimeField(null=True)),
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='client', to=settings.AUTH_USER_MODEL)),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='org.office')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='org.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='interface_client_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80)),
                    ('request_digest', models.CharField(max_length=64)),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('body', models.BinaryField(blank=True, default=bytes)),
                    ('at', models.DateTimeField(db_index=True)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='interface.client')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='interface_answer_once')],
                },
            ),
            migrations.CreateModel(
                name='Hook',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('url', models.URLField(max_length=300)),
                    ('secret', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('kinds', models.JSONField(default=list)),
                    ('active', models.BooleanField(default=True)),
                    ('made_at', models.DateTimeField()),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hooks', to='interface.client')),
                    ('heard_until', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='HookCall',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('event_id', models.BigIntegerField()),
                    ('kind', models.CharField(max_length=40)),
                    ('subject_id', models.UUIDField(null=True)),
                    ('state', models.CharField(choices=[('waiting', '等待发送'), ('done', '已送达'), ('dead', '多次未送达')], max_length=8)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('next_at', models.DateTimeField()),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('error', models.CharField(blank=True, max_length=200)),
                    ('at', models.DateTimeField()),
                    ('hook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='interface.hook')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'next_at'], name='interface_call_due')],
                    'constraints': [models.UniqueConstraint(fields=('hook', 'event_id'), name='interface_called_once')],
                },
            ),
            migrations.CreateModel(
                name='Token',
                fields=[
                    ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField(db_index=True)),
                    ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='interface.client')),
                ],
            ),
        ),
    ]
