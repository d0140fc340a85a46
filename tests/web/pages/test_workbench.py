"""工作台: what waits for this person, the hour until which sending counts as today, the strip."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from support.pages import tags, words
from support.world import World
from yichuan.common import clock

pytestmark = pytest.mark.one_database

SHANGHAI = ZoneInfo("Asia/Shanghai")


def page(world: World, name: str) -> str:
    return world.browser(world.clerk[name]).get("/").content.decode()


def test_a_receiver_sees_what_is_to_be_signed_for_and_hears_of_it(world: World) -> None:
    delivery = world.delivery()
    html = page(world, "市环保局")
    assert "有新公文 1 件" in words(html) and "签收 1" in words(html)
    assert f"/deliveries/{delivery.pk}/" in {a.get("href") for a in tags(html, "a")}
    body = tags(html, "body")[0]
    assert body["data-arrive-url"] and body["data-feed-url"]


def test_nothing_to_do_is_said_and_not_left_blank(world: World) -> None:
    assert "没有待办" in words(page(world, "市环保局"))


@pytest.mark.parametrize(
    ("hour", "said"),
    [(14, "还有 1 小时 30 分，1 件待发送"), (16, "现在发出计为下一个工作日，1 件待发送")],
)
def test_the_day_says_how_long_sending_still_counts_as_today(world: World, hour: int, said: str) -> None:
    world.sealed()
    with clock.fixed_at(datetime(2008, 12, 4, hour, 0, tzinfo=SHANGHAI)):
        assert said in words(page(world, "市府办公室"))


def test_on_a_day_off_the_counted_day_is_named_instead(world: World) -> None:
    with clock.fixed_at(datetime(2008, 12, 6, 10, 0, tzinfo=SHANGHAI)):
        said = words(page(world, "市府办公室"))
    assert "不是工作日" in said and "今天发出的公文计为 12月8日" in said


def test_the_senders_latest_dispatches_stand_beside_with_their_progress(world: World) -> None:
    dispatch = world.sent()
    html = page(world, "市府办公室")
    assert "已发公文" in words(html) and f"/sent/{dispatch.pk}/" in html
