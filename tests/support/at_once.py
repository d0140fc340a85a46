"""Many hands at the same button: work done by threads that begin together."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(work: Callable[[int], None], count: int) -> list[BaseException]:
    """Run `work` in `count` threads that begin together; what each raised, database connections closed."""
    begin, raised = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            begin.wait(30)
            work(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
