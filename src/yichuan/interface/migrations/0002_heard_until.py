import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('interface', '0001_whole_exchange'),
    ]

    operations = [
        migrations.AddField(
            model_name='hook',
            name='heard_until',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
