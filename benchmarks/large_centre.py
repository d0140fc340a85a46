"""A province's worth of units and people, put straight into the tables: 20,000 units, 200,000 people, a post each.

Services would make the same rows one by one; here only the reading of them is measured.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

UNITS = 20_000
PEOPLE_A_UNIT = 10
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
PLACES = re.findall("..", "江门蓬江江海新会台山开平鹤山恩平广州深圳珠海汕头佛山韶关湛江肇庆茂名惠州梅州汕尾")
MATTERS = re.findall("..", "环保卫生建设交通水利人事教育科技公安民政司法财政审计统计林业旅游")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文斌"
DUTIES = ("leader", "clerk", "custodian", "unit_admin")


def fill(units: int = UNITS) -> None:
    """Write the units with their names, boxes, people and posts in bulk."""
    from django.db import transaction

    from yichuan.org.models import Box, Post, Staff, Unit, UnitName
    from yichuan.people.models import Account

    with transaction.atomic():
        made = list(_units(units))
        Unit.objects.bulk_create(made, batch_size=2_000)
        UnitName.objects.bulk_create(
            (UnitName(unit=unit, name=unit.name, short_name=unit.short_name, valid_from=unit.starts) for unit in made),
            batch_size=2_000,
        )
        Box.objects.bulk_create((Box(unit=unit, opened_at=SINCE) for unit in made), batch_size=2_000)
        for part in _parts(made, 500):
            people = list(_people(part))
            Account.objects.bulk_create([account for account, _ in people], batch_size=2_000)
            Staff.objects.bulk_create([staff for _, staff in people], batch_size=2_000)
            Post.objects.bulk_create(
                [
                    Post(
                        account=account,
                        unit_id=staff.unit_id,
                        duty=DUTIES[number % PEOPLE_A_UNIT % len(DUTIES)],
                        since=SINCE,
                    )
                    for number, (account, staff) in enumerate(people)
                ],
                batch_size=2_000,
            )


def _parts(rows: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _units(number: int) -> Iterator[Any]:
    from pypinyin import Style, lazy_pinyin

    from yichuan.org.models import Unit

    for order in range(1, number + 1):
        place, matter = PLACES[order % len(PLACES)], MATTERS[order // len(PLACES) % len(MATTERS)]
        short = f"{place}{matter}{order // (len(PLACES) * len(MATTERS)) + 1}局"
        yield Unit(
            code=f"P{order:06d}", short_name=short, name=f"广东省{short}", rank="department", batch=order % 40 + 1,
            starts=date(2026, 1, 1), order=order, pinyin="".join(lazy_pinyin(short)),
            initials="".join(lazy_pinyin(short, style=Style.FIRST_LETTER)),
        )  # fmt: skip


def _people(units: Any) -> Iterator[tuple[Any, Any]]:
    from pypinyin import Style, lazy_pinyin

    from yichuan.org.models import Staff
    from yichuan.people.models import Account

    for unit in units:
        for place in range(PEOPLE_A_UNIT):
            which = unit.order * PEOPLE_A_UNIT + place
            name = SURNAMES[which % 30] + GIVEN[which // 30 % 27] + GIVEN[which // 810 % 27]
            account = Account(username=f"p{which:07d}", name=name, password="!", must_change_password=False)
            yield account, Staff(
                account=account, unit=unit, title="科员", phone=f"0750-{which % 10**7:07d}", mobile=f"138{which:08d}",
                local_number=f"{which % 10**7:07d}",
                pinyin="".join(lazy_pinyin(name)), initials="".join(lazy_pinyin(name, style=Style.FIRST_LETTER)),
                established=True, trained_on=date(2025, 12, 1),
            )  # fmt: skip
