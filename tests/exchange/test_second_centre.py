"""A document's way under the second founding document's rules (粤办函〔2012〕846号)."""

import uuid
from datetime import timedelta

import pytest
from pytest_django import Settings

from support.days import EVENING, MORNING
from support.pages import words
from support.world import World, small_gongwen
from yichuan.common import clock
from yichuan.common.errors import Invalid
from yichuan.common.models import CalendarDay
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.read import read_body
from yichuan.compose.services.save import begin
from yichuan.exchange.services.calls import CallRecord
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.send import send
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.keys.services.publish import publish_lists
from yichuan.lib.gongwen.sheets import sheets_of_ofd


@pytest.fixture(autouse=True)
def guangdong(world: World, settings: Settings) -> None:
    settings.YICHUAN_PROFILE = "guangdong-2012"
    CalendarDay.objects.all().delete()


def made(world: World, urgency: str) -> Document:
    """Made and sealed in office hours."""
    fields = from_gongwen(small_gongwen("江府办〔2008〕9200号"), kind="通知") | {"urgency": urgency}
    with clock.fixed_at(MORNING):
        draft = begin(actor=world.sending_clerk, unit=world.sender, fields=fields)
        return world.put_seal(finish(actor=world.sending_clerk, document_id=draft.pk))


def test_an_urgent_document_goes_at_night_with_its_call_and_comes_back_or_is_received(world: World) -> None:
    document = made(world, "特急")
    first = sheets_of_ofd(read_body(document), most=1)[0]
    assert any(row.text == "特急" for row in first.rows), "its urgency is printed on it"
    call = CallRecord("省政府值班室 李值班", "020-83133333", "文市府办公室", EVENING - timedelta(minutes=5))
    with clock.fixed_at(EVENING):
        dispatch = send(
            actor=world.sending_clerk,
            document=document,
            recipients=world.recipients("市环保局", "市卫生局"),
            idempotency_key=uuid.uuid4(),
            call=call,
        )
        assert not dispatch.without_call and dispatch.counted_day == EVENING.date() + timedelta(days=1)
        publish_lists()  # as the ticker does every day
        kept, sent_back = dispatch.deliveries.order_by("order")
        sign_for(actor=world.clerk["市环保局"], delivery_id=kept.pk)
        assert take_copy(actor=world.clerk["市环保局"], delivery_id=kept.pk)
        return_delivery(actor=world.clerk["市卫生局"], delivery_id=sent_back.pk, reason="不属于本单位职责")
    kept.refresh_from_db()
    sent_back.refresh_from_db()
    assert (kept.state, sent_back.state) == ("received", "returned")


def test_at_a_quarter_past_five_it_still_counts_for_the_day(world: World) -> None:
    document = made(world, "平件")
    with clock.fixed_at(MORNING.replace(hour=17, minute=15)):
        dispatch = send(
            actor=world.sending_clerk,
            document=document,
            recipients=world.recipients("市环保局"),
            idempotency_key=uuid.uuid4(),
        )
        assert dispatch.counted_day == MORNING.date() and not dispatch.without_call


def test_the_form_offers_the_urgencies_of_this_centre(world: World) -> None:
    html = world.browser(world.sending_clerk).get("/documents/new/").content.decode()
    assert {"平件", "加急", "特急"} <= set(words(html).split())
    with pytest.raises(Invalid, match="只有平件、加急、特急"):
        made(world, "特提")
