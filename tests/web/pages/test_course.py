"""经过: acts of the log in a clerk's words."""

from __future__ import annotations

import pytest

from support.world import World
from yichuan.audit import labels
from yichuan.audit.models import Entry
from yichuan.audit.selectors import history
from yichuan.common import clock

pytestmark = pytest.mark.one_database


def test_printing_names_the_copies_and_sending_the_recipients() -> None:
    assert labels.said("exchange.print_original", {"numbers": [2]}) == "打印原件第 2 份"
    assert labels.said("exchange.print_original", {"numbers": [2, 3, 4]}) == "打印原件第 2 至 4 份"
    assert labels.said("exchange.send", {"recipients": 92}) == "发送给 92 个单位"


def test_saving_again_and_again_is_one_line(world: World) -> None:
    document = world.draft()
    for _ in range(3):
        Entry.objects.create(at=clock.now(), verb="compose.save", subject_id=document.pk, actor_name="文市府")
    assert [line["text"] for line in labels.course(history([document.pk]))] == ["保存草稿", "开始制作"]
