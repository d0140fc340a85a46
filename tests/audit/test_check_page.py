"""核验全部日志: asked for by the auditor, done beside the pages, its faults named until they are acknowledged."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.auditor import auditor
from support.log import tamper
from support.world import World
from yichuan.audit.check_words import ADVICE, NAMES
from yichuan.audit.faults import Fault, FaultKind, Verdict
from yichuan.audit.models import Entry, LogCheck
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services import check_log
from yichuan.audit.services.check_log import MOST_BYTES, MOST_KEPT, carry_on
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up
from yichuan.common import clock
from yichuan.common.transactions import command

FAULT = Fault(FaultKind.ALTERED, "第 3 条被改动过。", 2, 3)


def _begin(world: World, *files: tuple[str, bytes]) -> Any:
    kept = [SimpleUploadedFile(name, data, "text/plain") for name, data in files]
    return world.browser(auditor(world)).post("/log/checks/begin/", {"kept": kept} if kept else {})


def _page(world: World, check: LogCheck) -> str:
    return str(world.browser(auditor(world)).get(f"/log/checks/{check.pk}/").content.decode())


def _found(*faults: Fault) -> Callable[..., Verdict]:
    return lambda **_: Verdict(9, bytes(32), 1, list(faults))


def test_a_clean_log_is_verified_and_both_ends_stand_in_it(world: World) -> None:
    catch_up()
    answer = _begin(world)
    check = LogCheck.objects.get()
    assert answer["Location"] == f"/log/checks/{check.pk}/"
    assert "正在等待开始" in _page(world, check)
    assert carry_on()
    check.refresh_from_db()
    assert (check.state, check.faults) == ("done", [])
    assert check.total == check.done > 0
    text = _page(world, check)
    assert "没有发现改动、删除和插入" in text
    assert "hx-get" not in text.split('id="check"')[1].split(">")[0]
    verbs = list(Entry.objects.filter(verb__startswith="audit.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["audit.begin_check", "audit.end_check"]
    assert not carry_on()


def test_two_do_not_run_at_once(world: World) -> None:
    _begin(world)
    answer = _begin(world)
    assert answer.status_code == 409
    assert "已经在核验了" in answer.content.decode()
    assert LogCheck.objects.count() == 1


def test_an_entry_altered_in_the_database_is_named_and_leads_to_its_page(world: World) -> None:
    with command():
        entry = record(verb="people.log_in", actor=world.sending_clerk)
    catch_up()
    tamper("UPDATE audit_entry SET actor_name = '王五' WHERE id = %s", entry.pk)
    _begin(world)
    carry_on()
    check = LogCheck.objects.get()
    text = _page(world, check)
    assert NAMES[FaultKind.ALTERED] in text
    assert f"/log/entries/{entry.uid}/" in text
    assert ADVICE[FaultKind.ALTERED] in text
    shown = world.browser(auditor(world)).get(f"/log/entries/{entry.uid}/").content.decode()
    assert "这条记录被改动过" in shown
    assert "未被改动" not in shown


def test_faults_stay_on_the_workbench_until_they_are_acknowledged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_log, "verify_log", _found(FAULT))
    browser = world.browser(auditor(world))
    _begin(world)
    carry_on()
    check = LogCheck.objects.get()
    assert FAULT.sentence in browser.get("/").content.decode()
    address = f"/log/checks/{check.pk}/acknowledge/"
    assert browser.post(address, {"note": " "}).status_code == 422
    assert browser.post(address, {"note": "a\u202eb"}).status_code == 422
    assert browser.post(address, {"note": "x" * 401}).status_code == 422
    assert browser.post(address, {"note": "已报告主管单位"}).status_code == 302
    assert FAULT.sentence not in browser.get("/").content.decode()
    assert "已报告主管单位" in _page(world, check)
    assert browser.post(address, {"note": "再一次"}).status_code == 409
    assert Entry.objects.get(verb="audit.acknowledge_faults").detail == {"faults": 1, "note": "已报告主管单位"}


def test_an_entry_that_the_centre_did_not_write_is_told_as_it_comes_in(world: World) -> None:
    catch_up()
    with command():
        entry = record(verb="people.log_in", actor=None)
    tamper("UPDATE audit_entry SET actor_name = '王五' WHERE id = %s", entry.pk)
    catch_up()
    check = LogCheck.objects.get()
    assert check.asked_by is None
    assert f"/log/entries/{entry.uid}/" in _page(world, check)
    assert "不是本系统写入的" in world.browser(auditor(world)).get("/").content.decode()


def test_a_kept_checkpoint_that_the_log_does_not_reach_shows_a_rollback(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    newest = newest_checkpoint()
    assert newest is not None
    given: list[Any] = []
    rolled = Fault(FaultKind.ROLLED_BACK, "日志只有 9 条。")
    monkeypatch.setattr(check_log, "verify_log", lambda kept, progress: given.extend(kept) or _found(rolled)())
    _begin(world, ("昨天.txt", signed_text(newest).encode()))
    carry_on()
    assert [each.checkpoint.size for each in given] == [newest.size]
    text = _page(world, LogCheck.objects.get())
    assert "日志被退回" in text
    assert "比对 1 个保存的检查点" in text


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"yichuan log checkpoint 1\n", b"x" * (MOST_BYTES + 1), b"PK\x03\x04" + bytes(500)],
    ids=["empty", "no text", "cut", "large", "binary"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_not_compared(world: World, data: bytes) -> None:
    answer = _begin(world, ("坏\u202e的.txt", data))
    assert answer.status_code == 422
    assert "不是检查点文件" in answer.content.decode()
    assert not LogCheck.objects.exists()


def test_there_is_a_bound_to_how_many(world: World) -> None:
    assert _begin(world, *[(f"{number}.txt", b"") for number in range(MOST_KEPT + 1)]).status_code == 422


def test_progress_is_shown_and_one_that_is_interrupted_waits_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[bool] = []

    def verify(*, kept: Any, progress: Callable[[int, int], None]) -> Verdict:
        progress(3, 9)
        check = LogCheck.objects.get()
        assert "已核验 3 条，共 9 条" in _page(world, check)
        stopped.append(True)
        progress(4, 9)
        raise AssertionError("it went on")

    monkeypatch.setattr(check_log, "verify_log", verify)
    _begin(world)
    assert carry_on(lambda: bool(stopped))
    assert LogCheck.objects.values_list("state", "tries").get() == ("waiting", 0)


def test_a_check_whose_process_died_is_begun_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_log, "verify_log", _found())
    _begin(world)
    LogCheck.objects.update(state="running", tries=1, heard_at=clock.now() - timedelta(minutes=1))
    assert not carry_on()
    LogCheck.objects.update(heard_at=clock.now() - timedelta(minutes=3))
    assert carry_on()
    assert LogCheck.objects.values_list("state", "tries").get() == ("done", 2)


def test_a_sign_of_life_from_times_to_come_holds_nothing_up(world: World) -> None:
    """Of a clock that ran ahead, or of somebody who wants no verification."""
    LogCheck.objects.create(
        asked_name="某人", asked_at=clock.now(), state="running", tries=1, heard_at=clock.now() + timedelta(days=900)
    )
    assert carry_on()
    assert LogCheck.objects.get().state == LogCheck.State.DONE


def test_who_was_taken_over_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def verify(*, kept: Any, progress: Callable[[int, int], None]) -> Verdict:
        LogCheck.objects.update(tries=2)
        return _found(FAULT)()

    monkeypatch.setattr(check_log, "verify_log", verify)
    _begin(world)
    carry_on()
    assert LogCheck.objects.values_list("state", "faults").get() == ("running", [])


def test_one_that_always_fails_is_given_up_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def verify(**_: Any) -> Verdict:
        raise OSError("disk")

    monkeypatch.setattr(check_log, "verify_log", verify)
    _begin(world)
    assert [carry_on() for _ in range(4)] == [True, True, True, False]
    check = LogCheck.objects.get()
    assert check.state == "failed"
    assert "核验没有做完" in _page(world, check)
    assert "is tried again" in caplog.text
    assert _begin(world).status_code == 302


def test_the_page_is_loaded_anew_when_it_has_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_log, "verify_log", _found())
    _begin(world)
    address = f"/log/checks/{LogCheck.objects.get().pk}/progress/"
    browser = world.browser(auditor(world))
    assert "HX-Refresh" not in browser.get(address).headers
    carry_on()
    assert browser.get(address)["HX-Refresh"] == "true"


def test_every_fault_has_its_name_and_its_advice() -> None:
    assert set(NAMES) == set(ADVICE) == set(FaultKind)


def test_nobody_else_verifies_or_sees_it(world: World) -> None:
    _begin(world)
    check, clerk = LogCheck.objects.get(), world.browser(world.sending_clerk)
    for address in ("/log/checks/", f"/log/checks/{check.pk}/", f"/log/checks/{check.pk}/progress/"):
        assert clerk.get(address).status_code == 403
    for address in ("/log/checks/begin/", f"/log/checks/{check.pk}/acknowledge/"):
        assert clerk.post(address, {"note": "x"}).status_code == 403
    assert world.browser(auditor(world)).get(f"/log/checks/{uuid.uuid4()}/").status_code == 404
