"""检查点: the auditor keeps them, and compares them with what is printed on an original."""

from datetime import timedelta
from typing import Any

import pytest

from support.auditor import auditor
from support.world import World
from yichuan.audit.models import Checkpoint
from yichuan.audit.selectors_tree import newest_checkpoint, text_of
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.lib.merkle import EMPTY_ROOT, read_checkpoint
from yichuan.lib.print_code import LogMark

PAGE = "/log/checkpoints/"


@pytest.fixture
def kept(world: World) -> Checkpoint:
    """The newest checkpoint over everything the world did."""
    catch_up()
    found = newest_checkpoint()
    assert found is not None
    return found


def _get(world: World, address: str = PAGE, **query: str) -> Any:
    return world.browser(auditor(world)).get(address, query)


def _said(world: World, printed: str) -> str:
    return str(_get(world, printed=printed).context["compared"].word)


def test_the_newest_is_shown_and_taken_along(world: World, kept: Checkpoint) -> None:
    text = _get(world).content.decode()
    assert text_of(kept).short in text
    answer = _get(world, f"{PAGE}{kept.size}/")
    assert "attachment" in answer["Content-Disposition"]
    taken = read_checkpoint(answer.content.decode())
    assert (taken.checkpoint.size, taken.checkpoint.root) == (kept.size, bytes(kept.root))
    assert _get(world, f"{PAGE}{kept.size + 1}/").status_code == 404
    assert _get(world, f"{PAGE}{10**30}/").status_code == 404


def test_before_the_first_it_says_when_one_comes(world: World) -> None:
    assert newest_checkpoint() is None
    assert "还没有签名的检查点" in _get(world).content.decode()


def test_what_is_printed_agrees_however_it_is_typed(world: World, kept: Checkpoint) -> None:
    short = text_of(kept).short
    for typed in (short, short.replace("·", "."), short.upper(), f" {short.replace('·', ' · ')} "):
        assert _said(world, typed) == "一致", typed


def test_it_agrees_still_after_the_log_has_grown(world: World, kept: Checkpoint) -> None:
    with command():
        record(verb="people.log_in", actor=None)
    catch_up()
    assert _said(world, text_of(kept).short) == "一致"


def test_what_was_printed_before_the_first_one_agrees_with_an_empty_log(world: World) -> None:
    answer = _get(world, printed=str(LogMark.of(0, EMPTY_ROOT)))
    assert answer.context["compared"].word == "一致"
    assert "还是空的" in answer.content.decode()


def test_another_root_does_not_agree(world: World, kept: Checkpoint) -> None:
    answer = _get(world, printed=f"{kept.size}·{'0' * 16}")
    assert answer.context["compared"].word == "不一致"
    assert "抄错" in answer.content.decode()


def test_a_log_that_is_shorter_than_the_paper_was_rolled_back(world: World, kept: Checkpoint) -> None:
    answer = _get(world, printed=f"{kept.size + 7}·{'0' * 16}")
    assert answer.context["compared"].word == "不一致"
    assert "退回" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["1024", "1024·123", "·9f0c2a417be3d058", "九·9f0c2a417be3d058", "1" * 30 + "·9f0c2a417be3d058", "x" * 61]
)
def test_what_is_no_checkpoint_is_named(world: World, typed: str) -> None:
    answer = _get(world, printed=typed)
    assert answer.status_code == 422
    assert "err-msg" in answer.content.decode()


def test_they_are_listed_by_day(world: World, kept: Checkpoint) -> None:
    day = clock.now().date()
    rows = _get(world).context["rows"]
    assert kept.pk in {row["checkpoint"].pk for row in rows}
    other = _get(world, day=f"{day - timedelta(days=400)}")
    assert other.context["rows"] == []
    assert "这一天没有检查点" in other.content.decode()
    assert _get(world, day="someday").status_code == 422
    for edge in ("0001-01-01", "9999-12-31"):
        assert _get(world, day=edge).status_code == 422
    assert _get(world, day="1970-01-01").status_code == 200


def test_a_sequencer_that_is_behind_is_told(world: World, kept: Checkpoint) -> None:
    with command():
        record(verb="people.log_in", actor=None)
    assert "还没有排入日志" not in _get(world).content.decode()
    with clock.fixed_at(clock.now() + timedelta(minutes=9)):
        assert "还没有排入日志" in _get(world).content.decode()


def test_it_says_what_went_to_the_auditors_own_store(world: World, kept: Checkpoint, settings: Any) -> None:
    assert "每天下载一个检查点" in _get(world).content.decode()
    settings.YICHUAN_CHECKPOINTS_URL = "file:///mnt/auditor"
    text = _get(world).content.decode()
    assert "还没有送到过" in text
    assert "每天下载一个检查点" not in text
    with command():
        Checkpoint.objects.filter(pk=kept.pk).update(sent_at=clock.now())
    text = _get(world).content.decode()
    assert "最近送去的是" in text
    assert "还没有送到过" not in text


def test_nobody_else_sees_them(world: World, kept: Checkpoint) -> None:
    clerk = world.browser(world.sending_clerk)
    assert clerk.get(PAGE).status_code == 403
    assert clerk.get(f"{PAGE}{kept.size}/").status_code == 403
