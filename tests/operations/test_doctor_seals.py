"""What `yichuan doctor` says of the seals' status list and of the national emblem's drawing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from support.world import World
from yichuan.common import clock
from yichuan.operations.services.doctor import Finding, examine
from yichuan.seals.models import StatusList
from yichuan.seals.services.publish_status import LASTS, publish_status

HOUR = timedelta(hours=1)


def finding(name: str) -> Finding:
    return next(each for each in examine() if each.name == name)


def test_it_says_how_old_the_status_list_is_and_on_which_day_of_ours_it_ends(world: World) -> None:
    publish_status()
    newest = StatusList.objects.latest("number")
    begun = newest.this_update
    assert begun is not None
    until = (begun + LASTS).replace(hour=20)  # the next day here
    StatusList.objects.filter(pk=newest.pk).update(next_update=until)
    with clock.fixed_at(begun + 5 * HOUR):
        found = finding("印章状态列表")
    assert found.ok
    assert f"第 {newest.number} 号，5 小时前签发" in found.note
    assert f"{until.date() + timedelta(days=1)} 前有效" in found.note


def test_a_status_list_past_its_next_update_is_bad_until_a_new_one_is_signed(world: World) -> None:
    publish_status()
    with clock.fixed_at(clock.now() + LASTS + HOUR):
        found = finding("印章状态列表")
        assert not found.ok
        assert "7 天前签发" in found.note
        assert "yichuan serve" in found.note
        publish_status()
        assert finding("印章状态列表").ok


def test_a_list_that_waits_for_its_signature_for_hours_is_bad(world: World) -> None:
    publish_status()
    newest = StatusList.objects.latest("number")
    StatusList.objects.create(number=newest.number + 1, wanted_at=newest.this_update)
    with clock.fixed_at(newest.this_update + 3 * HOUR):
        found = finding("印章状态列表")
    assert not found.ok
    assert "等签名已 3 小时" in found.note


def test_a_centre_without_any_signed_list_is_bad(world: World) -> None:
    StatusList.objects.all().delete()
    assert not finding("印章状态列表").ok


def test_no_emblem_is_no_fault(world: World, settings: LazySettings) -> None:
    settings.YICHUAN_EMBLEM = ""
    assert finding("国徽图样").ok
    assert "YICHUAN_EMBLEM" in finding("国徽图样").note


def test_an_emblem_that_can_be_drawn_is_well(world: World, settings: LazySettings, tmp_path: Path) -> None:
    file = tmp_path / "emblem.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0H10V10Z"/></svg>')
    settings.YICHUAN_EMBLEM = str(file)
    assert finding("国徽图样") == Finding("国徽图样", True, f"{file} 读得出，画得出")


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"<svg"], ids=["missing", "not text", "cut off"])
def test_an_emblem_that_cannot_be_drawn_is_bad_with_the_remedy(
    world: World, settings: LazySettings, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "emblem.svg"
    if content is not None:
        file.write_bytes(content)
    settings.YICHUAN_EMBLEM = str(file)
    found = finding("国徽图样")
    assert not found.ok
    assert str(file) in found.note
    assert "docs/imprints.md" in found.note
