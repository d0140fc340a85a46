from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('compose', '0004_whole_exchange'),
    ]

    operations = [
        migrations.AlterField(
            model_name='searchterm',
            name='place',
            field=models.PositiveSmallIntegerField(choices=[(1, '标题'), (2, '标题拼音首字母'), (3, '全文'), (4, '文号')]),
        ),
    ]
