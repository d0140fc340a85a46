"""The checker's thread: it takes up a verification that waits, survives a database that is away, and ends when told."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from support.auditor import auditor
from support.world import World
from yichuan.audit.models import LogCheck
from yichuan.audit.services import check_log
from yichuan.audit.services.check_log import begin_check
from yichuan.audit.services.sequence import catch_up
from yichuan.operations import checker

LONGEST = 30.0
"""Seconds within which whatever is waited for has happened."""


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Whoever began a thread with it stops it at the end, whatever happened."""
    monkeypatch.setattr(checker, "EVERY_SECONDS", 0.05)
    told = threading.Event()
    yield told
    told.set()


def reported(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set as soon as a verification has been done to its end."""
    done, real = threading.Event(), check_log.carry_on

    def carry_on(*words: object) -> bool:
        found = real(*words)  # type: ignore[arg-type]
        if found:
            done.set()
        return found

    monkeypatch.setattr(check_log, "carry_on", carry_on)
    return done


def test_it_does_what_waits_and_ends_when_it_is_told(
    committed_world: World, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    made, done = begin_check(actor=auditor(committed_world)), reported(monkeypatch)
    thread = checker.begin(stop)
    assert done.wait(LONGEST)
    stop.set()
    thread.join(LONGEST)
    assert not thread.is_alive()
    made.refresh_from_db()
    assert (made.state, made.faults) == (LogCheck.State.DONE, [])


def test_a_database_that_is_away_ends_no_thread(
    committed_world: World, stop: threading.Event, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = begin_check(actor=auditor(committed_world))
    done, real, times = reported(monkeypatch), check_log._take, iter(range(2))

    def take() -> LogCheck | None:
        if next(times, None) is not None:
            raise OperationalError("the database is away")
        return real()

    monkeypatch.setattr(check_log, "_take", take)
    thread = checker.begin(stop)
    assert done.wait(LONGEST) and thread.is_alive()
    stop.set()
    thread.join(LONGEST)
    assert caplog.text.count("are tried again") == 2
    made.refresh_from_db()
    assert made.state == LogCheck.State.DONE


def test_one_that_runs_is_put_off_when_the_process_is_to_end(
    committed_world: World, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    made, real = begin_check(actor=auditor(committed_world)), check_log.verify_log

    def told_meanwhile(**words: object) -> object:
        stop.set()
        return real(**words)  # type: ignore[arg-type]

    monkeypatch.setattr(check_log, "verify_log", told_meanwhile)
    thread = checker.begin(stop)
    thread.join(LONGEST)
    assert not thread.is_alive()
    made.refresh_from_db()
    assert (made.state, made.tries) == (LogCheck.State.WAITING, 0)
