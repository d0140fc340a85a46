"""Which units run the centre is set by the system administrator, and never while the old ones still act."""

from typing import Any

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.org.duties import Duty
from yichuan.org.models import CentreRole
from yichuan.org.services.set_part import set_part

SUPERVISING = CentreRole.Role.SUPERVISING


@pytest.fixture
def administrator(world: World) -> Any:
    return world.holder(Duty.SYSTEM_ADMIN)


def test_the_part_goes_to_the_unit_named_and_stands_in_the_log(world: World, administrator: Any) -> None:
    set_part(actor=administrator, part=SUPERVISING, name="市府办公室")
    set_part(actor=administrator, part=SUPERVISING, name=f" {world.units['市卫生局'].name} ")
    assert CentreRole.objects.get(role=SUPERVISING).unit == world.units["市卫生局"]
    entry = Entry.objects.filter(verb="org.set_part").latest("pk")
    assert entry.detail["from"] == world.sender.name and entry.detail["to"] == world.units["市卫生局"].name


def test_the_same_unit_again_changes_nothing(world: World, administrator: Any) -> None:
    for _ in range(2):
        set_part(actor=administrator, part=SUPERVISING, name="市府办公室")
    assert Entry.objects.filter(verb="org.set_part").count() == 1


def test_it_waits_until_nobody_acts_for_the_old_one(world: World, administrator: Any) -> None:
    set_part(actor=administrator, part=SUPERVISING, name="市府办公室")
    world.holder(Duty.SUPERVISOR, "市府办公室")
    with pytest.raises(Refused, match="请先免去") as refused:
        set_part(actor=administrator, part=SUPERVISING, name="市卫生局")
    assert refused.value.code == "part_held"
    assert CentreRole.objects.get(role=SUPERVISING).unit == world.sender


@pytest.mark.parametrize(("part", "name"), [(SUPERVISING, "没有的局"), ("ruling", "市卫生局"), (SUPERVISING, "")])
def test_what_is_no_part_or_no_unit_is_named(world: World, administrator: Any, part: str, name: str) -> None:
    with pytest.raises(Invalid):
        set_part(actor=administrator, part=part, name=name)


@pytest.mark.parametrize("duty", [Duty.SECURITY_OFFICER, Duty.AUDITOR])
def test_the_other_administrators_do_not_set_it(world: World, duty: Duty) -> None:
    with pytest.raises(NotAllowed):
        set_part(actor=world.holder(duty), part=SUPERVISING, name="市卫生局")


def test_the_page_shows_both_and_keeps_what_was_typed(world: World, administrator: Any) -> None:
    browser = world.browser(administrator)
    assert "还没有设定" in browser.get("/centre/").content.decode()
    assert browser.post("/centre/", {"part": "operating", "name": "市规划局"}).status_code == 302
    assert world.units["市规划局"].name in browser.get("/centre/").content.decode()
    refused = browser.post("/centre/", {"part": "operating", "name": "没有的局"})
    assert refused.status_code == 422
    assert "没有的局" in refused.content.decode() and "没有叫这个名字的单位" in refused.content.decode()
