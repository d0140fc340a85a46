"""What the migrations up to 0003 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
import yichuan.keys.fields
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('changes', '0001_applications'),
        ('changes', '0002_batches'),
        ('changes', '0003_seals_back'),
    ]

    initial = True

    dependencies = [
        ('org', '0001_squashed_0009_whole_exchange'),
        ('people', '0001_squashed_0006_codes_of_one_session'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Application',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('join', '加入'), ('rename', '更名'), ('deregister', '注销'), ('merge_into', '并入保留名称的单位'), ('merge_new', '合并为新单位'), ('add_name', '增挂牌子'), ('drop_name', '减少牌子')], max_length=12, verbose_name='申请事项')),
                    ('source', models.CharField(choices=[('unit', '网上申请'), ('public', '未入网申请'), ('paper', '纸质代录')], max_length=8, verbose_name='来源')),
                    ('number', models.CharField(max_length=20, null=True, unique=True, verbose_name='申请编号')),
                    ('name', models.CharField(max_length=120, verbose_name='申请单位')),
                    ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待受理'), ('accepted', '待审批'), ('approved', '待办理'), ('carrying_out', '正在办理'), ('done', '已办结'), ('returned', '待补正'), ('refused', '未批准'), ('withdrawn', '已撤回')], max_length=12)),
                    ('content', models.JSONField(default=dict)),
                    ('wrapped_key', models.BinaryField()),
                    ('address', models.CharField(blank=True, max_length=60)),
                    ('code_digest', models.CharField(blank=True, max_length=64)),
                    ('code_failures', models.PositiveSmallIntegerField(default=0)),
                    ('code_locked_until', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('submitted_at', models.DateTimeField(null=True)),
                    ('administrator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('affected', models.ManyToManyField(related_name='+', to='org.unit')),
                    ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='org.unit')),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['state', '-changed_at'], name='changes_app_state'), models.Index(fields=['unit', '-changed_at'], name='changes_app_unit'), models.Index(fields=['-changed_at'], name='changes_app_all'), models.Index(condition=models.Q(('source', 'public')), fields=['address', 'submitted_at'], name='changes_app_address')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('number__isnull', False), ('state__in', ['draft', 'withdrawn']), _connector='OR'), name='changes_app_numbered')],
                },
            ),
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                    ('last', models.PositiveIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('role', models.CharField(choices=[('letter', '申请函'), ('proof', '证明材料'), ('other', '其他材料')], max_length=8)),
                    ('order', models.PositiveSmallIntegerField()),
                    ('name', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('media_type', models.CharField(max_length=100)),
                    ('size', models.PositiveBigIntegerField()),
                    ('digest', models.CharField(max_length=64)),
                    ('blob', models.CharField(max_length=64)),
                    ('added_at', models.DateTimeField()),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='changes.application')),
                ],
                options={
                    'ordering': ['order'],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('verb', models.CharField(max_length=12)),
                    ('state', models.CharField(max_length=12)),
                    ('at', models.DateTimeField()),
                    ('by_name', models.CharField(max_length=80)),
                    ('unit_name', models.CharField(blank=True, max_length=120)),
                    ('words', models.CharField(blank=True, max_length=400)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='changes.application')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['at', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Plan',
                fields=[
                    ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='plan', serialize=False, to='changes.application')),
                    ('begun_at', models.DateTimeField()),
                    ('unit_id', models.UUIDField(null=True)),
                    ('box_id', models.UUIDField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('failure', models.CharField(blank=True, max_length=200)),
                    ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('seals', models.JSONField(default=list)),
                    ('seals_back_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['begun_at'], name='changes_plan_open')],
                },
            ),
            migrations.CreateModel(
                name='Batch',
                fields=[
                    ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='批次')),
                    ('name', models.CharField(max_length=40, verbose_name='名称')),
                    ('starts', models.DateField(verbose_name='启用日期')),
                    ('note', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['number'],
                },
            ),
            migrations.CreateModel(
                name='Import',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('units', '单位名单'), ('staff', '有关人员报名表（附件1）'), ('imprints', '实物公章印模填报表（附件2）'), ('join', '登记已批准的单位')], max_length=8)),
                    ('state', models.CharField(choices=[('checked', '待导入'), ('running', '正在导入'), ('done', '已导入'), ('dropped', '已放弃')], max_length=8)),
                    ('file_name', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('notes', models.JSONField(default=list)),
                    ('blob', models.CharField(blank=True, max_length=64)),
                    ('wrapped_key', models.BinaryField()),
                    ('taken_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='changes.batch')),
                    ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['batch', '-taken_at'], name='changes_import_batch'), models.Index(condition=models.Q(('state', 'running')), fields=['taken_at'], name='changes_import_running'), models.Index(condition=models.Q(('removed_at', None)), fields=['taken_at'], name='changes_import_kept')],
                },
            ),
            migrations.CreateModel(
                name='ImportRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('waiting', '可以导入'), ('faulty', '需要更正'), ('done', '已导入'), ('failed', '没有导入')], max_length=8)),
                    ('entry', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('note', yichuan.keys.fields.SealedTextField(editable=True, null=True)),
                    ('blob', models.CharField(blank=True, max_length=64)),
                    ('slip_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='changes.import')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['source', 'state', 'number'], name='changes_import_row_state'), models.Index(fields=['unit', 'account'], name='changes_import_row_unit')],
                    'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='changes_import_row_once')],
                },
            ),
            migrations.CreateModel(
                name='Imprint',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveIntegerField()),
                    ('blob', models.CharField(max_length=64)),
                    ('digest', models.CharField(max_length=64)),
                    ('width', models.PositiveIntegerField()),
                    ('height', models.PositiveIntegerField()),
                    ('dpi', models.PositiveIntegerField(null=True)),
                    ('diameter_mm', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                    ('warnings', models.JSONField(default=list)),
                    ('added_at', models.DateTimeField()),
                    ('replaced_at', models.DateTimeField(null=True)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imprints', to='changes.import')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imprints', to='org.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('unit',), name='changes_one_imprint_a_unit')],
                },
            ),
            migrations.CreateModel(
                name='PlannedUnit',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=40, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('short_name', models.CharField(max_length=60)),
                    ('name_skeleton', models.CharField(max_length=240, unique=True)),
                    ('short_skeleton', models.CharField(max_length=120, unique=True)),
                    ('kind', models.CharField(choices=[('organ', '机关'), ('institution', '事业单位'), ('approved', '其他经批准单位')], max_length=12)),
                    ('rank', models.CharField(max_length=20)),
                    ('order', models.PositiveIntegerField()),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned', to='changes.batch')),
                    ('unit', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='planned', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['batch', 'order'], name='changes_planned_batch')],
                },
            ),
            migrations.CreateModel(
                name='Stage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('phase', models.CharField(choices=[('prepare', '筹备阶段'), ('use', '启用阶段'), ('improve', '完善阶段')], max_length=8)),
                    ('until', models.DateField(null=True)),
                    ('what', models.CharField(max_length=200)),
                    ('who', models.CharField(blank=True, max_length=120)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='changes.batch')),
                ],
                options={
                    'ordering': ['order'],
                },
            ),
        ),
    ]
