"""The database itself refuses to change or remove an entry of the log."""

from django.db import migrations

from yichuan.audit.migrations._guards import NOTHING, guards, run


def install(apps, schema_editor):
    run(schema_editor, guards(schema_editor.connection.vendor, {"entry": NOTHING}))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
