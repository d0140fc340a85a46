import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0010_print_register")]

    operations = [
        migrations.AlterField(
            "printedcopy",
            "unit",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit"
            ),
        ),
        migrations.AddIndex(
            "printedcopy",
            models.Index(
                condition=models.Q(("state", "issued")),
                fields=["unit", "-issued_at", "-id"],
                name="exchange_print_register",
            ),
        ),
    ]
