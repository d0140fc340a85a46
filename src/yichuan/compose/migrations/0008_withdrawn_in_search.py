from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compose", "0007_by_number")]

    operations = [
        migrations.RemoveIndex(model_name="document", name="compose_document_unindexed"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("indexed_at", None)),
                fields=["state", "changed_at"],
                name="compose_document_unindexed",
            ),
        ),
    ]
