"""One entry of the log: its particulars, its place, and whether it was altered, checked as the page is opened."""

import uuid
from typing import Any

import pytest

from support.auditor import auditor
from support.log import tamper
from support.world import World
from yichuan.audit.models import Entry
from yichuan.audit.selectors_tree import newest_checkpoint, text_of
from yichuan.audit.services.record import record
from yichuan.audit.services.sequence import catch_up, sequence
from yichuan.audit.standing import standing_of
from yichuan.common.transactions import command


def _get(world: World, entry: Entry, **headers: str) -> Any:
    return world.browser(auditor(world)).get(f"/log/entries/{entry.uid}/", **headers)


def _written(world: World) -> Entry:
    with command():
        return record(
            verb="seals.suspend", actor=world.sending_clerk, unit_id=world.sender.pk, detail={"reason": "漏墨"}
        )


def _states(entry: Entry) -> list[str]:
    return [check.state for check in standing_of(Entry.objects.get(pk=entry.pk)).checks]


def test_all_that_it_holds_and_where_it_stands(world: World) -> None:
    entry = _written(world)
    catch_up()
    newest = newest_checkpoint()
    assert newest is not None
    text = _get(world, entry).content.decode()
    for said in (
        "暂停使用印章", "漏墨", world.sending_clerk.name, "市府办公室", str(entry.uid), "这条记录未被改动",
        f"第 {standing_of(entry).place} 条", text_of(newest).short, "个相邻的摘要合并",
    ):  # fmt: skip
        assert said in text, said
    assert _states(entry) == ["ok"] * 4


def test_it_comes_alone_into_the_page_of_the_list(world: World) -> None:
    entry = _written(world)
    whole, part = _get(world, entry).content.decode(), _get(world, entry, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="entry"' in part


def test_before_it_is_in_the_tree_and_before_a_checkpoint_covers_it_the_page_says_so(world: World) -> None:
    entry = _written(world)
    assert "正在等待排入日志" in _get(world, entry).content.decode()
    sequence()
    text = _get(world, entry).content.decode()
    assert "这条记录未被改动" in text
    assert "还没有检查点盖到它" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_entry SET verb = 'seals.resume' WHERE id = %s", "这条记录被改动过"),
        ("UPDATE audit_entry SET mark = NULL WHERE id = %s", "这条记录被改动过"),
        ("DELETE FROM audit_leaf WHERE entry_id = %s", "不在日志的树里"),
    ],
    ids=["verb", "mark", "place"],
)
def test_what_was_done_to_it_behind_the_centres_back_is_named(world: World, change: str, said: str) -> None:
    entry = _written(world)
    catch_up()
    tamper(change, entry.pk)
    text = _get(world, entry).content.decode()
    assert said in text
    assert "这条记录未被改动" not in text
    assert "核验全部日志" in text
    assert "bad" in _states(entry)


def test_digests_of_the_tree_that_were_altered_are_seen(world: World) -> None:
    entry = _written(world)
    catch_up()
    tamper("UPDATE audit_tile SET hashes = %s WHERE level = 0 AND number = 0", bytes(32 * 256))
    assert "bad" in _states(entry)


def test_a_checkpoint_that_is_not_signed_by_the_centre_is_no_proof(world: World) -> None:
    entry = _written(world)
    catch_up()
    tamper("UPDATE audit_checkpoint SET signature = %s", b"0" * 70)
    assert _states(entry)[-1] == "bad"
    assert "检查点的签名无效" in _get(world, entry).content.decode()


def test_an_entry_about_a_document_leads_to_all_of_it_and_to_its_evidence(world: World) -> None:
    delivery = world.delivery()
    sent = Entry.objects.get(verb="exchange.send")
    text = _get(world, sent).content.decode()
    document = delivery.dispatch.document
    assert f"/log/?document={document.pk}" in text
    assert f"/log/evidence/{document.pk}/" in text
    assert document.title not in text


def test_nobody_else_reads_it_and_what_is_none_is_not_found(world: World) -> None:
    entry = _written(world)
    assert world.browser(world.sending_clerk).get(f"/log/entries/{entry.uid}/").status_code == 403
    assert world.browser(auditor(world)).get(f"/log/entries/{uuid.uuid4()}/").status_code == 404
