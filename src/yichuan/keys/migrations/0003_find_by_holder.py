from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0002_registry'),
    ]

    operations = [
        migrations.AlterField(
            model_name='issuedcertificate',
            name='holder_name',
            field=models.CharField(db_index=True, max_length=80),
        ),
    ]
