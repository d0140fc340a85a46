from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compose", "0004_whole_exchange"),
        ("exchange", "0006_return_series"),
        ("org", "0009_whole_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="delivery", name="paper_open", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="dispatch", name="paper_open", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("paper_open", True)),
                fields=["unit", "-arrived_at"],
                name="exchange_paper_awaited",
            ),
        ),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(
                condition=models.Q(("paper_open", True)), fields=["unit", "-sent_at"], name="exchange_paper_sent"
            ),
        ),
    ]
