"""What the migrations up to 0006 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.clock
import yichuan.common.ids
import yichuan.keys.fields
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('people', '0001_initial'),
        ('people', '0002_sessions_and_devices'),
        ('people', '0003_name_index'),
        ('people', '0004_personal_certificates'),
        ('people', '0005_devices_of_the_centre'),
        ('people', '0006_codes_of_one_session'),
    ]

    initial = True

    dependencies = [
        ('keys', '0001_squashed_0005_pdf_seals'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('username', models.CharField(max_length=40, unique=True, verbose_name='账号')),
                    ('name', models.CharField(db_index=True, max_length=40, verbose_name='姓名')),
                    ('is_active', models.BooleanField(default=True)),
                    ('must_change_password', models.BooleanField(default=True)),
                    ('failed_logins', models.PositiveSmallIntegerField(default=0)),
                    ('locked_until', models.DateTimeField(null=True)),
                    ('bound_devices_only', models.BooleanField(default=False, verbose_name='只准从登记设备登录')),
                    ('password_set_at', models.DateTimeField(default=yichuan.common.clock.now)),
                    ('suspended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                    ('suspended_reason', models.CharField(blank=True, max_length=200, verbose_name='停用原因')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='AddressTries',
                fields=[
                    ('address', models.CharField(max_length=45, primary_key=True, serialize=False)),
                    ('since', models.DateTimeField()),
                    ('failures', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(fields=['since'], name='people_tries_since')],
                },
            ),
            migrations.CreateModel(
                name='Device',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.UUIDField()),
                    ('name', models.CharField(max_length=40, verbose_name='设备名称')),
                    ('kind', models.CharField(choices=[('desktop', '台式计算机'), ('notebook', '笔记本计算机'), ('terminal', '云终端'), ('tablet', '平板')], max_length=12, verbose_name='类型')),
                    ('asset_number', models.CharField(max_length=40, verbose_name='资产编号')),
                    ('place', models.CharField(max_length=60, verbose_name='放置地点')),
                    ('registered_at', models.DateTimeField()),
                    ('code_digest', models.CharField(blank=True, max_length=64)),
                    ('code_until', models.DateTimeField(null=True)),
                    ('binding_digest', models.CharField(blank=True, max_length=64)),
                    ('bound_at', models.DateTimeField(null=True)),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='devices', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit_id', '-registered_at'], name='people_device_unit'), models.Index(fields=['-registered_at'], name='people_device_at')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('unit_id', 'asset_number'), name='people_asset_number_once'), models.UniqueConstraint(condition=models.Q(('binding_digest', ''), _negated=True), fields=('binding_digest',), name='people_binding_once'), models.UniqueConstraint(condition=models.Q(('code_digest', ''), _negated=True), fields=('code_digest',), name='people_code_once')],
                },
            ),
            migrations.CreateModel(
                name='LoginAttempt',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('unit_id', models.UUIDField(null=True)),
                    ('method', models.CharField(choices=[('password', '密码'), ('password_code', '密码和动态口令'), ('certificate', '数字证书'), ('both', '密码和数字证书')], max_length=16)),
                    ('outcome', models.CharField(choices=[('done', '登录成功'), ('wrong', '账号或密码不对'), ('locked', '账号已锁定'), ('suspended', '账号已停用'), ('expired', '初始密码已过期'), ('slowed', '这个地址失败太多'), ('unbound', '不是登记的设备'), ('sealed_off', '设备已封存'), ('certificate', '证书没有通过'), ('code', '动态口令不对')], max_length=12)),
                    ('address', models.CharField(blank=True, max_length=45)),
                    ('agent', models.CharField(blank=True, max_length=60)),
                    ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to=settings.AUTH_USER_MODEL)),
                    ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='people.device')),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-at'], name='people_attempt_account'), models.Index(fields=['unit_id', '-at'], name='people_attempt_unit'), models.Index(fields=['-at'], name='people_attempt_at')],
                },
            ),
            migrations.CreateModel(
                name='LoginAlarm',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.UUIDField(null=True)),
                    ('at', models.DateTimeField()),
                    ('kind', models.CharField(choices=[('unbound', '不是本人登记的设备'), ('failures', '多次输错之后登录'), ('two_addresses', '同时在两个地址登录')], max_length=16)),
                    ('note', models.CharField(blank=True, max_length=120)),
                    ('acknowledged_at', models.DateTimeField(null=True)),
                    ('finding', models.CharField(blank=True, max_length=200, verbose_name='核实情况')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to=settings.AUTH_USER_MODEL)),
                    ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to='people.loginattempt')),
                ],
                options={
                    'indexes': [models.Index(fields=['unit_id', '-at'], name='people_alarm_unit'), models.Index(fields=['-at'], name='people_alarm_at'), models.Index(condition=models.Q(('acknowledged_at', None)), fields=['account'], name='people_alarm_open')],
                },
            ),
            migrations.CreateModel(
                name='OpenSession',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('method', models.CharField(choices=[('password', '密码'), ('password_code', '密码和动态口令'), ('certificate', '数字证书'), ('both', '密码和数字证书')], max_length=16)),
                    ('address', models.CharField(blank=True, max_length=45)),
                    ('agent', models.CharField(blank=True, max_length=60)),
                    ('began_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('end', models.CharField(blank=True, choices=[('logged_out', '退出登录'), ('idle', '长时间没有操作'), ('too_long', '到了最长登录时间'), ('elsewhere', '在别处登录'), ('ended', '被本人结束'), ('password', '密码已更改'), ('suspended', '账号停用'), ('device', '设备封存'), ('certificate', '证书停用')], max_length=12)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
                    ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='people.device')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['account'], name='people_session_open'), models.Index(fields=['began_at'], name='people_session_began')],
                },
            ),
            migrations.CreateModel(
                name='PastPassword',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128)),
                    ('at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_passwords', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-at'], name='people_past_password')],
                },
            ),
            migrations.CreateModel(
                name='SealingOff',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('reason', models.CharField(max_length=200, verbose_name='封存原因')),
                    ('suspended_user', models.BooleanField(default=False)),
                    ('sessions_ended', models.PositiveSmallIntegerField(default=0)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='解封原因')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealings', to='people.device')),
                    ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('device',), name='people_device_sealed_off_once')],
                },
            ),
            migrations.CreateModel(
                name='SpotCheck',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                    ('items', models.JSONField()),
                    ('findings', models.CharField(blank=True, max_length=400, verbose_name='检查情况')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('device', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='people.device')),
                ],
                options={
                    'indexes': [models.Index(fields=['device', '-at'], name='people_check_device')],
                },
            ),
            migrations.CreateModel(
                name='OneTimeCodes',
                fields=[
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='one_time_codes', serialize=False, to=settings.AUTH_USER_MODEL)),
                    ('secret', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('set_up_at', models.DateTimeField(null=True)),
                    ('last_step', models.PositiveBigIntegerField(default=0)),
                    ('failures', models.PositiveSmallIntegerField(default=0)),
                    ('locked_until', models.DateTimeField(null=True)),
                    ('open_until', models.DateTimeField(null=True)),
                    ('begun_in', models.UUIDField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='CertificateApplication',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('applied_at', models.DateTimeField()),
                    ('carrier', models.CharField(choices=[('key_file', '浏览器密钥文件'), ('usb_key', 'USB Key'), ('external', '外部证书')], max_length=12, verbose_name='载体')),
                    ('purpose', models.CharField(max_length=200, verbose_name='用途')),
                    ('offered', models.BinaryField(null=True)),
                    ('state', models.CharField(choices=[('applied', '待审核'), ('approved', '待领取'), ('issued', '已发证'), ('refused', '未通过'), ('withdrawn', '已撤回')], max_length=12)),
                    ('reviewed_at', models.DateTimeField(null=True)),
                    ('opinion', models.CharField(blank=True, max_length=200, verbose_name='审核意见')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificate_applications', to=settings.AUTH_USER_MODEL)),
                    ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('devices', models.ManyToManyField(blank=True, related_name='+', to='people.device')),
                    ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['state', '-applied_at'], name='people_application_state'), models.Index(fields=['account', '-applied_at'], name='people_application_of')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['applied', 'approved'])), fields=('account',), name='people_one_application')],
                },
            ),
            migrations.CreateModel(
                name='Challenge',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('text', models.TextField()),
                    ('session_digest', models.CharField(max_length=64)),
                    ('address', models.CharField(blank=True, max_length=45)),
                    ('origin', models.CharField(max_length=200)),
                    ('action', models.CharField(max_length=40)),
                    ('digest', models.CharField(blank=True, max_length=64)),
                    ('expires_at', models.DateTimeField()),
                    ('used_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['expires_at'], name='people_challenge_ends'), models.Index(fields=['address', 'expires_at'], name='people_challenge_address')],
                },
            ),
            migrations.CreateModel(
                name='PersonCertificate',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('outside_state', models.CharField(choices=[('valid', '有效'), ('held', '已挂失'), ('revoked', '已吊销'), ('superseded', '已更新')], default='valid', max_length=12)),
                    ('fingerprint', models.CharField(max_length=64, unique=True)),
                    ('issuer', models.CharField(max_length=200)),
                    ('subject', models.CharField(max_length=200)),
                    ('serial', models.CharField(max_length=64)),
                    ('der', models.BinaryField()),
                    ('not_before', models.DateTimeField()),
                    ('not_after', models.DateTimeField()),
                    ('bound_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='people.certificateapplication')),
                    ('issued', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='keys.issuedcertificate')),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-bound_at'], name='people_certificate_of'), models.Index(fields=['-bound_at'], name='people_certificate_bound')],
                },
            ),
            migrations.CreateModel(
                name='CertificateSession',
                fields=[
                    ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='by_certificate', serialize=False, to='people.opensession')),
                    ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='people.personcertificate')),
                ],
            ),
            migrations.CreateModel(
                name='RecoveryCode',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64)),
                    ('used_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('account', 'digest'), name='people_recovery_code')],
                },
            ),
        ),
    ]
