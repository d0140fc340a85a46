"""What the migrations up to 0009 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
import yichuan.org.duties
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels
from yichuan.org.migrations._posts_apart import install


class Migration(migrations.Migration):

    replaces = [
        ('org', '0001_initial'),
        ('org', '0002_contact_search'),
        ('org', '0003_confirmations'),
        ('org', '0004_posts_keep_apart'),
        ('org', '0005_kept_boxes'),
        ('org', '0006_contact_order'),
        ('org', '0007_given_in_place'),
        ('org', '0008_latest_first'),
        ('org', '0009_whole_exchange'),
    ]

    initial = True

    dependencies = [
        ('people', '0001_squashed_0006_codes_of_one_session'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Unit',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='单位编号')),
                    ('short_name', models.CharField(max_length=60, verbose_name='简称')),
                    ('name', models.CharField(max_length=120, verbose_name='全称')),
                    ('kind', models.CharField(choices=[('organ', '机关'), ('institution', '事业单位'), ('approved', '其他经批准单位')], default='organ', max_length=12, verbose_name='性质')),
                    ('rank', models.CharField(max_length=20, verbose_name='级别')),
                    ('batch', models.PositiveSmallIntegerField(verbose_name='批次')),
                    ('starts', models.DateField(verbose_name='启用日期')),
                    ('order', models.PositiveIntegerField(verbose_name='排序')),
                    ('pinyin', models.CharField(max_length=300)),
                    ('initials', models.CharField(max_length=60)),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='注销时间')),
                    ('disposal', models.CharField(blank=True, choices=[('hand_over', '移交指定单位'), ('archive', '移交档案部门'), ('export', '导出后由主管单位封存')], max_length=12)),
                    ('successor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='org.unit')),
                ],
                options={
                    'ordering': ['order'],
                    'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['order'], name='org_unit_open_in_order')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('short_name',), name='org_short_name_once'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('name',), name='org_name_once'), models.CheckConstraint(condition=models.Q(('successor', None), ('closed_at__isnull', False), _connector='OR'), name='org_only_the_closed_have_successors')],
                },
            ),
            migrations.CreateModel(
                name='Office',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60, verbose_name='处室名称')),
                    ('order', models.PositiveIntegerField(default=0, verbose_name='排序')),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='org.unit')),
                ],
                options={
                    'ordering': ['order', 'name'],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('unit', 'name'), name='org_office_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Staff',
                fields=[
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='staff', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('title', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                    ('phone', models.CharField(blank=True, max_length=40, verbose_name='办公电话')),
                    ('mobile', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='手机')),
                    ('mail', models.CharField(blank=True, max_length=120, verbose_name='电子邮箱')),
                    ('pinyin', models.CharField(blank=True, db_index=True, max_length=120)),
                    ('initials', models.CharField(blank=True, db_index=True, max_length=40)),
                    ('established', models.BooleanField(default=False, verbose_name='在编')),
                    ('trained_on', models.DateField(null=True, verbose_name='上岗培训日期')),
                    ('training_note', models.CharField(blank=True, max_length=120, verbose_name='培训说明')),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='org.office')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='org.unit')),
                    ('local_number', models.CharField(blank=True, db_index=True, max_length=40)),
                ],
            ),
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('duty', models.CharField(max_length=20)),
                    ('permissions', models.JSONField(null=True)),
                    ('since', models.DateTimeField()),
                    ('until', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.office')),
                    ('stands_in_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to='org.post')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['duty', '-since', '-id'], name='org_post_of_duty'), models.Index(condition=models.Q(('permissions__isnull', False)), fields=['-since', '-id'], name='org_post_own')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('office', None), ('until', None)), fields=('account', 'unit', 'duty'), name='org_post_held_once'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('account', 'office', 'duty'), name='org_office_post_held_once'), models.UniqueConstraint(condition=models.Q(('duty__in', [yichuan.org.duties.Duty['AUDITOR'], yichuan.org.duties.Duty['SECURITY_OFFICER'], yichuan.org.duties.Duty['SYSTEM_ADMIN']]), ('until', None)), fields=('account',), name='org_administrators_are_three_people'), models.CheckConstraint(condition=models.Q(models.Q(('duty__in', [yichuan.org.duties.Duty['AUDITOR'], yichuan.org.duties.Duty['SECURITY_OFFICER'], yichuan.org.duties.Duty['SYSTEM_ADMIN']]), ('unit', None)), models.Q(models.Q(('duty__in', [yichuan.org.duties.Duty['AUDITOR'], yichuan.org.duties.Duty['SECURITY_OFFICER'], yichuan.org.duties.Duty['SYSTEM_ADMIN']]), _negated=True), ('unit__isnull', False)), _connector='OR'), name='org_administrators_stand_outside_units'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='org_post_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='HandOver',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[('proposed', '待双方确认'), ('confirmed', '待审计员审核'), ('done', '已交接'), ('refused', '未同意'), ('withdrawn', '已撤回')], max_length=12)),
                    ('reason', models.CharField(max_length=200, verbose_name='交接原因')),
                    ('items', models.JSONField(default=list)),
                    ('proposed_at', models.DateTimeField()),
                    ('given_at', models.DateTimeField(null=True)),
                    ('taken_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('posts', models.ManyToManyField(related_name='hand_overs', to='org.post')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='org.unit')),
                    ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Filing',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('what', models.CharField(max_length=200)),
                    ('noted_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filings', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['-at'], name='org_filing_at'), models.Index(fields=['unit', '-at'], name='org_filing_unit'), models.Index(condition=models.Q(('noted_at', None)), fields=['-at'], name='org_filing_new')],
                },
            ),
            migrations.CreateModel(
                name='CentreRole',
                fields=[
                    ('role', models.CharField(choices=[('supervising', '主管单位'), ('operating', '承办单位')], max_length=12, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
            ),
            migrations.CreateModel(
                name='Box',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('generation', models.PositiveIntegerField(default=1)),
                    ('opened_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True, verbose_name='停止收件时间')),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='org.office')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='org.unit')),
                    ('held_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='kept_boxes', to='org.unit')),
                    ('addressable', models.BooleanField(default=True, verbose_name='其他单位可以直接发到')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None), ('office', None)), fields=('unit',), name='org_one_open_box_a_registry'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('office',), name='org_one_open_box_an_office'), models.CheckConstraint(condition=models.Q(('held_for', None), ('closed_at__isnull', False), _connector='OR'), name='org_kept_boxes_take_nothing')],
                },
            ),
            migrations.CreateModel(
                name='AccessChange',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('appoint', '任命岗位'), ('dismiss', '免去岗位'), ('adjust', '调整权限'), ('hand_over', '岗位交接'), ('stand_in', '指定代岗'), ('suspend', '停用账号'), ('resume', '恢复账号'), ('unlock', '解除锁定'), ('reset', '恢复初始密码'), ('replace_auditor', '更换审计员')], max_length=16)),
                    ('duty', models.CharField(blank=True, max_length=20)),
                    ('permissions', models.JSONField(null=True)),
                    ('at_once', models.BooleanField(default=False)),
                    ('reason', models.CharField(max_length=200, verbose_name='事由')),
                    ('requested_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('waiting', '待审核'), ('confirmed', '审核通过'), ('refused', '审核不通过'), ('withdrawn', '已撤回')], max_length=12)),
                    ('reviewed_at', models.DateTimeField(null=True)),
                    ('review_note', models.CharField(blank=True, max_length=200, verbose_name='审核意见')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_changes', to=settings.AUTH_USER_MODEL)),
                    ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('hand_over', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='org.handover')),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.office')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='org.post')),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='access_changes', to='org.unit')),
                    ('outcome', models.CharField(blank=True, max_length=200, verbose_name='处理结果')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['requested_at'], name='org_change_waiting'), models.Index(fields=['unit', '-requested_at'], name='org_change_of_unit'), models.Index(fields=['state', '-requested_at'], name='org_change_by_state'), models.Index(fields=['-requested_at', '-id'], name='org_change_latest')],
                },
            ),
            migrations.CreateModel(
                name='UnitName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('short_name', models.CharField(max_length=60)),
                    ('main', models.BooleanField(default=True)),
                    ('valid_from', models.DateField()),
                    ('valid_to', models.DateField(null=True)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('main', True), ('valid_to', None), _negated=True), fields=['name'], name='org_further_and_former_names')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('main', True), ('valid_to', None)), fields=('unit',), name='org_one_main_name_a_unit')],
                },
            ),
            migrations.CreateModel(
                name='AccessConfirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('party', models.CharField(choices=[('administrator', '另一位管理人员'), ('supervisor', '主管单位')], max_length=16)),
                    ('at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='org.accesschange')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('change', 'party'), name='org_one_word_a_party')],
                },
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
