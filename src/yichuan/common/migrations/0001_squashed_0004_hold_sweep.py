"""What the migrations up to 0004 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('common', '0001_initial'),
        ('common', '0002_centre'),
        ('common', '0003_whole_exchange'),
        ('common', '0004_hold_sweep'),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(max_length=40)),
                    ('unit_id', models.UUIDField()),
                    ('subject_id', models.UUIDField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['at'], name='common_event_at')],
                },
            ),
            migrations.CreateModel(
                name='Centre',
                fields=[
                    ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60, verbose_name='中心名称')),
                    ('profile', models.CharField(max_length=40, verbose_name='交换规则')),
                    ('opened_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='common_one_centre')],
                },
            ),
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('day', models.DateField(primary_key=True, serialize=False)),
                    ('working', models.BooleanField()),
                    ('name', models.CharField(blank=True, max_length=40)),
                    ('source', models.CharField(blank=True, max_length=60)),
                    ('changed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='SweepHold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('until', models.DateTimeField()),
                ],
            ),
        ),
    ]
