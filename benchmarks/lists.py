"""The pages a clerk looks at all day, over 10⁴, 10⁶ and 10⁷ deliveries in PostgreSQL: 95 of 100 answers within this.

The reference of each figure is the same page over 10⁴ deliveries of the same run; the promise is 50 ms in the view at
10⁷, and at most twice that at 10⁴. `YICHUAN_BENCH_DELIVERIES` names other sizes, separated by commas. As in the served
centre (`cli.keeper.load`) the garbage collector does not look again and again at what was loaded.
"""

import gc
import os
import tempfile
import time
import uuid
from typing import Any

from benchmarks.measure import Figure

SIZES = os.environ.get("YICHUAN_BENCH_DELIVERIES", "10000,1000000,10000000")
LOOKS = 100
WARM = 5


def figures() -> list[Figure]:
    """Run in a throw-away home; `YICHUAN_DATABASE_URL` names an empty PostgreSQL database."""
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection
        from django.test import override_settings

        from benchmarks.large_exchange import begin, grow

        call_command("migrate", verbosity=0)
        units, clerks = _centre()
        begin(units, clerks[0])
        found: list[Figure] = []
        small: dict[str, float] = {}
        documents = 0
        with override_settings(ALLOWED_HOSTS=["*"]):
            for deliveries in map(int, SIZES.split(",")):
                before, documents = documents, max(documents + 1, deliveries // (len(units) - 1))
                grow(before, documents, len(units), clerks[0])
                for name, milliseconds in _looked_at(clerks).items():
                    reference = small.setdefault(name, milliseconds)
                    ratio = round(milliseconds / reference, 3)
                    told = f"{name}, {deliveries:,}"
                    found.append(Figure(told, round(milliseconds, 1), "ms", "10⁴", round(reference, 1), ratio))
        connection.close()
    return found


def _centre() -> tuple[list[Any], list[Any]]:
    """The city's 93 units; a clerk of the first, which sends most, and one of the fourth."""
    from yichuan.common import clock
    from yichuan.common.transactions import command
    from yichuan.demo.units import planned_units
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.duties import Duty
    from yichuan.org.services.appoint import appoint
    from yichuan.org.services.register_unit import register_unit
    from yichuan.people.services.open_account import open_account

    open_centre("江门市")
    with command():
        units = [register_unit(entry) for entry in planned_units()]
        clerks = []
        for number in (0, 3):
            clerk = open_account(actor=None, username=f"clerk{number}", name="文", password=uuid.uuid4().hex)
            clerk.must_change_password, clerk.password_set_at = False, clock.now()
            clerk.save(update_fields=["must_change_password", "password_set_at"])
            appoint(actor=None, account=clerk, unit=units[number], duty=Duty.CLERK)
            clerks.append(clerk)
    return units, clerks


def _looked_at(clerks: list[Any]) -> dict[str, float]:
    """For each page the milliseconds within which 95 of 100 answers came."""
    from yichuan.exchange.models import Dispatch

    sender, receiver = (_browser(clerk) for clerk in clerks)
    dispatch = Dispatch.objects.order_by("-sent_at").filter(sent_by=clerks[0], unit__order=1).first()
    if dispatch is None:
        raise RuntimeError("the first unit sent nothing: there is no board to look at")
    number = dispatch.document.number
    pages = {
        "inbox, first page": (receiver, "/inbox/", {}),
        "inbox, not signed for": (receiver, "/inbox/", {"state": "delivered"}),
        "inbox, by number": (receiver, "/inbox/", {"number": number}),
        "inbox, by title": (receiver, "/inbox/", {"title": "第137批"}),
        "inbox, by initials": (receiver, "/inbox/", {"title": "hjbzxjc"}),
        "inbox, by words": (receiver, "/inbox/", {"text": "专项检查工作 水利"}),
        "sent, first page": (sender, "/sent/", {}),
        "sent, by number": (sender, "/sent/", {"number": number}),
        "tracking board": (sender, f"/sent/{dispatch.pk}/", {}),
    }
    gc.collect()
    gc.freeze()
    return {name: _slow(client, path, asked) for name, (client, path, asked) in pages.items()}


def _slow(client: Any, path: str, asked: dict[str, str]) -> float:
    taken = []
    for _ in range(WARM + LOOKS):
        begun = time.perf_counter()
        answer = client.get(path, asked)
        taken.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")
    return sorted(taken[WARM:])[LOOKS * 95 // 100 - 1] * 1000


def _browser(account: Any) -> Any:
    from django.test import Client

    from yichuan.common import clock
    from yichuan.people.models import Method, OpenSession
    from yichuan.people.services.log_in import KEY as OPEN_SESSION

    client = Client()
    client.force_login(account, backend="yichuan.people.backends.AccountBackend")
    session, now = client.session, clock.now()
    standing = OpenSession.objects.create(account=account, method=Method.PASSWORD, began_at=now, seen_at=now)
    session[OPEN_SESSION] = str(standing.pk)
    session.save()
    return client
