"""A tree that was altered behind the sequencer: it puts nothing on top, and the auditor and the operator are told."""

import pytest

from support.auditor import auditor
from support.log import acts, tamper
from support.world import World
from yichuan.audit.models import Head, LogCheck, Pending, Tile
from yichuan.audit.selectors import faulty_checks
from yichuan.audit.services.sequence import catch_up
from yichuan.operations.sequencer import AFTER_A_FAILURE_SECONDS, EVERY_SECONDS, one_round
from yichuan.operations.services.doctor_log import log_tree


@pytest.fixture
def damaged(world: World) -> Tile:
    """The last tile over the entries is gone, and an entry waits; the tile comes back."""
    catch_up()
    last = Tile.objects.filter(level=0).latest("number")
    tamper("DELETE FROM audit_tile WHERE id = %s", last.pk)
    acts(1)
    return last


def test_it_stands_on_the_auditors_workbench_once(world: World, damaged: Tile) -> None:
    size = Head.objects.get().size
    assert [one_round(), one_round()] == [AFTER_A_FAILURE_SECONDS] * 2
    assert (Head.objects.get().size, Pending.objects.count()) == (size, 1)
    told = LogCheck.objects.get()
    assert told.faults[0]["kind"] == "head" and "新的记录暂时排不进日志" in told.faults[0]["sentence"]
    browser = world.browser(auditor(world))
    assert f"/log/checks/{faulty_checks()[0].pk}/" in browser.get("/").content.decode()
    assert "从核验过的备份恢复" in browser.get(f"/log/checks/{told.pk}/").content.decode()


def test_doctor_says_it_until_it_is_mended(damaged: Tile) -> None:
    with pytest.raises(RuntimeError, match="被人从外面改过"):
        log_tree()
    Tile.objects.bulk_create([damaged])
    assert one_round() == EVERY_SECONDS
    assert "0 条等着进树" in log_tree()
