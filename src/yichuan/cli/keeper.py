"""`python -m yichuan.cli.keeper COMMANDS`: has loaded once what a centre's processes need, and forks them.

Loading takes a process more than a second of a core, a fork some hundredths: whoever dies is there again at once, and
what was loaded lies in memory once. So that a fork is sound, this process has no thread, no connection and no secret,
and serves nobody.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import runpy
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkProcess

from yichuan.cli.supervisor import end_with_parent, pause_after

FORKING = multiprocessing.get_context("fork")
HEARD = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}
LOADED = (
    "granian.cli", "yichuan.config.wsgi", "yichuan.feed.application", "yichuan.audit.services.sequence",
    "yichuan.operations.checker", "yichuan.operations.services.settle",
)  # fmt: skip
ENDING_SECONDS = 10.0


def main() -> None:
    """COMMANDS is what `supervisor.commands` says, as JSON: by name, `python -m MODULE ARGUMENT…` each."""
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    load(LOADED)
    keep(json.loads(sys.argv[1]))


def load(modules: Sequence[str]) -> None:
    """Import them, and build what the first request would build. What is loaded is never collected, and so not looked
    at: a child's pages of memory stay its parent's."""
    gc.disable()
    for module in modules:
        importlib.import_module(module)
    from django.urls import reverse

    reverse("people:log_in")  # the first link needs the whole map of addresses
    gc.freeze()
    gc.enable()


@dataclass
class _Kept:
    command: list[str]
    process: ForkProcess
    born: float
    again_at: float | None = None  # the instant at which one that died is started again


def keep(commands: Mapping[str, list[str]]) -> None:
    """Run them all until SIGTERM or SIGINT; one that dies is started again. `HEARD` must be blocked."""
    kept = {name: _start(name, command) for name, command in commands.items()}
    try:
        while not _told_to_stop(_seconds_until_next(kept)):
            for name, each in kept.items():
                _look_after(name, each)
                if each.again_at is not None and each.again_at <= time.monotonic():
                    kept[name] = _start(name, each.command)
    finally:
        for each in kept.values():
            _end_group(each.process, signal.SIGTERM)
        for each in kept.values():
            each.process.join(ENDING_SECONDS)
            _end_group(each.process, signal.SIGKILL)


def _told_to_stop(seconds: float | None) -> bool:
    """Wait for a child's death, for so long at most."""
    heard = signal.sigwaitinfo(HEARD) if seconds is None else signal.sigtimedwait(HEARD, seconds)
    return heard is not None and heard.si_signo != signal.SIGCHLD


def _seconds_until_next(kept: Mapping[str, _Kept]) -> float | None:
    waiting = [each.again_at for each in kept.values() if each.again_at is not None]
    return max(min(waiting) - time.monotonic(), 0.0) if waiting else None


def _look_after(name: str, each: _Kept) -> None:
    if each.again_at is None and not each.process.is_alive():
        print(f"{name} 退出（{each.process.exitcode}），重新启动", file=sys.stderr, flush=True)
        _end_group(each.process, signal.SIGKILL)
        each.again_at = time.monotonic() + pause_after(time.monotonic() - each.born)


def _start(name: str, command: list[str]) -> _Kept:
    """A process with a group of its own, for it has workers, in the keeper's session: so they are found, however one
    of both dies."""
    process = FORKING.Process(target=_run, args=(name, command), name=name)
    process.start()
    with contextlib.suppress(OSError):  # both sides say it, so that it is so whoever comes first
        os.setpgid(process.pid or 0, process.pid or 0)
    return _Kept(command, process, time.monotonic())


def _run(name: str, command: list[str]) -> None:
    """The child: what `python -m MODULE` does, with everything loaded already."""
    os.setpgid(0, 0)
    end_with_parent(name)
    keeper = multiprocessing.parent_process()
    if keeper is None or os.getppid() != keeper.pid:  # it died before it was said that this one ends with it
        return
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    multiprocessing.set_start_method("fork", force=True)  # granian's workers
    _, _, module, *arguments = command
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_group(process: ForkProcess, number: signal.Signals) -> None:
    """Signal a process and its workers, also those that outlived it: they would go on holding its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid or 0, number)


if __name__ == "__main__":
    main()
