"""Office systems that mean ill: another's key and token, what was kept for another, posts for the account."""

import base64
import uuid
from typing import Any

import pytest

from support.making import unsealed_body
from support.requests import asked_for_prints, asked_for_resend
from support.systems import API, problem_of, system_of
from support.world import TITLE, World
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.compose.models import Document
from yichuan.exchange.models import Delivery, DeliveryRequest
from yichuan.interface.models import Answer, Token
from yichuan.interface.services.cut_client import cut_client
from yichuan.interface.services.new_secret import new_secret
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Post
from yichuan.org.services import hand_over
from yichuan.org.services.access_rules import check_fit
from yichuan.org.services.stand_in import appoint_stand_in

DRAFT: dict[str, Any] = {"title": "关于白鹭洲的通知", "number": "江环〔2008〕61号", "body": "白鹭洲停止采砂。"}


def test_one_key_of_two_clients_stands_for_two_requests(world: World) -> None:
    first, second = system_of(world), system_of(world, "市卫生局")
    key = str(uuid.uuid4())
    made = first.post("/documents", DRAFT, key=key).json()
    other = second.post("/documents", DRAFT, key=key)
    assert other.status_code == 201 and other.json()["id"] != made["id"]
    assert first.post("/documents", DRAFT, key=key).json() == made
    assert Document.objects.count() == 2
    assert problem_of(second.get(f"/documents/{made['id']}")) == "no_document"
    assert problem_of(first.post("/documents", DRAFT | {"title": "另一件"}, key=key)) == "key_reused"


def test_two_systems_of_one_unit_have_their_own_keys_and_uploads(world: World) -> None:
    first, second = system_of(world, name="甲"), system_of(world, name="乙")
    begun = first.browser.post(f"{API}/uploads/", headers=first.headers | {"Upload-Length": "8", **_named("a.txt")})
    assert begun.status_code == 201
    path = begun["Location"]
    assert second.browser.head(path, headers=second.headers).status_code == 404
    assert second.browser.delete(path, headers=second.headers).status_code == 404
    assert first.browser.head(path, headers=first.headers).status_code == 200


def _named(name: str) -> dict[str, str]:
    return {"Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}


def test_nothing_that_opens_or_says_anything_rests_in_the_clear(world: World) -> None:
    system = system_of(world)
    system.post("/documents", DRAFT)
    rows = [str([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in Answer.objects.values_list()]
    rows += [str(row) for row in Token.objects.values_list()]
    rows += [str(row) for row in type(system.client).objects.values_list()]
    assert rows and not any(
        each in row for row in rows for each in (DRAFT["title"], DRAFT["body"], system.token, system.secret)
    )
    assert DRAFT["title"].encode() not in b"".join(bytes(each.body) for each in Answer.objects.all())


def test_a_token_dies_with_its_secret_its_time_and_its_client(world: World, monkeypatch: Any) -> None:
    system = system_of(world)
    _, secret = new_secret(actor=None, client_id=system.client.pk)
    assert problem_of(system.get("/me")) == "invalid_token"
    system.secret = secret
    system.fresh()
    Token.objects.update(expires_at=clock.now())
    assert problem_of(system.get("/me")) == "invalid_token"
    system.fresh()
    cut_client(actor=None, client_id=system.client.pk, reason="停用")
    for answer in (system.get("/me"), system.post("/documents", DRAFT)):
        assert problem_of(answer) == "invalid_token"
    assert not Document.objects.exists()


def test_a_browsers_session_opens_nothing_and_a_token_opens_no_page(world: World) -> None:
    browser, system = world.browser(world.clerk["市环保局"]), system_of(world)
    assert problem_of(browser.get(f"{API}/deliveries")) == "invalid_token"
    delivery = world.delivery()
    for address in ("/inbox/", f"/deliveries/{delivery.pk}/", f"/deliveries/{delivery.pk}/pages/1.svg"):
        assert system.browser.get(address, headers=system.headers).status_code in {302, 401, 403}, address


def test_requests_are_answered_by_the_sender_once(world: World) -> None:
    delivery = world.signed_for()
    prints, resend = asked_for_prints(world, delivery), asked_for_resend(world, delivery)
    sender, receiver, stranger = (system_of(world, name) for name in ("市府办公室", "市环保局", "市卫生局"))
    for other in (receiver, stranger):
        for verb, body in (("grant", {}), ("refuse", {"answer": "不"})):
            assert problem_of(other.post(f"/requests/{prints.pk}/{verb}", body)) == "no_request"
    assert sender.post(f"/requests/{prints.pk}/grant", {"copies": 1}).status_code == 200
    for verb, body in (("grant", {"copies": 1}), ("refuse", {"answer": "不"})):
        assert problem_of(sender.post(f"/requests/{prints.pk}/{verb}", body)) == "wrong_state"
    delivery.refresh_from_db()
    assert delivery.allowance == 3
    assert sender.post(f"/requests/{resend.pk}/refuse", {"answer": "已经发过"}).status_code == 200
    assert problem_of(sender.post(f"/requests/{resend.pk}/grant", {})) == "wrong_state"
    assert Delivery.objects.count() == 1
    assert set(DeliveryRequest.objects.values_list("state", flat=True)) == {"granted", "refused"}


def test_the_account_gets_no_post_and_stands_in_for_nobody(world: World) -> None:
    system = system_of(world)
    account, admin = system.client.account, world.holder(Duty.UNIT_ADMIN, "市环保局")
    clerk = Post.objects.get(account=world.clerk["市环保局"])
    today = clock.now().date()
    with pytest.raises(Refused):
        appoint_stand_in(
            actor=admin, post_id=clerk.pk, account_id=account.pk, since=today, until=today, reason="出差一天"
        )
    with pytest.raises(Refused):
        hand_over.propose(
            actor=admin, giver_id=clerk.account_id, taker_id=account.pk, post_ids=[clerk.pk], reason="岗位调整"
        )
    assert Post.objects.filter(account=account).count() == 1


def test_its_post_is_handed_to_nobody(world: World) -> None:
    """A person with the system's post would read without printing, under no seal of theirs."""
    system = system_of(world)
    admin, post = world.holder(Duty.UNIT_ADMIN, "市环保局"), Post.objects.get(account=system.client.account)
    clerk = world.clerk["市环保局"]
    with pytest.raises(Invalid, match="不是人的岗位"):
        hand_over.propose(
            actor=admin, giver_id=system.client.account_id, taker_id=clerk.pk, post_ids=[post.pk], reason="岗位调整"
        )
    wanted = {"kind": AccessChange.Kind.APPOINT, "account": clerk, "unit": system.client.unit, "duty": post.duty}
    with pytest.raises(Invalid, match="不是人的岗位"):
        check_fit(AccessChange(**wanted))


def test_what_it_may_not_do_on_the_way_in_it_does_in_no_other_form(world: World) -> None:
    """A document of another unit is not there, under any verb."""
    draft, system = world.draft(), system_of(world)
    for verb in ("finish", "reopen", "correct"):
        assert problem_of(system.post(f"/documents/{draft.pk}/{verb}")) == "no_document"
    assert problem_of(system.send_file(f"/documents/{draft.pk}/sealed-body", unsealed_body(world))) == "no_document"
    assert problem_of(system.post(f"/documents/{draft.pk}/send", {"main": [{"unit": "市卫生局"}]})) == "no_document"
    assert TITLE not in system.get("/documents").content.decode()
