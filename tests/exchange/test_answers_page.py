"""The pages of requests, notices, forwarding and 分办: what each side is offered, by the state it is in."""

import re

import pytest
from django.test import Client

from support.offices import an_office, of_office
from support.over_the_years import box_of_office
from support.requests import asked_for_prints, asked_for_resend
from support.world import World, alter_blob
from yichuan.audit.models import Entry
from yichuan.exchange.models import Assignment, Delivery, DeliveryRequest, ReturnNotice
from yichuan.exchange.services.assign import assign
from yichuan.exchange.services.grant_request import grant
from yichuan.org.duties import Duty
from yichuan.org.models import Office
from yichuan.people.models import Account


@pytest.fixture
def office(world: World) -> Office:
    """监测科 of 市环保局, with a box of its own."""
    office = an_office(world, "监测科", "市环保局")
    box_of_office(office)
    return office


@pytest.fixture
def receiver(office: Office) -> Account:
    return of_office(office, Duty.RECEIVER, "receiver")


def _page(browser: Client, url: str) -> str:
    return re.sub(r"\s+", " ", browser.get(url).content.decode())


def _offered(page: str) -> set[str]:
    return {form for form in ("ask-resend", "ask-prints", "forward", "assign", "return-form") if f'id="{form}"' in page}


def test_each_state_offers_what_it_allows(world: World, office: Office) -> None:
    browser, delivery = world.browser(world.clerk["市环保局"]), world.delivery()
    url = f"/deliveries/{delivery.pk}/"
    assert _offered(_page(browser, url)) == {"ask-resend", "return-form"}
    browser.post(f"{url}sign-for/")
    assert _offered(_page(browser, url)) == {"ask-resend", "ask-prints", "assign", "return-form"}
    browser.post(f"{url}ask/", {"kind": "prints", "copies": "2", "reason": "卡纸"})
    page = _page(browser, url)
    assert _offered(page) == {"ask-resend", "assign", "return-form"}
    assert "收回申请" in page and "待答复" in page
    browser.post(f"{url}return/", {"standard": "form", "reason": ""})
    assert _offered(_page(browser, url)) == set()


def test_a_damaged_one_is_returned_or_asked_for_again_never_signed_for(world: World) -> None:
    browser, delivery = world.browser(world.clerk["市环保局"]), world.delivery()
    alter_blob(delivery.dispatch.document.body)
    page = _page(browser, f"/deliveries/{delivery.pk}/")
    assert "可以申请重发" in page and 'data-opens="#ask-resend"' in page
    assert f"/deliveries/{delivery.pk}/sign-for/" not in page


def test_a_refused_request_keeps_what_was_written(world: World) -> None:
    browser, delivery = world.browser(world.clerk["市环保局"]), world.signed_for()
    sent = {"kind": "prints", "copies": "二", "reason": "会议要用"}
    answer = browser.post(f"/deliveries/{delivery.pk}/ask/", sent)
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 422
    assert "会议要用" in page and 'value="二"' in page and "份数应是 1 以上的整数" in page
    form = page[page.index('id="ask-prints"') :]
    assert " hidden" not in form[: form.index(">")]
    assert not DeliveryRequest.objects.exists()


def test_the_sender_answers_on_the_recipients_page(world: World) -> None:
    delivery = world.signed_for(allowance=2)
    request = asked_for_prints(world, delivery, 3)
    browser = world.browser(world.sending_clerk)
    url = f"/sent/{delivery.dispatch_id}/{delivery.pk}/"
    page = _page(browser, url)
    assert "打印机卡纸，损坏两份" in page and "申请追加份数" in page
    assert "答复申请" in _page(browser, "/")
    too_many = browser.post(f"{url}requests/{request.pk}/grant/", {"copies": "9"})
    assert too_many.status_code == 422 and "1 到 3" in too_many.content.decode()
    without_words = browser.post(f"{url}requests/{request.pk}/refuse/", {"answer": " "})
    assert without_words.status_code == 422
    assert browser.post(f"{url}requests/{request.pk}/grant/", {"copies": "1"}).status_code == 302
    again = browser.post(f"{url}requests/{request.pk}/grant/", {"copies": "1"})
    assert again.status_code == 409 and "已同意" in again.content.decode()
    assert Delivery.objects.get(pk=delivery.pk).allowance == 3
    assert "同意 1 份" in _page(world.browser(world.clerk["市环保局"]), f"/deliveries/{delivery.pk}/")
    assert "答复申请" not in _page(browser, "/")


def test_old_links_lead_to_the_new_one_and_both_sides_see_the_chain(world: World) -> None:
    old = world.signed_for()
    new = grant(actor=world.sending_clerk, request_id=asked_for_resend(world, old).pk).led_to
    assert new is not None
    browser = world.browser(world.clerk["市环保局"])
    page = _page(browser, f"/deliveries/{old.pk}/")
    assert "看重发的一件" in page and f"/deliveries/{new.pk}/" in page and _offered(page) == set()
    assert f"/deliveries/{old.pk}/" in _page(browser, f"/deliveries/{new.pk}/")
    sender = world.browser(world.sending_clerk)
    assert f"/sent/{old.dispatch_id}/{new.pk}/" in _page(sender, f"/sent/{old.dispatch_id}/{old.pk}/")
    board = _page(sender, f"/sent/{old.dispatch_id}/")
    assert f"/sent/{old.dispatch_id}/{new.pk}/" in board and f"/sent/{old.dispatch_id}/{old.pk}/" not in board
    assert "/ 1 家已签收" in board and "可以撤回" not in board
    assert sender.get("/sent/").status_code == 200


def test_the_notice_is_opened_by_both_sides_and_by_nobody_else(world: World) -> None:
    delivery = world.delivery()
    browser, sender = world.browser(world.clerk["市环保局"]), world.browser(world.sending_clerk)
    receivers = f"/deliveries/{delivery.pk}/notice.pdf"
    senders = f"/sent/{delivery.dispatch_id}/{delivery.pk}/notice.pdf"
    assert browser.get(receivers).status_code == 404
    sent = {"standard": ["not_ours", "form"], "reason": "请发市建设局"}
    assert browser.post(f"/deliveries/{delivery.pk}/return/", sent).status_code == 302
    kept = Delivery.objects.get(pk=delivery.pk)
    assert kept.return_reason == "不属于本单位办理；公文格式不符合规定；请发市建设局"
    for side, url in ((browser, receivers), (sender, senders)):
        answer = side.get(url)
        assert answer.content.startswith(b"%PDF") and answer["Content-Disposition"].startswith("inline")
        assert side.get(f"{url}?download")["Content-Disposition"].startswith("attachment")
    stranger = world.browser(world.clerk["市卫生局"])
    assert (stranger.get(receivers).status_code, stranger.get(senders).status_code) == (404, 404)
    looks = Entry.objects.filter(verb="exchange.look_at_notice").order_by("pk")
    sides = [("文市环保局", delivery.unit_id), (world.sending_clerk.name, delivery.dispatch.unit_id)]
    assert list(looks.values_list("actor_name", "unit_id")) == sides  # once an hour each, however often they look
    number = ReturnNotice.objects.get().number
    assert number in _page(browser, f"/deliveries/{delivery.pk}/")
    page = _page(sender, f"/sent/{delivery.dispatch_id}/{delivery.pk}/")
    assert number in page and "签名有效" in page


def test_the_registry_gives_and_the_office_reads_and_takes(world: World, office: Office, receiver: Account) -> None:
    delivery = world.signed_for()
    clerk, theirs = world.browser(world.clerk["市环保局"]), world.browser(receiver)
    url = f"/deliveries/{delivery.pk}/"
    assert "请至少选一个" in clerk.post(f"{url}assign/", {}).content.decode()
    sent = {"office": [str(office.pk)], "note": "请提出意见", "due_on": "一月"}
    refused = clerk.post(f"{url}assign/", sent).content.decode()
    assert "2008-06-30" in refused and re.search(rf'value="{office.pk}"\s+checked', refused)
    assert clerk.post(f"{url}assign/", sent | {"due_on": ""}).status_code == 302
    assert "没有接办" in _page(clerk, url)
    given = Assignment.objects.get()
    assert "分办来文" in _page(theirs, "/inbox/")
    assert f"/assigned/{given.pk}/" in _page(theirs, "/assigned/")
    assert "请提出意见" in _page(theirs, f"/assigned/{given.pk}/")
    assert theirs.get(f"/assigned/{given.pk}/pages/1.svg").status_code == 200
    assert theirs.get(url).status_code == 404, "the registry's own page stays the registry's"
    assert "接办" in _page(theirs, "/")
    assert theirs.post(f"/assigned/{given.pk}/take/").status_code == 302
    assert "接办" in _page(clerk, url) and "没有接办" not in _page(clerk, url)
    assert "都已经接办" in _page(theirs, "/assigned/?state=waiting")
    Delivery.objects.filter(pk=delivery.pk).update(state="returned")
    assert "暂时不能打开" in _page(theirs, f"/assigned/{given.pk}/")
    assert theirs.get(f"/assigned/{given.pk}/pages/1.svg").status_code == 409


def test_another_units_people_find_none_of_it(world: World, office: Office) -> None:
    delivery = world.signed_for()
    request = asked_for_prints(world, delivery)
    given = assign(actor=world.clerk["市环保局"], delivery_id=delivery.pk, office_id=office.pk)
    stranger = world.browser(world.clerk["市卫生局"])
    for url in (f"/assigned/{given.pk}/", f"/assigned/{given.pk}/pages/1.svg"):
        assert stranger.get(url).status_code == 404
    sent = f"/sent/{delivery.dispatch_id}/{delivery.pk}/requests/{request.pk}"
    own = f"/deliveries/{delivery.pk}"
    posts = (
        f"{own}/ask/", f"{own}/assign/", f"{own}/requests/{request.pk}/withdraw/", f"/assigned/{given.pk}/take/",
        f"{sent}/grant/", f"{sent}/refuse/",
    )  # fmt: skip
    data = {"kind": "resend", "reason": "要", "office": str(office.pk), "answer": "不", "copies": "1"}
    assert {stranger.post(url, data).status_code for url in posts} == {404}
    assert stranger.post(f"{own}/forward/").status_code == 403, "a clerk forwards nothing at all"
    assert DeliveryRequest.objects.get().state == "asked" and Assignment.objects.get().taken_at is None
