"""The ticker process: a round of settling every half minute, until it is told to stop."""

import itertools
import os
import signal
import threading

import django

EVERY_SECONDS = 30
ENDING_SECONDS = 5  # for a check of the log to be put off
SWEEP_EVERY = 120  # rounds: once an hour, for it reads the names of all blobs


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
    django.setup()
    from django.db import close_old_connections

    from yichuan.operations import checker
    from yichuan.operations.services.settle import settle

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    checking = checker.begin(stop)
    for round_number in itertools.count():
        if stop.is_set():
            checking.join(ENDING_SECONDS)
            return
        close_old_connections()
        settle(sweep=round_number % SWEEP_EVERY == 0)
        stop.wait(EVERY_SECONDS)


if __name__ == "__main__":
    main()
