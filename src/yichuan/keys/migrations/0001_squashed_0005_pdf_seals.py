"""What the migrations up to 0005 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('keys', '0001_initial'),
        ('keys', '0002_registry'),
        ('keys', '0003_find_by_holder'),
        ('keys', '0004_device_keys'),
        ('keys', '0005_pdf_seals'),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='SoftKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=120, unique=True)),
                    ('kind', models.CharField(max_length=8)),
                    ('sealed', models.BinaryField()),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                ],
            ),
            migrations.CreateModel(
                name='WrappedKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('label', models.CharField(max_length=60, unique=True)),
                    ('wrapped', models.BinaryField()),
                ],
            ),
            migrations.CreateModel(
                name='PublishedList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issuer', models.CharField(max_length=40)),
                    ('number', models.PositiveBigIntegerField()),
                    ('wanted_at', models.DateTimeField()),
                    ('this_update', models.DateTimeField(null=True)),
                    ('next_update', models.DateTimeField(null=True)),
                    ('der', models.BinaryField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('issuer', 'number'), name='keys_list_number')],
                },
            ),
            migrations.CreateModel(
                name='ExternalAuthority',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('fingerprint', models.CharField(max_length=64)),
                    ('subject', models.CharField(max_length=200)),
                    ('issuer', models.CharField(max_length=200)),
                    ('self_signed', models.BooleanField()),
                    ('not_before', models.DateTimeField()),
                    ('not_after', models.DateTimeField()),
                    ('der', models.BinaryField()),
                    ('state', models.CharField(choices=[('proposed', '待确认'), ('accepted', '已信任'), ('withdrawn', '已停用')], max_length=12)),
                    ('for_seals', models.BooleanField(default=False)),
                    ('proposed_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['state', 'subject'], name='keys_authority_state')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('fingerprint',), name='keys_authority_once')],
                },
            ),
            migrations.CreateModel(
                name='ImportedList',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('authority', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='revocations', to='keys.externalauthority')),
                    ('number', models.CharField(blank=True, max_length=64)),
                    ('this_update', models.DateTimeField()),
                    ('next_update', models.DateTimeField(null=True)),
                    ('imported_at', models.DateTimeField()),
                    ('der', models.BinaryField()),
                ],
            ),
            migrations.CreateModel(
                name='DeviceKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('device', models.CharField(max_length=80)),
                    ('label', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=8)),
                    ('slot', models.PositiveIntegerField(null=True)),
                    ('public', models.BinaryField(default=bytes)),
                    ('wrapped', models.BinaryField(default=bytes)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('device', 'label'), name='keys_device_key_label'), models.UniqueConstraint(condition=models.Q(('slot', None), _negated=True), fields=('device', 'slot'), name='keys_device_key_slot')],
                },
            ),
            migrations.CreateModel(
                name='IssuedCertificate',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('use', models.CharField(choices=[('root', '根证书'), ('issuing', '签发证书'), ('ocsp', '状态应答'), ('centre', '中心签名'), ('seal_maker', '制章'), ('seal', '印章'), ('verification_seal', '校验章'), ('pdf_issuing', 'PDF 印章签发证书'), ('pdf_seal', 'PDF 印章'), ('time_stamp', '时间戳'), ('login', '个人身份'), ('unit', '单位加密'), ('tls_client', '系统接入'), ('tls_server', '网站')], max_length=20)),
                    ('label', models.CharField(blank=True, max_length=120)),
                    ('holder_kind', models.CharField(max_length=20)),
                    ('holder_id', models.UUIDField(null=True)),
                    ('holder_name', models.CharField(db_index=True, max_length=80)),
                    ('issuer', models.CharField(max_length=40)),
                    ('serial', models.CharField(max_length=64)),
                    ('subject', models.CharField(max_length=200)),
                    ('key_digest', models.CharField(max_length=64)),
                    ('der', models.BinaryField()),
                    ('issued_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('valid', '有效'), ('held', '已挂失'), ('revoked', '已吊销'), ('superseded', '已更新')], max_length=12)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('reason', models.CharField(blank=True, max_length=40)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('renewed_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='keys.issuedcertificate')),
                ],
                options={
                    'indexes': [models.Index(fields=['-issued_at'], name='keys_certificate_issued'), models.Index(fields=['state', 'expires_at'], name='keys_certificate_ends'), models.Index(fields=['holder_id'], name='keys_certificate_holder'), models.Index(fields=['label'], name='keys_certificate_of_key'), models.Index(fields=['key_digest'], name='keys_certificate_key'), models.Index(fields=['issuer', 'revoked_at'], name='keys_certificate_listed')],
                    'constraints': [models.UniqueConstraint(fields=('issuer', 'serial'), name='keys_certificate_serial'), models.UniqueConstraint(condition=models.Q(('state', 'valid'), models.Q(('label', ''), _negated=True)), fields=('label',), name='keys_certificate_label')],
                },
            ),
        ),
    ]
