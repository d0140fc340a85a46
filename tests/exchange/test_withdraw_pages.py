"""撤回 on the board of the sender, and what is left on the receiver's page."""

from support.world import BODY_SENTENCE, World
from yichuan.audit.models import Entry
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.withdraw import withdraw


def test_the_board_offers_it_until_somebody_signed_and_then_says_who(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    clerk, address = world.browser(world.sending_clerk), f"/sent/{dispatch.pk}/"
    assert "还没有单位签收，可以撤回" in clerk.get(address).content.decode()
    assert "撤回" not in world.browser(world.leader).get(address).content.decode()
    refused = clerk.post(f"{address}withdraw/", {"reason": ""})
    assert refused.status_code == 422 and "请写撤回原因" in refused.content.decode()
    delivery = dispatch.deliveries.get(unit__short_name="市环保局")
    sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert "市环保局已签收，不能再撤回" in clerk.get(address).content.decode()
    late = clerk.post(f"{address}withdraw/", {"reason": "附件用错"})
    assert late.status_code == 409 and "市环保局已签收，不能再撤回" in late.content.decode()


def test_withdrawn_it_is_shown_to_nobody_it_had_reached(world: World) -> None:
    dispatch = world.sent("市环保局")
    delivery = dispatch.deliveries.get()
    receiver, address = world.browser(world.clerk["市环保局"]), f"/deliveries/{delivery.pk}/"
    assert receiver.get(f"{address}pages/1.svg").status_code == 200
    clerk = world.browser(world.sending_clerk)
    assert clerk.post(f"/sent/{dispatch.pk}/withdraw/", {"reason": "附件用错"}).status_code == 302
    board = clerk.get(f"/sent/{dispatch.pk}/").content.decode()
    assert "撤回：附件用错" in board and "更正重发" in board
    page = receiver.get(address)
    said = page.content.decode()
    assert page.status_code == 200 and "发文单位已撤回这件公文" in said and "附件用错" in said
    assert BODY_SENTENCE not in said and "pages/1.svg" not in said and "签收</button>" not in said
    assert receiver.get(f"{address}pages/1.svg").status_code == 409
    assert receiver.get(f"{address}side/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    refused = receiver.post(f"{address}sign-for/")
    assert refused.status_code == 409 and "发文单位已撤回" in refused.content.decode()
    assert Delivery.objects.get(pk=delivery.pk).state == "withdrawn"
    assert "发文单位已撤回" in receiver.get("/inbox/").content.decode()
    assert "已撤回" in clerk.get("/sent/").content.decode()


def test_who_reads_that_it_was_taken_back_has_not_looked_at_it(world: World) -> None:
    dispatch = world.sent("市环保局")
    delivery = dispatch.deliveries.get()
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="附件用错")
    receiver, address = world.browser(world.clerk["市环保局"]), f"/deliveries/{delivery.pk}/"
    assert receiver.get(address).status_code == 200 and receiver.get(f"{address}pages/1.svg").status_code == 409
    assert not Entry.objects.filter(verb="exchange.look").exists()


def test_a_withdrawn_document_stays_with_its_maker(world: World) -> None:
    dispatch = world.sent("市环保局")
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason="附件用错")
    page = world.browser(world.sending_clerk).get(f"/documents/{dispatch.document_id}/")
    assert page.status_code == 200 and "已撤回" in page.content.decode()
    assert "更正重发" in page.content.decode()
