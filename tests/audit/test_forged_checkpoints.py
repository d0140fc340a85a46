"""A checkpoint that somebody wrote into the table is nobody's newest, and the auditor hears of it unasked."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.auditor import auditor
from support.log import acts, entry_at, tamper
from support.world import World
from yichuan.audit.models import Checkpoint, Entry, Head, LogCheck
from yichuan.audit.selectors import faulty_checks
from yichuan.audit.selectors_checkpoints import last_sent
from yichuan.audit.selectors_tree import checkpoint_covering, newest_checkpoint, proof_of
from yichuan.audit.services.check_log import acknowledge_faults
from yichuan.audit.services.outgrow_forged import outgrow_forged
from yichuan.audit.services.send_checkpoint import send_checkpoint
from yichuan.audit.services.sequence import catch_up, work_off
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.evidence.selectors import earlier_checkpoints
from yichuan.exchange.services.print_codes import log_mark
from yichuan.operations.services.doctor_log import checkpoints_sent, log_tree

GARBAGE = b"0" * 70


@pytest.fixture
def mine(world: World) -> Checkpoint:
    """The centre's own newest checkpoint."""
    catch_up()
    found = newest_checkpoint()
    assert found is not None
    return found


def forge(size: int, *, number: int | None = None, **fields: Any) -> Checkpoint:
    """A row as somebody with the database's password writes it."""
    number = number or Head.objects.get().checkpoints + 1
    row = {"root": bytes(32), "at": clock.now(), "signature": GARBAGE} | fields
    return Checkpoint.objects.create(size=size, number=number, **row)


def test_whoever_uses_the_newest_takes_the_newest_of_the_centre(world: World, mine: Checkpoint) -> None:
    forge(mine.size + 1)
    forge(10**15, number=77, sent_at=clock.now())
    assert newest_checkpoint() == mine
    assert (log_mark().size, log_mark().root) == (mine.size, bytes(mine.root)[:8])
    assert proof_of(entry_at(0)).checkpoint == mine
    page = world.browser(auditor(world)).get("/log/checkpoints/")
    assert page.context["newest"] == mine


def test_it_is_neither_first_over_an_entry_nor_sent_nor_put_into_packages(world: World) -> None:
    catch_up()
    forge(3)
    assert checkpoint_covering(entry_at(0)) == newest_checkpoint()
    acts(2)
    catch_up()
    Checkpoint.objects.filter(size=3).update(sent_at=clock.now())
    newest = newest_checkpoint()
    assert newest is not None and last_sent() is None
    assert 3 not in [each.size for each in earlier_checkpoints(newest, entry_at(0))]


def test_the_auditors_store_gets_the_centres_own(world: World, mine: Checkpoint, settings: Any, tmp_path: Path) -> None:
    settings.YICHUAN_CHECKPOINTS_URL = f"file://{tmp_path}"
    forge(mine.size + 9)
    assert send_checkpoint() == 1
    assert [file.name.split("-")[1] for file in tmp_path.iterdir()] == [f"{mine.size:012d}"]
    assert "都已送到" in checkpoints_sent()


def test_the_page_marks_it_and_does_not_hand_it_out(world: World, mine: Checkpoint) -> None:
    row = forge(mine.size + 1)
    browser = world.browser(auditor(world))
    assert "签名无效" in browser.get("/log/checkpoints/").content.decode()
    assert browser.get(f"/log/checkpoints/{row.size}/").status_code == 409


@pytest.mark.parametrize("ahead", [1, 10**15])
def test_the_log_goes_on_beside_it_and_the_auditor_is_told_once(world: World, mine: Checkpoint, ahead: int) -> None:
    forge(mine.size + ahead, at=clock.now() + timedelta(days=4_000))
    for minutes in (1, 2):
        acts(3)
        with clock.fixed_at(clock.now() + timedelta(minutes=minutes)):
            work_off()
    own = newest_checkpoint()
    assert own is not None and own.size == Head.objects.get().size
    assert own.at < clock.now() + timedelta(days=1)
    noted = LogCheck.objects.get()
    assert [fault["kind"] for fault in noted.faults] == ["checkpoint"]
    assert f"（{mine.size + ahead} 条）没有本中心的有效签名" in noted.faults[0]["sentence"]


def test_it_stands_on_the_workbench_until_it_is_acknowledged_and_again_a_day_later(
    world: World, mine: Checkpoint
) -> None:
    forge(10**15)
    acts(1)
    work_off()
    person = auditor(world)
    page = world.browser(person).get("/").content.decode()
    assert f"/log/checks/{faulty_checks()[0].pk}/" in page
    acknowledge_faults(actor=person, check_id=faulty_checks()[0].pk, note="已报告主管单位")
    acts(1)
    work_off()
    assert not faulty_checks().exists()
    acts(1)
    with clock.fixed_at(clock.now() + timedelta(days=2)):
        work_off()
    assert faulty_checks().count() == 1


def test_doctor_says_it(world: World, mine: Checkpoint) -> None:
    assert "树上有" in log_tree()
    forge(mine.size + 1)
    with pytest.raises(RuntimeError, match="不是中心签的"):
        log_tree()


def test_one_without_a_signature_gets_none_and_sets_no_time(world: World, mine: Checkpoint) -> None:
    acts(1)
    tamper("UPDATE audit_checkpoint SET signature = NULL WHERE size = %s", mine.size)
    tamper("UPDATE audit_checkpoint SET at = %s WHERE size = %s", clock.now() + timedelta(days=400), mine.size)
    catch_up()
    assert Checkpoint.objects.get(size=mine.size).signature is None
    newest = newest_checkpoint()
    assert newest is not None and newest.at < clock.now() + timedelta(days=1)


def test_verification_names_each(world: World, mine: Checkpoint) -> None:
    forge(5, number=50)
    said = [fault.sentence for fault in verify_log().faults]
    assert any("第 50 号检查点（5 条）没有本中心的有效签名" in each for each in said)


@pytest.mark.parametrize("signature", [GARBAGE, None], ids=["signed by nobody", "unsigned"])
def test_rows_at_the_sizes_to_come_are_named_in_the_log_which_grows_past_them(
    world: World, mine: Checkpoint, signature: bytes | None
) -> None:
    for ahead in range(1, 151):
        forge(mine.size + ahead, number=500 + ahead, signature=signature)
    acts(2)
    catch_up()
    own = newest_checkpoint()
    assert own is not None and own.size == Head.objects.get().size == mine.size + 151
    told = Entry.objects.filter(verb="audit.forged_checkpoint").order_by("pk")
    assert [each.detail for each in told] == [
        {"number": 500 + ahead, "count": mine.size + ahead} for ahead in range(2, 151)
    ]
    said = [fault["sentence"] for check in LogCheck.objects.all() for fault in check.faults]
    assert any(f"占着日志 {mine.size + 2}–{mine.size + 101} 条" in each for each in said)
    assert proof_of(entry_at(mine.size + 1)).checkpoint == own


def test_the_sequencers_process_gets_past_them_in_its_next_round(world: World, mine: Checkpoint) -> None:
    forge(mine.size + 1, number=500)
    acts(1)
    for _ in range(2):
        with clock.fixed_at(clock.now() + timedelta(minutes=1)):
            work_off()
    own = newest_checkpoint()
    assert own is not None and own.size == mine.size + 2


def test_a_checkpoint_of_the_centre_is_in_nobodys_way(world: World, mine: Checkpoint) -> None:
    assert not outgrow_forged()
    tamper("UPDATE audit_checkpoint SET signature = NULL, at = %s", clock.now() + timedelta(days=1))
    assert not outgrow_forged()
    assert not Entry.objects.filter(verb="audit.forged_checkpoint").exists()
