"""The pages of what travels on paper: for the receiver, for the sender, to print, to set."""

import uuid

import pytest

from support.papers import dual, sent_with_papers
from support.world import World
from yichuan.exchange.models import Dispatch, PaperItem, PaperRecipient, TrackRule
from yichuan.exchange.services.paper import PaperRecipientWish
from yichuan.org.duties import Duty

UNIT = "市环保局"
AWAY = PaperRecipientWish("五邑大学", address="江门市东成村22号", copies=2)


@pytest.fixture
def dispatch(world: World) -> Dispatch:
    dual(world, receiver=UNIT)
    return sent_with_papers(world, UNIT, "市卫生局", attached=[("规划图集", 2)], paper=[AWAY])


def test_the_receiver_notes_it_on_the_document_and_in_the_list(world: World, dispatch: Dispatch) -> None:
    client, delivery = world.browser(world.clerk[UNIT]), dispatch.deliveries.get(unit=world.units[UNIT])
    page, listed = client.get(f"/deliveries/{delivery.pk}/").content.decode(), client.get("/paper/").content.decode()
    assert all("规划图集" in each and "登记收到" in each for each in (page, listed))
    assert "1 件来文的纸质件还没有登记收到" in client.get("/").content.decode()
    for item in PaperItem.objects.filter(delivery=delivery):
        given = {"remark": "完好", "back": "list"}
        answer = client.post(f"/deliveries/{delivery.pk}/paper/{item.pk}/", given)
        assert answer.headers["Location"] == "/paper/"
    assert "没有等着收的纸质件" in client.get("/paper/").content.decode()


def test_a_remark_that_is_refused_is_said_on_the_list(world: World, dispatch: Dispatch) -> None:
    item = PaperItem.objects.filter(delivery__unit=world.units[UNIT])[0]
    client = world.browser(world.clerk[UNIT])
    answer = client.post(f"/deliveries/{item.delivery_id}/paper/{item.pk}/", {"remark": "长" * 201, "back": "list"})
    assert answer.status_code == 422 and "情况说明最多 200 个字" in answer.content.decode()


def test_the_sender_follows_posts_and_prints(world: World, dispatch: Dispatch) -> None:
    client = world.browser(world.sending_clerk)
    assert "1 件发文的纸质件没有寄出" in client.get("/").content.decode()
    assert "走纸质：五邑大学" in client.get(f"/sent/{dispatch.pk}/").content.decode()
    assert "4 项没有寄出" in client.get("/sent/paper/").content.decode()
    base = f"/sent/{dispatch.pk}/paper/"
    assert "江门市东成村22号" in client.get(base).content.decode()
    given = {
        "item": [str(each) for each in PaperItem.objects.values_list("pk", flat=True)] + ["not-an-id"],
        "recipient": [str(PaperRecipient.objects.get().pk)],
    }
    refused = client.post(f"{base}posted/", {"remark": "长" * 201} | given)
    assert refused.status_code == 422 and refused.content.decode().count(" checked") == 4
    assert client.post(f"{base}posted/", given).status_code == 302
    assert "3 份没有收到" in client.get("/sent/paper/").content.decode()
    for address in (f"{base}list/", f"{base}{PaperRecipient.objects.get().pk}/cover/"):
        printed = client.get(address)
        assert printed["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")


def test_nothing_ticked_is_said_on_the_page(world: World, dispatch: Dispatch) -> None:
    answer = world.browser(world.sending_clerk).post(f"/sent/{dispatch.pk}/paper/posted/", {})
    assert answer.status_code == 422 and "请勾选已经寄出的纸质件" in answer.content.decode()


def test_other_units_see_and_post_nothing_of_it(world: World, dispatch: Dispatch) -> None:
    stranger, base = world.browser(world.clerk["市规划局"]), f"/sent/{dispatch.pk}/paper/"
    row = PaperRecipient.objects.get()
    for address in (base, f"{base}list/", f"{base}{row.pk}/cover/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{base}posted/", {"recipient": [str(row.pk)]}).status_code == 404
    item = PaperItem.objects.all()[0]
    assert stranger.post(f"/deliveries/{item.delivery_id}/paper/{item.pk}/", {}).status_code == 404


def test_the_form_names_who_is_not_connected_and_loses_none_of_it(world: World) -> None:
    document, client = world.sealed(), world.browser(world.sending_clerk)
    given = {
        "key": str(uuid.uuid4()),
        "main": [str(world.units[UNIT].pk)],
        "allowance": "2",
        "declared": "on",
        "paper-name": ["五邑大学", "", "市卫生局"],
        "paper-role": ["copy", "main", "main"],
        "paper-address": ["东成村22号", "", ""],
        "paper-copies": ["3", "1", "1"],
    }
    refused = client.post(f"/documents/{document.pk}/send/", given)
    page = refused.content.decode()
    assert refused.status_code == 422 and "市卫生局已经联网" in page
    assert 'value="东成村22号"' in page and 'value="五邑大学"' in page and 'href="#paper"' in page
    bad = client.post(f"/documents/{document.pk}/send/", given | {"paper-copies": ["三", "1", "1"]})
    assert "第 1 行（五邑大学）：份数应是整数" in bad.content.decode()
    assert (
        client.post(f"/documents/{document.pk}/send/", given | {"paper-name": ["五邑大学", "", ""]}).status_code == 302
    )
    row = PaperRecipient.objects.get()
    assert (row.name, row.role, row.address, row.copies) == ("五邑大学", "copy", "东成村22号", 3)


def test_all_faults_of_the_form_are_said_at_once(world: World) -> None:
    row = {"paper-name": ["甲"], "paper-role": ["main"], "paper-address": [""], "paper-copies": ["x"]}
    given = {"key": str(uuid.uuid4()), "main": ["nobody"], "allowance": "x"} | row
    answer = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    assert answer.status_code == 422
    for name in ("main", "allowance", "paper", "declared"):
        assert f'href="#{name}"' in answer.content.decode()


def test_the_approver_sets_and_ends_a_track_by_names(world: World) -> None:
    approver = world.holder(Duty.SUPERVISOR, "市府办公室")
    client = world.browser(approver)
    given = {"sender": "", "receiver": "市环保厅", "track": "dual", "reason": "江府办〔2008〕60号"}
    refused = client.post("/tracks/", given)
    assert refused.status_code == 422 and "通讯录里没有这个单位" in refused.content.decode()
    assert client.post("/tracks/", given | {"receiver": UNIT}).status_code == 302
    assert client.post("/tracks/", given | {"receiver": UNIT}).status_code == 422
    rule = TrackRule.objects.get()
    assert (rule.sender, rule.receiver) == (None, world.units[UNIT])
    assert client.post(f"/tracks/{rule.pk}/end/").status_code == 302
    assert "以前的规定" in client.get("/tracks/").content.decode()
    assert world.browser(world.sending_clerk).get("/tracks/").status_code == 403
