"""What comes back is the sender's to deal with, until somebody says that it was."""

import pytest

from support.pages import words
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import NotFound, Refused
from yichuan.compose.services.correct import correct
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.settle_return import settle_return


def _returned(world: World) -> Delivery:
    delivery = world.delivery()
    return return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason="附件2 缺页")


def test_a_return_waits_on_the_senders_workbench_until_it_was_dealt_with(world: World) -> None:
    delivery, browser = _returned(world), world.browser(world.sending_clerk)
    here = f"/sent/{delivery.dispatch_id}/{delivery.pk}/"
    workbench = browser.get("/").content.decode()
    assert "处理退回" in workbench
    assert here in workbench
    page = browser.get(here).content.decode()
    assert "附件2 缺页" in page
    assert world.clerk["市环保局"].name in page
    assert browser.post(f"{here}settled/").headers["Location"] == here
    assert "处理退回" not in browser.get("/").content.decode()
    assert "已处理" in browser.get(here).content.decode()
    assert "处理退回" not in world.browser(world.clerk["市环保局"]).get("/").content.decode()


def test_said_twice_the_first_time_counts(world: World) -> None:
    delivery = _returned(world)
    whole = {"actor": world.sending_clerk, "dispatch_id": delivery.dispatch_id, "delivery_id": delivery.pk}
    first = settle_return(**whole).return_settled_at
    assert settle_return(**whole).return_settled_at == first
    assert Entry.objects.filter(verb="exchange.settle_return", subject_id=delivery.pk).count() == 1


def test_only_what_was_returned_and_only_by_its_sender(world: World) -> None:
    waiting, returned = world.delivery(), _returned(world)
    with pytest.raises(Refused) as refusal:
        settle_return(actor=world.sending_clerk, dispatch_id=waiting.dispatch_id, delivery_id=waiting.pk)
    assert refusal.value.code == "not_returned"
    receiver, sender = world.clerk["市环保局"], world.sending_clerk
    for actor, dispatch_id in ((receiver, returned.dispatch_id), (sender, waiting.dispatch_id)):
        with pytest.raises(NotFound):
            settle_return(actor=actor, dispatch_id=dispatch_id, delivery_id=returned.pk)
    assert world.leader.has_perm("exchange.track")
    with pytest.raises(Refused):
        settle_return(actor=world.leader, dispatch_id=returned.dispatch_id, delivery_id=returned.pk)


def test_when_its_correction_is_sent_nobody_is_reminded_of_it_any_more(world: World) -> None:
    returned, elsewhere, browser = _returned(world), _returned(world), world.browser(world.sending_clerk)
    correction = correct(actor=world.sending_clerk, document_id=returned.dispatch.document_id)
    assert Delivery.objects.get(pk=returned.pk).return_settled_at is None, "it has not gone yet"
    world.sent("市环保局", document=correction)
    assert Delivery.objects.get(pk=returned.pk).return_settled_at is not None
    assert Delivery.objects.get(pk=elsewhere.pk).return_settled_at is None
    entry = Entry.objects.get(verb="exchange.settle_return")
    assert (entry.subject_id, entry.detail) == (returned.pk, {"reason": "更正重发", "number": correction.number})
    page = words(browser.get(f"/documents/{correction.pk}/").content.decode())
    course = page[page.index("更正经过") : page.index("经过", page.index("更正经过") + 4)]
    assert "已退回" in course and "已发送" in course
