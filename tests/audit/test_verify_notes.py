"""What verification tells without calling it a fault, and what other rooms add."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from support.log import acts
from support.world import World, broken_device
from yichuan.audit.faults import Fault, FaultKind, NoteKind
from yichuan.audit.models import Head
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.keys.services.log_key import forget_log_key

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def log(world: World) -> World:
    """Two checkpoints over some seven hundred entries: three tiles and the one above them."""
    acts(300)
    catch_up()
    acts(400)
    catch_up()
    return world


def test_a_clock_that_was_set_back_is_noted(log: World) -> None:
    with clock.fixed_at(NOON - timedelta(days=365 * 20)):
        acts(2)
    catch_up()
    verdict = verify_log()
    assert verdict.good
    said = [note.sentence for note in verdict.notes if note.kind == NoteKind.CLOCK]
    assert len(said) == 1 and "主机时钟曾被调回" in said[0]


def test_entries_written_while_the_device_was_closed_are_noted(log: World) -> None:
    before = Head.objects.get().size
    forget_log_key()
    with broken_device("unwrap"):
        acts(3)
    catch_up()
    verdict = verify_log()
    assert verdict.good
    said = [note.sentence for note in verdict.notes if note.kind == NoteKind.UNMARKED]
    assert said[-1].startswith(f"第 {before + 1}–{before + 3} 条没有标记：")


def test_without_the_key_marks_are_not_checked_and_it_says_so(log: World) -> None:
    forget_log_key()
    with broken_device("unwrap"):
        verdict = verify_log()
    assert verdict.good and NoteKind.NO_KEY in {note.kind for note in verdict.notes}


def test_what_other_rooms_find_is_among_the_faults(log: World, settings: object) -> None:
    settings.YICHUAN_LOG_WITNESSES = [f"{__name__}.witness"]  # type: ignore[attr-defined]
    assert verify_log().faults == [Fault(FaultKind.WITNESS, "一份回执被改动。")]


def witness() -> Iterator[Fault]:
    yield Fault(FaultKind.WITNESS, "一份回执被改动。")
