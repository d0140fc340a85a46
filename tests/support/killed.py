"""Another process on the test's own database: it stops dead at one instruction of the real service, and is killed."""

import os
import signal
import subprocess
import sys

from django.conf import settings
from django.db import connection


def environment(**more: str) -> dict[str, str]:
    """What a process needs that works on the present test's database, keys and bodies."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
        "YICHUAN_DATABASE_URL": _database_url(),
        "YICHUAN_HOME": str(settings.HOME),
        "YICHUAN_SECRETS": str(settings.SECRETS),
        "YICHUAN_KEYS_URL": settings.YICHUAN_KEYS_URL,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        **more,
    }


def killed(source: str, *words: object, **variables: str) -> None:
    """Run `source`, with these words in `sys.argv[1:]`, until it says that it is "here", and kill it there."""
    command = [sys.executable, "-c", source, *map(str, words)]
    with subprocess.Popen(
        command, env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline().strip()
        child.send_signal(signal.SIGKILL)
        _, complaints = child.communicate(timeout=60)
        assert said == "here", complaints
        assert child.returncode == -signal.SIGKILL


def _database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
