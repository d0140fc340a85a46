"""How often an act makes the disk certain: counted by PostgreSQL itself, or by strace at the processes that write."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.office import crowd


def fsyncs_of(pages: list[int], works: list[Callable[[], object]]) -> float | None:
    """Fsyncs of one of `works`, done one after the other; None where nothing here can count them."""
    from django.db import connection

    if connection.vendor == "postgresql":
        before = _of_the_log()
        crowd(1, works)
        return (_of_the_log() - before) / len(works)
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "calls"
        command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(out)]
        watcher = subprocess.Popen([*command, *(word for pid in pages for word in ("-p", str(pid)))])
        time.sleep(1)
        try:
            crowd(1, works)
        finally:
            watcher.send_signal(signal.SIGINT)
            watcher.wait(10)
        return sum("sync(" in line for line in out.read_text().splitlines()) / len(works)


def _of_the_log() -> int:
    """How often PostgreSQL synced its write-ahead log; one that idles tells what it did within ten seconds."""
    from django.db import connection

    time.sleep(11)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wal_sync FROM pg_stat_wal")
        return int(cursor.fetchone()[0])
