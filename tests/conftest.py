"""What every test shares: the sample files, no network, and a run that tests nothing is a failure.

Fixtures of one part of the house live in `support/<part>.py`.
"""

from __future__ import annotations

import gc
import hashlib
import os
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from support.world import World

# Two busy cores make single examples slow; a deadline would fail tests for the machine's sake.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What `make test` says follows from the code alone: the same examples each time. Others are drawn, many more of them,
# by `make explore`; what it finds gets a test of its own.
settings.register_profile("ci", PATIENT, derandomize=True)
settings.register_profile("thorough", PATIENT, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

LOOPBACK = ("127.", "::1", "localhost")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only the tests that ask something of the database")


def uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "live_server"}
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(
        getattr(item, "fixturenames", ())
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Ten thousand tests are found and none forgotten: nothing there to collect, then or later. A sixth of the time.

    While they run, what is loaded would be looked through every other second in vain: a twentieth of the time.
    """
    gc.disable()
    found = yield
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()
    return found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-only"):
        chosen = [item for item in items if uses_database(item) and not item.get_closest_marker("one_database")]
        kept = set(chosen)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = chosen


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Chromium stays for the next test, unless that one has no use for it or asks the database itself."""
    if not item.get_closest_marker("e2e") or uses_database(item):
        put_chromium_away()


def put_chromium_away() -> None:
    if "support.chromium" in sys.modules:
        sys.modules["support.chromium"].put_away()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run in which every test was skipped has shown nothing; it ends like a run that found no test."""
    put_chromium_away()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter and not session.config.option.collectonly and not reporter.stats.get("passed"):
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed in Chromium says which pages were open and where their pictures lie."""
    report = yield
    if report.when == "call" and report.failed and item.get_closest_marker("e2e"):
        from support.looked import keep_pages

        folder = item.config._tmp_path_factory.getbasetemp() / "failed"  # type: ignore[attr-defined]
        seen = keep_pages(item.name, getattr(item, "funcargs", {}), folder)
        if seen:
            report.sections.append(("Pages that were open", seen))
    return report


def roomy(call: Callable[..., Any], *given: Any) -> Any:
    """What `call(*given)` returns, with room for the frames of all that it calls.

    CPython keeps a thread's frames in pieces of 16 KiB. A loop whose calls cross from one piece into the next has the
    system give a new piece at every call and take it back at its return: 12,000 times a second, a tenth of a test's
    time. A frame that fits into no small piece gets one of 512 KiB, and those above it find their place beside it.
    """
    return call(*given)


roomy.__code__ = roomy.__code__.replace(co_stacksize=33_000)  # of 8 bytes: almost half of that piece is left


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """pytest's own, in roomy frames."""
    done: bool = roomy(item.config.pluginmanager.get_plugin("runner").pytest_runtest_protocol, item, nextitem)
    return done


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of foreign sample files (YICHUAN_SAMPLES, or ../shared/data beside the repository)."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("YICHUAN_SAMPLES") or beside)
    if not folder.is_dir():
        pytest.skip(f"no sample files: {folder} is missing (YICHUAN_SAMPLES names another folder)")
    return folder


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Sockets reach this machine only: a test that asks another host fails and says which."""
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def refuse_others(address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}; tests stay on this machine")

    def guarded(self: socket.socket, address: object) -> None:
        refuse_others(address)
        connect(self, address)  # type: ignore[arg-type]

    def guarded_ex(self: socket.socket, address: object) -> int:
        refuse_others(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """The test database is a copy of a migrated one (`support/migrated.py`), not migrated again."""
    from django.db import connection

    from support.migrated import postgres_copy, sqlite_copy

    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        sqlite_copy(Path(name))
    else:
        postgres_copy(os.environ["YICHUAN_DATABASE_URL"], name)
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """After a test that committed, `support/emptied.py` empties the database in the place of Django's flush."""
    from django.test import TransactionTestCase

    from support.emptied import empty_database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_database())
        yield


@pytest.fixture(autouse=True, scope="session")
def cheap_stretching() -> Iterator[dict[str, Any]]:
    """A password's key costs memory and time by design; a test asks that it is so and pays little. The whole ones."""
    from argon2 import low_level

    scrypt, argon2 = hashlib.scrypt, low_level.hash_secret_raw

    def cheap(password: bytes, *, salt: bytes, n: int, r: int, p: int, maxmem: int, dklen: int) -> bytes:
        assert (n, r, p) == (2**16, 8, 1), "a password is stretched with 64 MiB"
        return scrypt(password, salt=salt, n=2**4, r=r, p=p, maxmem=maxmem, dklen=dklen)

    def cheap_argon2(password: bytes, salt: bytes, *, memory_cost: int, **costs: Any) -> bytes:
        assert (memory_cost, costs["time_cost"], costs["type"]) == (19456, 2, low_level.Type.ID), "no less than OWASP's"
        return argon2(password, salt, memory_cost=8, **costs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashlib, "scrypt", cheap)
        patch.setattr(low_level, "hash_secret_raw", cheap_argon2)
        yield {"scrypt": scrypt, "argon2": argon2}


@pytest.fixture(autouse=True, scope="session")
def no_waiting_for_the_disk() -> Iterator[None]:
    """No test asks what a power failure leaves: what this process writes is there for every other without the disk.

    Nine waits for each sealed document, at which a core is idle. Processes that a test starts wait as in a centre.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def files_of_pages_once() -> Iterator[None]:
    """Each client of a test has middleware of its own, that would read the pages' files anew: 10 ms."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    read = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, Any] = {}

    def once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            read(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests marked e2e; no file sees another's pages."""
    from support.chromium import close_pages, the_browser

    yield the_browser()
    close_pages()


@pytest.fixture(scope="session")
def typeset_once() -> Iterator[None]:
    """The same document is typeset and converted once (`support/typeset_once.py`)."""
    from support.typeset_once import typesetting_once

    with typesetting_once():
        yield


@pytest.fixture
def world(db: None, typeset_once: None) -> World:
    """A small centre with units and people (`support/world.py`), rolled back after the test."""
    from support.snapshot import again
    from support.world import build, forget_caches

    return again(build, forget_caches)


@pytest.fixture
def committed_world(transactional_db: None, typeset_once: None) -> World:
    """The same, really committed: for threads, processes and browsers."""
    from support.snapshot import again
    from support.world import build, forget_caches

    return again(build, forget_caches)


@pytest.fixture
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a walk over all addresses, which asks who may: the counts of the navigation are nine tenths of a refusal."""
    from yichuan.portal import navigation

    monkeypatch.setattr(navigation, "ENTRIES", tuple(replace(each, count=None) for each in navigation.ENTRIES))
