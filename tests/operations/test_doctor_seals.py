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


def test_it_says_how_old_the_status_list_is(world: World) -> None:
    signed = clock.now()
    with clock.fixed_at(signed):
        publish_status()
    number = StatusList.objects.latest("number").number
    with clock.fixed_at(StatusList.objects.latest("number").this_update + 5 * HOUR):
        found = finding("status list of seals")
    assert found.ok
    assert f"number {number}, signed 5 hours ago" in found.note
    assert f"{signed + LASTS:%Y-%m-%d}" in found.note


def test_a_status_list_past_its_next_update_is_bad_until_a_new_one_is_signed(world: World) -> None:
    publish_status()
    with clock.fixed_at(clock.now() + LASTS + HOUR):
        found = finding("status list of seals")
        assert not found.ok
        assert "signed 7 days ago, ran out on" in found.note
        assert "yichuan serve" in found.note
        publish_status()
        assert finding("status list of seals").ok


def test_a_list_that_waits_for_its_signature_for_hours_is_bad(world: World) -> None:
    publish_status()
    newest = StatusList.objects.latest("number")
    StatusList.objects.create(number=newest.number + 1, wanted_at=newest.this_update)
    with clock.fixed_at(newest.this_update + 3 * HOUR):
        found = finding("status list of seals")
    assert not found.ok
    assert "waits for its signature for 3 hours" in found.note


def test_a_centre_without_any_signed_list_is_bad(world: World) -> None:
    StatusList.objects.all().delete()
    assert not finding("status list of seals").ok


def test_no_emblem_is_no_fault(world: World, settings: LazySettings) -> None:
    settings.YICHUAN_EMBLEM = ""
    assert finding("national emblem").ok
    assert "YICHUAN_EMBLEM" in finding("national emblem").note


def test_an_emblem_that_can_be_drawn_is_well(world: World, settings: LazySettings, tmp_path: Path) -> None:
    file = tmp_path / "emblem.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0H10V10Z"/></svg>')
    settings.YICHUAN_EMBLEM = str(file)
    assert finding("national emblem") == Finding("national emblem", True, f"{file} can be read and drawn")


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"<svg"], ids=["missing", "not text", "cut off"])
def test_an_emblem_that_cannot_be_drawn_is_bad_with_the_remedy(
    world: World, settings: LazySettings, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "emblem.svg"
    if content is not None:
        file.write_bytes(content)
    settings.YICHUAN_EMBLEM = str(file)
    found = finding("national emblem")
    assert not found.ok
    assert str(file) in found.note
    assert "docs/imprints.md" in found.note
