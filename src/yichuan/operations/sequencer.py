"""The sequencer process: what services write to the log goes into its tree within a second, until it is told to stop.

Several may run, on one host or on many: one at a time puts in, the others wait for it. What fails is tried again: a
database that is locked, a disk that is full or a device that is closed delays the tree and loses nothing, for entries
stand with their acts already.
"""

import logging
import os
import signal
import threading

import django

EVERY_SECONDS = 0.5
AFTER_A_FAILURE_SECONDS = 5.0


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
    django.setup()
    from django.db import close_old_connections

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(one_round()):
        close_old_connections()


def one_round() -> float:
    """Put in all that waits. Returns the seconds until the next look; a failure is logged, never raised."""
    from yichuan.audit.services.sequence import work_off

    try:
        work_off()
    except Exception:
        logging.getLogger("yichuan.sequencer").exception("entries wait for the tree; it is tried again")
        return AFTER_A_FAILURE_SECONDS
    return EVERY_SECONDS


if __name__ == "__main__":
    main()
