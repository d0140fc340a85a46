"""Verification of the log beside the ticker's rounds: in a thread of its process, for it may take minutes."""

import logging
import threading

EVERY_SECONDS = 2.0


def begin(stop: threading.Event) -> threading.Thread:
    """Look for a check that waits, again and again, until `stop` is set; one that runs is put off then."""
    thread = threading.Thread(target=_run, args=(stop,), name="checker", daemon=True)
    thread.start()
    return thread


def _run(stop: threading.Event) -> None:
    from django.db import close_old_connections, connection

    from yichuan.audit.services.check_log import carry_on

    while not stop.wait(EVERY_SECONDS):
        close_old_connections()
        try:
            while carry_on(stop.is_set) and not stop.is_set():
                pass
        except Exception:  # a database that is locked or away
            logging.getLogger("yichuan.ticker").exception("checks of the log wait and are tried again")
    connection.close()
