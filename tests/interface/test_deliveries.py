"""An office system works through its box: lists, checks, signs for, reads, returns (J-33, J-36)."""

import base64
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.systems import System, problem_of, system_of
from support.world import TITLE, World, replace_body
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.sign_for import sign_for
from yichuan.interface.selectors import happened
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.org.selectors import Desk


@pytest.fixture
def system(world: World) -> System:
    return system_of(world)


def test_it_lists_what_arrived_and_tells_it_whole(world: World, system: System) -> None:
    delivery = world.delivery()
    page = system.get("/deliveries").json()
    [line] = page["items"]
    assert (line["id"], line["title"], line["state"]) == (str(delivery.pk), TITLE, "delivered")
    assert page["more"] is False
    whole = system.get(f"/deliveries/{delivery.pk}").json()
    assert whole["sender"]["short_name"] == "市府办公室"
    assert whole["verbs"] == ["return", "sign_for"]


def test_a_cursor_leads_past_what_is_told_and_back_to_what_changes(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.delivery(), world.delivery()
    page = system.get("/deliveries", limit=1).json()
    assert [each["id"] for each in page["items"]] == [str(first.pk)] and page["more"] is True
    page = system.get("/deliveries", limit=1, since=page["next"]).json()
    assert [each["id"] for each in page["items"]] == [str(second.pk)] and page["more"] is False
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    page = system.get("/deliveries", since=page["next"]).json()  # what was told in the last seconds is told again
    quiet = system.get("/deliveries", since=page["next"]).json()
    assert quiet["items"] == []
    sign_for(actor=world.clerk["市环保局"], delivery_id=first.pk)
    [changed] = system.get("/deliveries", since=quiet["next"]).json()["items"]
    assert (changed["id"], changed["state"]) == (str(first.pk), "signed_for")
    assert system.get("/deliveries", since=quiet["next"]).json()["items"] == [changed]  # a cursor stays good


def test_the_list_can_be_narrowed_to_one_state(world: World, system: System) -> None:
    signed, waiting = world.signed_for(), world.delivery()
    [line] = system.get("/deliveries", state="delivered").json()["items"]
    assert line["id"] == str(waiting.pk)
    [line] = system.get("/deliveries", state="signed_for").json()["items"]
    assert line["id"] == str(signed.pk)
    assert problem_of(system.get("/deliveries", state="gone")) == "invalid"


@pytest.mark.parametrize("made_up", ["x", "W10", "WzEsMiwzXQ", "WzEsIngiLDFd", "!", "e30", "b" * 200])
def test_a_cursor_that_was_made_up_is_refused(system: System, made_up: str) -> None:
    answer = system.get("/deliveries", since=made_up)
    assert (answer.status_code, problem_of(answer)) == (422, "bad_cursor")


def test_the_checks_are_told_by_name(world: World, system: System) -> None:
    delivery = world.delivery()
    told = system.get(f"/deliveries/{delivery.pk}/checks").json()
    assert told["sound"] is True
    assert {"发文单位", "内容完整", "印章"} <= {line["name"] for line in told["lines"]}


def test_it_signs_for_and_reads_which_is_receiving(world: World, system: System) -> None:
    dispatch = world.sent("市环保局")
    delivery = dispatch.deliveries.get()
    assert problem_of(system.post(f"/deliveries/{delivery.pk}/read")) == "wrong_state"
    signed = system.post(f"/deliveries/{delivery.pk}/sign-for")
    assert signed.status_code == 200 and signed.json()["state"] == "signed_for"
    answer = system.post(f"/deliveries/{delivery.pk}/read")
    assert answer.headers["Content-Type"] == "application/ofd"
    assert answer.content == read_body(dispatch.document)
    delivery.refresh_from_db()
    assert delivery.state == "received" and delivery.received_at is not None
    received = delivery.received_at
    assert system.post(f"/deliveries/{delivery.pk}/read").content == answer.content
    delivery.refresh_from_db()
    assert delivery.received_at == received
    acts = Entry.objects.filter(subject_id=delivery.pk, actor_id=system.client.account_id).order_by("pk")
    assert [each.verb for each in acts] == ["exchange.sign_for", "exchange.read", "exchange.read"]
    assert acts[0].actor_name == "办公系统"
    assert Receipt.objects.filter(delivery=delivery, kind="received").count() == 1


def test_receipts_verify_with_the_key_that_comes_with_them(world: World, system: System) -> None:
    delivery = world.delivery()
    system.post(f"/deliveries/{delivery.pk}/sign-for")
    [told] = system.get(f"/deliveries/{delivery.pk}/receipts").json()["items"]
    key = PublicKey.from_der(base64.b64decode(told["public_key"]))
    assert key.verify(base64.b64decode(told["signature"]), told["payload"].encode())
    assert not key.verify(base64.b64decode(told["signature"]), told["payload"].encode() + b" ")
    sender = system_of(world, "市府办公室")
    [seen] = sender.get(f"/dispatches/{delivery.dispatch_id}/receipts").json()["items"]
    assert seen == told


def test_it_returns_with_a_reason(world: World, system: System) -> None:
    delivery = world.delivery()
    assert "reason" in system.post(f"/deliveries/{delivery.pk}/return", {"reason": " "}).json()["errors"]
    answer = system.post(f"/deliveries/{delivery.pk}/return", {"reason": "不属于本单位职责"})
    assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    assert Delivery.objects.get(pk=delivery.pk).return_reason == "不属于本单位职责"


def test_an_altered_document_can_only_be_returned(world: World, system: System) -> None:
    dispatch = world.sent("市环保局")
    replace_body(dispatch.document, read_body(dispatch.document) + b"x")
    delivery = dispatch.deliveries.get()
    for verb in ("sign-for", "read"):
        assert problem_of(system.post(f"/deliveries/{delivery.pk}/{verb}")) == "not_sound"
    assert system.get(f"/deliveries/{delivery.pk}/checks").json()["sound"] is False


def test_an_attachment_is_given_and_the_look_is_on_record(world: World, system: System) -> None:
    draft = world.draft()
    attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b")
    delivery = world.sent("市环保局", document=draft).deliveries.get()
    [file] = system.get(f"/deliveries/{delivery.pk}").json()["attachments"]
    answer = system.get(f"/deliveries/{delivery.pk}/attachments/{file['id']}")
    assert b"".join(answer.streaming_content) == b"a,b"
    assert Entry.objects.filter(verb="exchange.look", actor_id=system.client.account_id).count() == 1
    assert problem_of(system.get(f"/deliveries/{delivery.pk}/attachments/{uuid.uuid4()}")) == "no_attachment"


def test_it_asks_for_more_prints_and_the_senders_system_grants(world: World, system: System) -> None:
    delivery = world.signed_for()
    asked = system.post(
        f"/deliveries/{delivery.pk}/requests", {"kind": "prints", "copies": 2, "reason": "打印机卡纸"}
    ).json()
    assert asked["state"] == "asked"
    again = system.post(f"/deliveries/{delivery.pk}/requests", {"kind": "prints", "copies": 2, "reason": "再来"})
    assert problem_of(again) == "asked_already"
    sender = system_of(world, "市府办公室")
    [waiting] = sender.get(f"/dispatches/{delivery.dispatch_id}/requests").json()["items"]
    granted = sender.post(f"/requests/{waiting['id']}/grant", {"copies": 1})
    assert (granted.status_code, granted.json()["granted"]) == (200, 1)
    [told] = system.get(f"/deliveries/{delivery.pk}/requests").json()["items"]
    assert told["state"] == "granted"
    assert str(delivery.pk) in {each["id"] for each in system.get("/deliveries").json()["items"]}


def test_the_senders_system_refuses_with_words(world: World, system: System) -> None:
    delivery = world.signed_for()
    asked = system.post(f"/deliveries/{delivery.pk}/requests", {"kind": "resend", "reason": "打不开"}).json()
    sender = system_of(world, "市府办公室")
    assert problem_of(system.post(f"/requests/{asked['id']}/refuse", {"answer": "x"})) == "no_request"
    told = sender.post(f"/requests/{asked['id']}/refuse", {"answer": "请先升级阅读器"}).json()
    assert (told["state"], told["answer"]) == ("refused", "请先升级阅读器")


def test_the_box_is_read_by_indexes_however_full_it_is(world: World, system: System) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL reads an empty table from end to end, whatever indexes it has
        return
    desk, after = Desk(system.client.unit), (clock.now(), uuid.uuid4())
    with CaptureQueriesContext(connection) as asked:
        happened(desk, after, 100)
        happened(desk, after, 100, "delivered")
    plans = []
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans.append(" ".join(str(row[3]) for row in cursor.fetchall()))
    arrivals, entries, _, in_state = plans
    assert "exchange_inbox " in arrivals and "TEMP B-TREE" not in arrivals
    assert "audit_entry_unit" in entries
    assert "exchange_inbox_by_state" in in_state and "TEMP B-TREE" not in in_state
