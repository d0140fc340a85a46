"""The database itself keeps the three administrators apart, and posts as they were given: see `_posts_apart`."""

from django.db import migrations

from yichuan.org.migrations._posts_apart import install


class Migration(migrations.Migration):
    dependencies = [("org", "0003_confirmations")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
