"""What the migrations up to 0013 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('exchange', '0001_initial'),
        ('exchange', '0002_initial'),
        ('exchange', '0003_take_over'),
        ('exchange', '0004_registry_inbox'),
        ('exchange', '0005_whole_exchange'),
        ('exchange', '0006_return_series'),
        ('exchange', '0007_paper_open'),
        ('exchange', '0008_chasing'),
        ('exchange', '0009_find_of_unit'),
        ('exchange', '0010_print_register'),
        ('exchange', '0011_print_register_unit'),
        ('exchange', '0012_sparse_indexes'),
        ('exchange', '0013_inbox_with_dispatch'),
    ]

    initial = True

    dependencies = [
        ('compose', '0001_squashed_0008_withdrawn_in_search'),
        ('org', '0001_squashed_0009_whole_exchange'),
        ('people', '0001_squashed_0006_codes_of_one_session'),
        ('seals', '0001_squashed_0006_use_by_act'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Dispatch',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('sent_at', models.DateTimeField()),
                    ('counted_day', models.DateField()),
                    ('idempotency_key', models.UUIDField(unique=True)),
                    ('request_digest', models.CharField(max_length=64)),
                    ('attachments_digest', models.CharField(blank=True, max_length=64)),
                    ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dispatch', to='compose.document')),
                    ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unitname')),
                    ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispatches', to='org.unit')),
                    ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                    ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('withdrawn_reason', models.CharField(blank=True, max_length=400, verbose_name='撤回原因')),
                    ('without_call', models.BooleanField(default=False, verbose_name='未经电话通知')),
                    ('paper_open', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-sent_at'], name='exchange_dispatch_list'), models.Index(condition=models.Q(('paper_open', True)), fields=['unit', '-sent_at'], name='exchange_paper_sent')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('role', models.CharField(choices=[('main', '主送'), ('copy', '抄送')], max_length=4)),
                    ('order', models.PositiveSmallIntegerField()),
                    ('allowance', models.PositiveSmallIntegerField()),
                    ('printed', models.PositiveSmallIntegerField(default=0)),
                    ('wrapped_key', models.BinaryField()),
                    ('state', models.CharField(choices=[('delivered', '未签收'), ('signed_for', '已签收'), ('received', '已接收'), ('returned', '已退回'), ('withdrawn', '发文单位已撤回'), ('forwarded', '已转收发室'), ('replaced', '已重发')], max_length=12)),
                    ('arrived_at', models.DateTimeField()),
                    ('signed_for_at', models.DateTimeField(null=True)),
                    ('received_at', models.DateTimeField(null=True)),
                    ('returned_at', models.DateTimeField(null=True)),
                    ('return_reason', models.CharField(blank=True, max_length=400)),
                    ('return_settled_at', models.DateTimeField(null=True)),
                    ('addressee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unitname')),
                    ('box', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='org.box')),
                    ('office', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.office')),
                    ('signed_for_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='org.unit')),
                    ('dispatch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='exchange.dispatch')),
                    ('addressee_office', models.CharField(blank=True, max_length=60)),
                    ('counted_day', models.DateField(null=True)),
                    ('follows', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='exchange.delivery')),
                    ('note', models.CharField(blank=True, max_length=400, verbose_name='转来说明')),
                    ('paper_open', models.BooleanField(default=False)),
                    ('urged_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['box', '-arrived_at'], name='exchange_in_box'), models.Index(condition=models.Q(('office', None)), fields=['unit', 'state', '-arrived_at', '-id'], name='exchange_inbox_by_state'), models.Index(condition=models.Q(('office__isnull', False)), fields=['unit', 'office', 'state', '-arrived_at', '-id'], name='exchange_office_by_state'), models.Index(condition=models.Q(('paper_open', True)), fields=['unit', '-arrived_at'], name='exchange_paper_awaited'), models.Index(condition=models.Q(('state', 'delivered')), fields=['arrived_at', 'unit', 'office'], name='exchange_not_signed_for'), models.Index(condition=models.Q(('signed_for_at__isnull', False)), fields=['signed_for_at', 'unit', 'office'], name='exchange_signed_for'), models.Index(fields=['dispatch', 'unit'], name='exchange_delivery_of_unit'), models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='exchange_follows'), models.Index(condition=models.Q(('office', None)), fields=['unit', '-arrived_at', '-id', 'dispatch'], name='exchange_inbox'), models.Index(condition=models.Q(('office__isnull', False)), fields=['unit', 'office', '-arrived_at', '-id', 'dispatch'], name='exchange_office_inbox')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('printed__lte', models.F('allowance'))), name='exchange_allowance'), models.UniqueConstraint(condition=models.Q(('state', 'replaced'), _negated=True), fields=('dispatch', 'box'), name='exchange_delivered_once')],
                },
            ),
            migrations.CreateModel(
                name='PrintedCopy',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('number', models.PositiveSmallIntegerField()),
                    ('request', models.UUIDField(db_index=True, default=yichuan.common.ids.new_id)),
                    ('reserved_at', models.DateTimeField()),
                    ('issued_at', models.DateTimeField(null=True)),
                    ('state', models.CharField(choices=[('reserved', '正在生成'), ('issued', '已打印'), ('failed', '未生成')], max_length=8)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='exchange.delivery')),
                    ('printed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('verification', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seals.verificationseal')),
                    ('verified', models.BinaryField(null=True)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'reserved_at'], name='exchange_copy_open'), models.Index(condition=models.Q(('state', 'issued')), fields=['unit', '-issued_at', '-id'], name='exchange_print_register')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'failed'), _negated=True), fields=('delivery', 'number'), name='exchange_copy_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Receipt',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('signed_for', '签收'), ('received', '接收'), ('returned', '退回')], max_length=12)),
                    ('at', models.DateTimeField()),
                    ('payload', models.BinaryField()),
                    ('signature', models.BinaryField(null=True)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='exchange.delivery')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('signature', None)), fields=['at'], name='exchange_receipt_unsigned')],
                    'constraints': [models.UniqueConstraint(fields=('delivery', 'kind'), name='exchange_one_receipt_a_kind')],
                },
            ),
            migrations.CreateModel(
                name='TakeOver',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('generation', models.PositiveIntegerField()),
                    ('begun_at', models.DateTimeField()),
                    ('moved_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='take_overs', to='org.box')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('finished_at', None), ('moved_at__isnull', False)), fields=['moved_at'], name='exchange_take_over_open')],
                    'constraints': [models.UniqueConstraint(fields=('box', 'generation'), name='exchange_one_take_over_a_generation')],
                },
            ),
            migrations.CreateModel(
                name='Rewrap',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('item', models.UUIDField()),
                    ('wrapped', models.BinaryField()),
                    ('opened', models.BooleanField(default=True)),
                    ('take_over', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rewraps', to='exchange.takeover')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('take_over', 'item'), name='exchange_rewrapped_once')],
                },
            ),
            migrations.CreateModel(
                name='Assignment',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('wrapped_key', models.BinaryField(blank=True, default=bytes)),
                    ('note', models.CharField(blank=True, max_length=400, verbose_name='拟办意见')),
                    ('due_on', models.DateField(null=True, verbose_name='限办日期')),
                    ('given_at', models.DateTimeField()),
                    ('taken_at', models.DateTimeField(null=True)),
                    ('box', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='org.box')),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='exchange.delivery')),
                    ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='org.office')),
                    ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['office', '-given_at'], name='exchange_assignment_list'), models.Index(fields=['box'], name='exchange_assignment_in_box')],
                    'constraints': [models.UniqueConstraint(fields=('delivery', 'office'), name='exchange_assigned_once')],
                },
            ),
            migrations.CreateModel(
                name='DeliveryRequest',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('resend', '申请重发'), ('prints', '申请追加份数')], max_length=8)),
                    ('copies', models.PositiveSmallIntegerField(default=0)),
                    ('reason', models.CharField(max_length=400)),
                    ('state', models.CharField(choices=[('asked', '待答复'), ('granted', '已同意'), ('refused', '不同意'), ('withdrawn', '已收回')], max_length=10)),
                    ('asked_at', models.DateTimeField()),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, max_length=400)),
                    ('granted', models.PositiveSmallIntegerField(default=0)),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='exchange.delivery')),
                    ('led_to', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted_by', to='exchange.delivery')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'asked_at'], name='exchange_request_open')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('delivery', 'kind'), name='exchange_one_open_request_a_kind')],
                },
            ),
            migrations.CreateModel(
                name='LateNotice',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('day', models.DateField()),
                    ('until', models.TimeField()),
                    ('reason', models.CharField(max_length=200)),
                    ('given_at', models.DateTimeField()),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_notices', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['day', 'unit'], name='exchange_late_notice_day')],
                },
            ),
            migrations.CreateModel(
                name='PaperItem',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('twin', '纸质文件'), ('attachment', '纸质附件')], max_length=10)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('name', models.CharField(max_length=120)),
                    ('copies', models.PositiveSmallIntegerField(default=1)),
                    ('posted_at', models.DateTimeField(null=True, verbose_name='寄送时间')),
                    ('arrived_at', models.DateTimeField(null=True, verbose_name='收到时间')),
                    ('remark', models.CharField(blank=True, max_length=200, verbose_name='情况说明')),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='exchange.delivery')),
                    ('posted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['order'],
                    'indexes': [models.Index(condition=models.Q(('arrived_at', None)), fields=['delivery'], name='exchange_paper_outstanding')],
                    'constraints': [models.UniqueConstraint(fields=('delivery', 'kind', 'order'), name='exchange_paper_item_once')],
                },
            ),
            migrations.CreateModel(
                name='PaperRecipient',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('role', models.CharField(choices=[('main', '主送'), ('copy', '抄送')], max_length=4)),
                    ('order', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('address', models.CharField(blank=True, max_length=200)),
                    ('copies', models.PositiveSmallIntegerField(default=1)),
                    ('posted_at', models.DateTimeField(null=True)),
                    ('remark', models.CharField(blank=True, max_length=200)),
                    ('dispatch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_recipients', to='exchange.dispatch')),
                    ('posted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['order'],
                    'constraints': [models.UniqueConstraint(fields=('dispatch', 'name'), name='exchange_paper_recipient_once')],
                },
            ),
            migrations.CreateModel(
                name='PhoneCall',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('notice', '发文电话通知'), ('reminder', '电话提醒签收')], max_length=8)),
                    ('caller', models.CharField(max_length=40, verbose_name='打电话的人')),
                    ('called', models.CharField(max_length=60, verbose_name='接电话的人')),
                    ('phone', models.CharField(max_length=40, verbose_name='电话号码')),
                    ('at', models.DateTimeField(verbose_name='通话时间')),
                    ('said', models.CharField(blank=True, max_length=400, verbose_name='通话内容')),
                    ('recorded_at', models.DateTimeField()),
                    ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='exchange.delivery')),
                    ('dispatch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='exchange.dispatch')),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-at'], name='exchange_call_list')],
                },
            ),
            migrations.CreateModel(
                name='RecipientGroup',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('changed_at', models.DateTimeField()),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipient_groups', to='org.unit')),
                ],
                options={
                    'ordering': ['order', 'name'],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='exchange_group_name_once')],
                },
            ),
            migrations.CreateModel(
                name='GroupMember',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('place', models.UUIDField(editable=False)),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.office')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                    ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='exchange.recipientgroup')),
                ],
                options={
                    'ordering': ['order'],
                    'constraints': [models.UniqueConstraint(fields=('group', 'place'), name='exchange_group_member_once')],
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('desk', models.UUIDField(editable=False)),
                    ('day', models.DateField()),
                    ('half', models.CharField(choices=[('am', '上午'), ('pm', '下午')], max_length=2)),
                    ('step', models.CharField(choices=[('receiver', '提醒收文人员'), ('stand_in', '提醒代岗人员'), ('leader', '提醒单位主管领导'), ('supervisor', '报主管单位')], max_length=10)),
                    ('waiting', models.PositiveIntegerField()),
                    ('oldest_at', models.DateTimeField()),
                    ('told', models.JSONField(default=list)),
                    ('sent_at', models.DateTimeField()),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.office')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['day', 'half', 'step'], name='exchange_reminder_of_day'), models.Index(condition=models.Q(('settled_at', None)), fields=['desk'], name='exchange_reminder_open')],
                    'constraints': [models.UniqueConstraint(fields=('desk', 'day', 'half', 'step'), name='exchange_reminded_once')],
                },
            ),
            migrations.CreateModel(
                name='ReturnNotice',
                fields=[
                    ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='return_notice', serialize=False, to='exchange.delivery')),
                    ('number', models.CharField(max_length=60)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('blob', models.CharField(blank=True, max_length=64)),
                    ('signature', models.BinaryField(null=True)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('signature', None)), fields=['at'], name='exchange_notice_unsigned')],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('listed', models.CharField(max_length=20)),
                    ('name', models.CharField(blank=True, max_length=40)),
                    ('query', models.CharField(blank=True, max_length=400)),
                    ('columns', models.JSONField(default=list)),
                    ('changed_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['name'],
                    'constraints': [models.UniqueConstraint(fields=('account', 'listed', 'name'), name='exchange_saved_view_once')],
                },
            ),
            migrations.CreateModel(
                name='TrackRule',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('pair', models.CharField(editable=False, max_length=80)),
                    ('track', models.CharField(choices=[('single', '单轨'), ('dual', '双轨')], max_length=6)),
                    ('since', models.DateTimeField()),
                    ('until', models.DateTimeField(null=True)),
                    ('reason', models.CharField(blank=True, max_length=200)),
                    ('receiver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                    ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                    ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pair',), name='exchange_one_track_a_pair')],
                },
            ),
            migrations.CreateModel(
                name='ReturnSeries',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'year'), name='exchange_one_return_series_a_year')],
                },
            ),
        ),
    ]
