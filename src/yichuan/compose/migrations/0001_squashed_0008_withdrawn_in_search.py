"""What the migrations up to 0008 make of nothing, in one step (docs/adr/0010-squashed-migrations.md)."""

import django.db.models.deletion
import yichuan.common.ids
import yichuan.keys.fields
from django.conf import settings
from django.db import migrations, models

from yichuan.common.migrations._create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('compose', '0001_initial'),
        ('compose', '0002_initial'),
        ('compose', '0003_joint_documents'),
        ('compose', '0004_whole_exchange'),
        ('compose', '0005_number_terms'),
        ('compose', '0006_latest'),
        ('compose', '0007_by_number'),
        ('compose', '0008_withdrawn_in_search'),
    ]

    initial = True

    dependencies = [
        ('org', '0001_squashed_0009_whole_exchange'),
        ('people', '0001_squashed_0006_codes_of_one_session'),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name='Document',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[('draft', '草稿'), ('ready', '待盖章'), ('sealed', '待发送'), ('sent', '已发送'), ('withdrawn', '已撤回')], max_length=12)),
                    ('source', models.CharField(choices=[('typeset', '在线制版'), ('upload', '上传成品'), ('scan', '盖章纸质件扫描')], default='typeset', max_length=8)),
                    ('title', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('number', models.CharField(max_length=60, null=True, verbose_name='发文字号')),
                    ('kind', models.CharField(max_length=12, verbose_name='文种')),
                    ('urgency', models.CharField(max_length=8, verbose_name='紧急程度')),
                    ('wrapped_key', models.BinaryField()),
                    ('content', models.CharField(blank=True, max_length=64)),
                    ('body', models.CharField(blank=True, max_length=64)),
                    ('body_digest', models.CharField(blank=True, max_length=64)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('seal_places', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='org.box')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='org.unit')),
                    ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='compose.document')),
                    ('indexed_at', models.DateTimeField(null=True)),
                    ('unsealed', models.CharField(blank=True, max_length=64)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', 'state', '-changed_at'], name='compose_document_list'), models.Index(fields=['unit', '-changed_at'], name='compose_document_latest'), models.Index(condition=models.Q(('number__isnull', False)), fields=['number'], name='compose_document_number'), models.Index(condition=models.Q(('indexed_at', None)), fields=['state', 'changed_at'], name='compose_document_unindexed')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('box', 'number'), name='compose_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('order', models.PositiveSmallIntegerField()),
                    ('name', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('media_type', models.CharField(max_length=100)),
                    ('size', models.PositiveBigIntegerField()),
                    ('digest', models.CharField(max_length=64)),
                    ('blob', models.CharField(max_length=64)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='compose.document')),
                ],
                options={
                    'ordering': ['order'],
                },
            ),
            migrations.CreateModel(
                name='JointSeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('use_id', models.UUIDField(null=True)),
                    ('sealed_at', models.DateTimeField(null=True)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='joint_seals', to='compose.document')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.unit')),
                ],
                options={
                    'ordering': ['order'],
                    'indexes': [models.Index(fields=['unit', 'sealed_at'], name='compose_joint_of_unit')],
                    'constraints': [models.UniqueConstraint(fields=('document', 'order'), name='compose_joint_order_once')],
                },
            ),
            migrations.CreateModel(
                name='HandBack',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('source', models.CharField(max_length=12)),
                    ('target', models.CharField(max_length=12)),
                    ('reason', models.CharField(max_length=400)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_backs', to='compose.document')),
                ],
                options={
                    'indexes': [models.Index(fields=['document', '-at'], name='compose_hand_back_list')],
                },
            ),
            migrations.CreateModel(
                name='PaperAttachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('order', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('copies', models.PositiveSmallIntegerField(default=1)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paper_attachments', to='compose.document')),
                ],
                options={
                    'ordering': ['order'],
                    'constraints': [models.UniqueConstraint(fields=('document', 'order'), name='compose_paper_attachment_once')],
                },
            ),
            migrations.CreateModel(
                name='SearchTerm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.PositiveSmallIntegerField(choices=[(1, '标题'), (2, '标题拼音首字母'), (3, '全文'), (4, '文号')])),
                    ('term', models.BigIntegerField()),
                    ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='compose.document')),
                ],
                options={
                    'indexes': [models.Index(fields=['place', 'term', 'document'], name='compose_search_term')],
                    'constraints': [models.UniqueConstraint(fields=('document', 'place', 'term'), name='compose_search_term_once')],
                },
            ),
            migrations.CreateModel(
                name='Upload',
                fields=[
                    ('id', models.UUIDField(default=yichuan.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                    ('name', yichuan.keys.fields.SealedTextField(editable=True)),
                    ('media_type', models.CharField(blank=True, max_length=100)),
                    ('size', models.PositiveBigIntegerField()),
                    ('received', models.PositiveBigIntegerField(default=0)),
                    ('wrapped_key', models.BinaryField()),
                    ('state', models.CharField(choices=[('arriving', '正在上传'), ('complete', '已传完'), ('taken', '已使用')], max_length=8)),
                    ('begun_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='org.unit')),
                ],
                options={
                    'indexes': [models.Index(fields=['changed_at'], name='compose_upload_sweep')],
                },
            ),
            migrations.CreateModel(
                name='UploadPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('offset', models.PositiveBigIntegerField()),
                    ('size', models.PositiveIntegerField()),
                    ('blob', models.CharField(max_length=64)),
                    ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='compose.upload')),
                ],
                options={
                    'ordering': ['offset'],
                    'constraints': [models.UniqueConstraint(fields=('upload', 'offset'), name='compose_upload_part_once')],
                },
            ),
        ),
    ]
