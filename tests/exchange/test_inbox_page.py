"""The receiver's pages: the list, signing for several at once, the document page."""

import uuid
from typing import Any

import pytest

from support.printing import WORDS, hold
from support.world import World, alter_blob, broken_device
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery, PrintedCopy


def _text(answer: Any) -> str:
    return answer.content.decode()


def _clerk(world: World, name: str = "市环保局") -> Any:
    return world.browser(world.clerk[name])


def test_the_list_shows_what_came_and_what_a_filter_hides(world: World) -> None:
    first, second = world.delivery(), world.delivery()
    numbers = [delivery.dispatch.document.number or "" for delivery in (first, second)]
    clerk = _clerk(world)
    page = _text(clerk.get("/inbox/"))
    assert all(number in page for number in numbers)
    narrowed = _text(clerk.get("/inbox/", {"number": numbers[0]}))
    assert f"/deliveries/{first.pk}/" in narrowed
    assert f"/deliveries/{second.pk}/" not in narrowed


@pytest.mark.parametrize(
    "query",
    [{"number": "\0"}, {"sender": "%_'\""}, {"state": "x"}, {"page": "x"}, {"page": "9" * 30}, {"number": "长" * 500}],
)
def test_the_list_opens_whatever_is_asked(world: World, query: dict[str, str]) -> None:
    world.delivery()
    assert _clerk(world).get("/inbox/", query).status_code == 200


def test_several_are_signed_for_and_what_failed_is_named(world: World) -> None:
    sound, broken, others = world.delivery(), world.delivery(), world.delivery("市卫生局")
    alter_blob(broken.dispatch.document.body)
    chosen = [str(each.pk) for each in (sound, broken, others)] + [str(uuid.uuid4())]
    page = _text(_clerk(world).post("/inbox/sign-for/", {"delivery": chosen}))
    states = {each.pk: each.state for each in Delivery.objects.all()}
    assert states == {sound.pk: "signed_for", broken.pk: "delivered", others.pk: "delivered"}
    assert broken.dispatch.document.number in page
    assert "被改动或损坏" in page
    assert others.dispatch.document.number not in page


def test_a_list_of_nonsense_signs_for_nothing(world: World) -> None:
    delivery = world.delivery()
    answer = _clerk(world).post("/inbox/sign-for/", {"delivery": [str(delivery.pk), "nonsense"]})
    assert answer.status_code == 404
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_the_whole_way_of_a_delivery_on_its_page(world: World) -> None:
    delivery, clerk = world.delivery(), _clerk(world)
    here = f"/deliveries/{delivery.pk}/"
    assert clerk.get(here).status_code == 200
    assert clerk.post(f"{here}sign-for/").headers["Location"] == here
    hold(delivery.unit, world.clerk["市环保局"])
    printed = clerk.post(f"{here}print/", {"copies": "2", "key": str(uuid.uuid4()), "password": WORDS})
    assert printed.headers["Content-Type"] == "application/pdf"
    assert printed.headers["Cache-Control"] == "no-store, private"
    copied = clerk.post(f"{here}copy/")
    assert copied.content.startswith(b"%PDF-")
    assert copied.headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"{here}side/").status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("copies", ["", "两份", "0", "-1", "99", "9" * 5000, "1.5"])
def test_a_number_of_copies_that_cannot_be_is_refused_on_the_page(world: World, copies: str) -> None:
    delivery = world.signed_for()
    hold(delivery.unit, world.clerk["市环保局"])
    said = {"copies": copies, "key": str(uuid.uuid4()), "password": WORDS}
    answer = _clerk(world).post(f"/deliveries/{delivery.pk}/print/", said)
    assert answer.status_code in (409, 422)
    assert not PrintedCopy.objects.exclude(state="failed").exists()


@pytest.mark.parametrize("verb", ["sign-for", "return", "print", "copy"])
def test_a_refusal_over_htmx_answers_with_the_side_of_the_page(world: World, verb: str) -> None:
    delivery, clerk = world.delivery(), _clerk(world)
    Delivery.objects.filter(pk=delivery.pk).update(state="returned")
    headers = {"HX-Request": "true"}
    answer = clerk.post(f"/deliveries/{delivery.pk}/{verb}/", {"copies": "1", "reason": "x"}, headers=headers)
    assert answer.status_code == 422
    assert "已退回" in _text(answer)
    assert "<html" not in _text(answer)


def test_a_device_that_fails_is_said_and_nothing_is_done(world: World) -> None:
    delivery, clerk = world.signed_for(), _clerk(world)
    hold(delivery.unit, world.clerk["市环保局"])
    with broken_device("sign"):
        said = {"copies": "1", "key": str(uuid.uuid4()), "password": WORDS}
        answer = clerk.post(f"/deliveries/{delivery.pk}/print/", said)
    assert answer.status_code == 503
    assert "密码设备不可用" in _text(answer)
    delivery.refresh_from_db()
    assert (delivery.printed, delivery.state) == (0, "signed_for")
    with broken_device("unwrap"):
        assert clerk.get(f"/deliveries/{delivery.pk}/").status_code == 503


def test_an_attachment_comes_as_it_was_sent_under_its_name(world: World) -> None:
    document = world.draft()
    attach(actor=world.sending_clerk, document_id=document.pk, name="登记 “表”.csv", data="甲,乙\n".encode())
    delivery = world.sent("市环保局", document=document).deliveries.get()
    attached = document.attachments.get()
    answer = _clerk(world).get(f"/deliveries/{delivery.pk}/attachments/{attached.pk}/")
    assert answer.getvalue() == "甲,乙\n".encode()
    assert "%E8%A1%A8" in answer.headers["Content-Disposition"]
    elsewhere = world.delivery()
    assert _clerk(world).get(f"/deliveries/{elsewhere.pk}/attachments/{attached.pk}/").status_code == 404


def test_the_board_shows_each_recipient_and_belongs_to_the_sender(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    sender = world.browser(world.sending_clerk)
    page = _text(sender.get(f"/sent/{dispatch.pk}/"))
    assert "市环保局" in page
    assert "市卫生局" in page
    assert sender.get("/sent/").status_code == 200
    assert _clerk(world).get(f"/sent/{dispatch.pk}/").status_code == 404
