import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Delivery = apps.get_model("exchange", "Delivery")
    of_delivery = Delivery.objects.filter(pk=OuterRef("delivery_id")).values("unit_id")[:1]
    apps.get_model("exchange", "PrintedCopy").objects.update(unit=Subquery(of_delivery))


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0009_find_of_unit"),
        ("org", "__first__"),
    ]

    operations = [
        migrations.AddField(
            "printedcopy",
            "unit",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.unit",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
