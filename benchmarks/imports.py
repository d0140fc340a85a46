"""Bringing the staff form of 5,000 people in: the file read and looked through, then every account, card and request.

The reference is the minute that the operator is promised.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from benchmarks.measure import Figure, figure

PEOPLE = 5_000
UNITS = 100
MINUTE = 60.0
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文斌"
POSTS = ("主管领导", "文件管理员", "印章管理员")


def figures() -> list[Figure]:
    """Run in a throw-away home; the database is SQLite unless `YICHUAN_DATABASE_URL` names an empty other one."""
    with _centre() as operator:
        from yichuan.changes.models import Import
        from yichuan.changes.services.import_run import advance, begin_import
        from yichuan.changes.services.import_take import take_import
        from yichuan.changes.sheet_forms import FORMS
        from yichuan.common.sheets.writing import table_xlsx

        head = [column.label for column in FORMS[Import.Kind.STAFF].columns]
        data = table_xlsx("报名表", head, _people())
        begun = time.perf_counter()
        source = take_import(actor=operator, number=1, kind=Import.Kind.STAFF, name="报名表.xlsx", data=data)
        looked = time.perf_counter() - begun
        begin_import(actor=operator, import_id=source.pk)
        while advance(source.pk, seconds=5):
            pass
        whole = time.perf_counter() - begun
        done = source.rows.filter(state="done").count()
        if done != PEOPLE:
            raise RuntimeError(f"{done} of {PEOPLE} people were brought in")
    return [
        figure("staff form looked through", looked, "s", "a minute", MINUTE),
        figure(f"staff form of {PEOPLE} people", whole, "s", "a minute", MINUTE),
    ]


def _people() -> Iterator[list[str]]:
    for number in range(PEOPLE):
        name = SURNAMES[number % 30] + GIVEN[number // 30 % 27] + GIVEN[number // 810 % 27]
        post = POSTS[number // UNITS % len(POSTS)]
        yield [
            f"市第{number % UNITS}局", post, name, "科员", f"0750-{3_000_000 + number}", f"138{number:08d}",
            "", "", "是", "2026-01-05",
        ]  # fmt: skip


@contextmanager
def _centre() -> Iterator[Any]:
    with tempfile.TemporaryDirectory(prefix="yichuan-bench-") as home:
        os.environ["YICHUAN_HOME"], os.environ["YICHUAN_SECRETS"] = f"{home}/centre", f"{home}/secrets"
        from yichuan.cli.centre import set_up

        set_up()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        yield _filled()
        connection.close()


def _filled() -> Any:
    """A centre of 100 units whose first one operates it; its operator, with a batch planned."""
    from yichuan.changes.services.batch_plan import plan_batch
    from yichuan.common.transactions import command
    from yichuan.operations.services.open_centre import open_centre
    from yichuan.org.duties import Duty
    from yichuan.org.models import CentreRole
    from yichuan.org.services.appoint import appoint
    from yichuan.org.services.register_unit import UnitEntry, register_unit
    from yichuan.org.services.staff import register_person

    open_centre("江门市")
    day = date(2026, 6, 1)
    with command():
        units = [
            register_unit(UnitEntry(f"U{n:04d}", f"市第{n}局", f"江门市第{n}局", "department", 1, day, n + 1))
            for n in range(UNITS)
        ]
        CentreRole.objects.create(role=CentreRole.Role.OPERATING, unit=units[0])
        operator, _ = register_person(actor=None, unit=units[0], username="operator", name="经办人")
        appoint(actor=None, account=operator, unit=units[0], duty=Duty.OPERATOR)
    plan_batch(actor=operator, number=1, starts=day)
    return operator
