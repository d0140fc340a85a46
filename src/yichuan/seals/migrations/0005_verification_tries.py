from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("seals", "0004_what_is_sealed")]

    operations = [
        migrations.AddField("verificationseal", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("verificationseal", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("verificationseal", "tried_at", models.DateTimeField(null=True)),
        migrations.AddField("verificationseal", "locked_until", models.DateTimeField(null=True)),
    ]
