"""The ticker process: a round of settling every half minute, until it is told to stop."""

import logging
import os
import signal
import threading

import django

EVERY_SECONDS = 30


def main() -> None:
    """Run until SIGTERM or SIGINT. A round that fails is logged and tried again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuan.config.settings")
    django.setup()
    from django.db import close_old_connections

    from yichuan.operations.services.settle import settle

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        close_old_connections()
        try:
            settle()
        except Exception:
            logging.getLogger("yichuan.ticker").exception("a round failed and is tried again")
        stop.wait(EVERY_SECONDS)


if __name__ == "__main__":
    main()
