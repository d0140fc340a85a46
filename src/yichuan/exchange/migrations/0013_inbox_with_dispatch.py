from django.db import migrations, models

REGISTRY, OFFICE = models.Q(("office", None)), models.Q(("office__isnull", False))


class Migration(migrations.Migration):
    dependencies = [("exchange", "0012_sparse_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="exchange_inbox"),
        migrations.RemoveIndex(model_name="delivery", name="exchange_office_inbox"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=REGISTRY, fields=["unit", "-arrived_at", "-id", "dispatch"], name="exchange_inbox"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=OFFICE,
                fields=["unit", "office", "-arrived_at", "-id", "dispatch"],
                name="exchange_office_inbox",
            ),
        ),
    ]
