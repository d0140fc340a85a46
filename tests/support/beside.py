"""Code that prepares a centre or asks it something, run beside its processes: each piece in a fork.

Loading what a centre is made of takes a process more than a second of a core, a fork some hundredths. So one process
(`python -m support.beside`) loads it once and opens nothing; a fork reads the settings of the centre it is for. It
does not wait for the disk: no test asks what a power failure leaves.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

MOST_SECONDS = 300
_loaded: list[subprocess.Popen[str]] = []


def run(environment: Mapping[str, str], code: str, *words: str) -> str:
    """What `code` printed, run with these words in `sys.argv[1:]`; RuntimeError says how it failed."""
    if not _loaded or _loaded[0].poll() is not None:
        _loaded[:] = [_load()]
    stdin, stdout = _loaded[0].stdin, _loaded[0].stdout
    assert stdin and stdout
    with tempfile.TemporaryDirectory(prefix="yichuan-beside-") as folder:
        asked = {"environment": dict(environment), "code": code, "words": words, "folder": folder}
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        ended = stdout.readline().strip()
        printed, said = (Path(folder, name).read_text(encoding="utf-8") for name in ("out", "err"))
    if ended != "0":
        raise RuntimeError(f"the code beside the centre ended with {ended or 'its loader'}:\n{said}{printed}")
    return printed


def _load() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "support.beside"]
    folder = Path(__file__).resolve().parent.parent
    started = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdin
    atexit.register(started.wait)
    atexit.register(started.stdin.close)  # it ends with its questions
    return started


def main() -> None:
    """Answer each line of the standard input with how its code ended."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="yichuan-nowhere-") as nowhere:
        os.environ |= {
            "YICHUAN_HOME": f"{nowhere}/centre", "YICHUAN_SECRETS": f"{nowhere}/secrets",
            "DJANGO_SETTINGS_MODULE": "yichuan.config.settings",
        }  # fmt: skip
        os.environ.pop("YICHUAN_DATABASE_URL", None)
        import django

        django.setup()
        for module in ("support.offices", "support.printing", "support.sealing_story", "support.world"):
            importlib.import_module(module)
    os.fsync = lambda fd: None
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_answer(json.loads(line)))
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        answers.flush()


def _answer(asked: dict[str, Any]) -> int:
    """In the fork: what `python -c` would do."""
    signal.alarm(MOST_SECONDS)
    files = [os.open(Path(asked["folder"], name), os.O_WRONLY | os.O_CREAT, 0o600) for name in ("out", "err")]
    for descriptor, file in enumerate([os.open(os.devnull, os.O_RDONLY), *files]):
        os.dup2(file, descriptor)
    sys.argv = ["-c", *asked["words"]]
    try:
        _settle(asked["environment"])
        exec(asked["code"], {"__name__": "__main__"})  # noqa: S102 - a test's own code
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        from django.db import connections

        connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _settle(environment: dict[str, str]) -> None:
    """In the place of the settings with which it was loaded come those of this environment."""
    os.environ.clear()
    os.environ.update(environment)
    from django.conf import Settings, settings
    from django.db import connections

    from yichuan.config import settings as ours

    importlib.reload(ours)
    ours.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    settings._wrapped = Settings("yichuan.config.settings")
    vars(connections).update(_settings=None)
    vars(connections).pop("settings", None)
    with suppress(AttributeError):
        del connections["default"]


if __name__ == "__main__":
    main()
