"""What 500 open workbenches cost the feed: one real feed process, a rush of events, its own processor time."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from pathlib import Path
from statistics import quantiles

from benchmarks.measure import Figure, figure

WORKBENCHES, UNITS, A_SECOND, SECONDS = 500, 100, 5, 60
TICK = os.sysconf("SC_CLK_TCK")


def figures() -> list[Figure]:
    """Processor, memory and delay while every workbench listens and five events a second reach random units.

    The references are what is asked for: a tenth of a core (%), two seconds from the event to the page.
    """
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        cookies, units = _workbenches()
        port = _free_port()
        feed = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "1", "--log-level", "warning", "--no-ws", "yichuan.feed.application:application"),
            ],
            start_new_session=True,
        )
        try:
            found = asyncio.run(_rush(port, cookies, units, feed.pid))
        finally:
            feed.terminate()
            feed.wait(20)
    return found


async def _rush(port: int, cookies: list[str], units: list[uuid.UUID], pid: int) -> list[Figure]:
    await _until_it_answers(port)
    heard: list[tuple[str, float]] = []
    readers = [asyncio.create_task(_listen(port, cookie, heard)) for cookie in cookies]
    while len(heard) < len(cookies):
        await asyncio.sleep(0.2)
    heard.clear()
    await asyncio.sleep(2)
    before, begun = _processor_seconds(pid), time.monotonic()
    sent = await asyncio.to_thread(_publish, units)
    taken, used = time.monotonic() - begun, _processor_seconds(pid) - before
    await asyncio.sleep(2)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    delays = [at - sent[subject] for subject, at in heard if subject in sent]
    wanted = len(sent) * WORKBENCHES // UNITS
    if len(delays) != wanted:
        raise RuntimeError(f"{wanted} lines should have been heard, {len(delays)} were")
    cuts = quantiles(delays, n=20)
    return [
        figure(f"feed: processor, {WORKBENCHES} workbenches", 100 * used / taken, "% of a core", "a tenth", 10),
        figure("feed: memory", _resident_mb(pid), "MB", "MB", 512),
        figure("feed: delay, half of all", cuts[9] * 1000, "ms", "two seconds", 2000),
        figure("feed: delay, 95 of 100", cuts[18] * 1000, "ms", "two seconds", 2000),
    ]


async def _listen(port: int, cookie: str, heard: list[tuple[str, float]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        writer.write(f"GET /feed/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b": open"):
                heard.append(("", time.monotonic()))
            elif line.startswith(b"data: "):
                heard.append((line.split(b'"subject": "')[1][:36].decode(), time.monotonic()))


def _publish(units: list[uuid.UUID]) -> dict[str, float]:
    """Five arrivals a second, each at the next unit; when each was committed, by its subject."""
    from django.db import connection

    from yichuan.common.outbox import publish
    from yichuan.common.transactions import command

    sent: dict[str, float] = {}
    begun = time.monotonic()
    for number in range(A_SECOND * SECONDS):
        subject = uuid.uuid4()
        with command():
            publish("arrival", [units[number % len(units)]], subject_id=subject)
        sent[str(subject)] = time.monotonic()
        time.sleep(max(0.0, begun + (number + 1) / A_SECOND - time.monotonic()))
    connection.close()
    return sent


def _workbenches() -> tuple[list[str], list[uuid.UUID]]:
    """Units, each with clerks who are logged in: their cookies, and the units' ids."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from yichuan.common import clock
    from yichuan.common.transactions import command
    from yichuan.demo.units import planned_units
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.duties import Duty
    from yichuan.org.models import Unit
    from yichuan.org.services.appoint import appoint
    from yichuan.org.services.register_unit import register_unit
    from yichuan.people.models import Account, Method, OpenSession
    from yichuan.people.services.log_in import KEY

    open_centre("江门市")
    planned = planned_units()
    with command():
        units = [register_unit(entry) for entry in planned[:UNITS]]
    while len(units) < UNITS:  # fewer are planned than listen here
        number = len(units)
        units.append(
            Unit.objects.create(
                code=f"B{number}", short_name=f"试点单位{number}", name=f"试点单位{number}", rank="", batch=9,
                starts=planned[0].starts, order=10_000 + number, pinyin="", initials="",
            )
        )  # fmt: skip
    cookies = []
    for number in range(WORKBENCHES):
        now = clock.now()
        account = Account.objects.create(username=f"clerk-{number}", name="文", must_change_password=False)
        with command():
            appoint(actor=None, account=account, unit=units[number % UNITS], duty=Duty.CLERK)
        standing = OpenSession.objects.create(account=account, method=Method.PASSWORD, began_at=now, seen_at=now)
        session = SessionStore()
        session[SESSION_KEY], session[KEY] = str(account.pk), str(standing.pk)
        session[BACKEND_SESSION_KEY] = "yichuan.people.backends.AccountBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies, [unit.pk for unit in units]


async def _until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the feed did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[Path]:
    """The process and its workers."""
    members = [Path(f"/proc/{pid}")]
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                members.append(path)
        except OSError:
            continue
    return members


def _processor_seconds(pid: int) -> float:
    fields = [(path / "stat").read_text().rsplit(")", 1)[1].split() for path in _family(pid)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICK


def _resident_mb(pid: int) -> float:
    pages = sum(int((path / "statm").read_text().split()[1]) for path in _family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
