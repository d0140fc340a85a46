"""Urgent documents (J-4, G-16): refused by one centre; by the other sent with a call, or marked that there was none."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from support.days import EVENING, MORNING
from support.pages import words
from support.world import World, small_gongwen
from yichuan.audit.models import Entry
from yichuan.common import clock, profile
from yichuan.common.errors import Invalid, Refused
from yichuan.common.models import CalendarDay
from yichuan.compose.drafting.content import from_gongwen
from yichuan.compose.models import Document
from yichuan.compose.services.finish import finish
from yichuan.compose.services.save import begin
from yichuan.exchange.models import Dispatch, PhoneCall
from yichuan.exchange.services.calls import CallRecord, call_needed, require_call
from yichuan.exchange.services.send import send

GUANGDONG = "guangdong-2012"


@pytest.fixture(autouse=True)
def no_holidays(world: World) -> None:
    CalendarDay.objects.all().delete()


@pytest.fixture
def guangdong(settings: Settings) -> None:
    settings.YICHUAN_PROFILE = GUANGDONG


def urgent(world: World, urgency: str = "特急") -> Document:
    """A sealed urgent document; its body is another's, which no rule of sending looks at."""
    document = world.sealed()
    Document.objects.filter(pk=document.pk).update(urgency=urgency)
    document.refresh_from_db()
    return document


def a_call(**changed: Any) -> CallRecord:
    given = {"called": "省政府值班室 李值班", "phone": "020-83133333", "caller": "文市府办公室"}
    return CallRecord(**(given | {"at": EVENING - timedelta(minutes=10), "said": "有特急公文一件"} | changed))


def sent(world: World, document: Document, **given: Any) -> Dispatch:
    return send(
        actor=world.sending_clerk,
        document=document,
        recipients=world.recipients("市环保局", "市卫生局"),
        idempotency_key=uuid.uuid4(),
        **given,
    )


@pytest.mark.parametrize("urgency", ["加急", "特急", "急件"])
def test_the_first_centre_refuses_urgent_documents_with_the_article(world: World, urgency: str) -> None:
    fields = from_gongwen(small_gongwen("江府办〔2008〕9100号"), kind="通知") | {"urgency": urgency}
    with pytest.raises(Invalid, match="第四条（二）"):
        begin(actor=world.sending_clerk, unit=world.sender, fields=fields)
        finish(actor=world.sending_clerk, document_id=Document.objects.latest("created_at").pk)
    with clock.fixed_at(EVENING):
        document = urgent(world, urgency)
        with pytest.raises(Refused, match="第四条（二）"):
            sent(world, document, call=a_call(), accept_without_call=True)
    assert not Dispatch.objects.exists()


@pytest.mark.usefixtures("guangdong")
class TestTheSecondCentre:
    def test_in_office_hours_nobody_is_called(self, world: World) -> None:
        with clock.fixed_at(MORNING):
            dispatch = sent(world, urgent(world))
        assert not dispatch.without_call and not PhoneCall.objects.exists()

    def test_an_ordinary_document_needs_no_call_at_night(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            assert not sent(world, world.sealed()).without_call

    def test_at_night_without_a_word_of_a_call_it_is_asked_for(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            document = urgent(world)
            with pytest.raises(Invalid, match="电话通知省政府值班室") as refused:
                sent(world, document)
        assert set(refused.value.errors) == {"call"}
        document.refresh_from_db()
        assert document.state == "sealed" and not Dispatch.objects.exists()

    def test_with_the_call_it_goes_unmarked_and_the_call_is_on_record(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            dispatch = sent(world, urgent(world), call=a_call())
        call = PhoneCall.objects.get()
        assert not dispatch.without_call
        assert (call.kind, call.dispatch, call.unit, call.recorded_by) == (
            "notice", dispatch, world.sender, world.sending_clerk,
        )  # fmt: skip
        assert (call.called, call.at) == ("省政府值班室 李值班", EVENING - timedelta(minutes=10))
        assert Entry.objects.filter(verb="exchange.record_call", subject_id=dispatch.pk).count() == 1

    def test_without_the_call_it_goes_marked_where_the_sender_answers_for_it(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            dispatch = sent(world, urgent(world), accept_without_call=True)
            assert dispatch.without_call
            assert Entry.objects.get(verb="exchange.send").detail["without_call"] is True
            delivery = dispatch.deliveries.get(unit=world.units["市环保局"])
            receiver = world.browser(world.clerk["市环保局"])
            shown = words(receiver.get(f"/deliveries/{delivery.pk}/").content.decode())
            for said in ("未经电话通知", "特急", "后果由发文单位承担"):
                assert said in shown
            sender = world.browser(world.sending_clerk)
            for page in (f"/sent/{dispatch.pk}/", "/sent/"):
                assert "未经电话通知" in words(sender.get(page).content.decode()), page

    def test_a_centre_may_refuse_what_goes_without_a_call(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = profile.load(GUANGDONG)
        strict = replace(rules, exchange=replace(rules.exchange, without_call="refuse"))
        monkeypatch.setattr(profile, "current", lambda: strict)
        with clock.fixed_at(EVENING):
            document = urgent(world)
            with pytest.raises(Invalid, match="须先电话通知"):
                require_call(document, EVENING, None, accept_without=True)
            assert require_call(document, EVENING, a_call(), accept_without=False) is False

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"called": " "}, "call_called"),
            ({"phone": ""}, "call_phone"),
            ({"caller": ""}, "call_caller"),
            ({"called": "值" * 61}, "call_called"),
            ({"said": "说" * 401}, "call_said"),
            ({"caller": "张\u202e三"}, "call_caller"),
            ({"at": EVENING + timedelta(minutes=1)}, "call_at"),
            ({"at": EVENING - timedelta(hours=13)}, "call_at"),
        ],
        ids=["nobody", "no number", "no caller", "long name", "long words", "hidden", "to come", "yesterday"],
    )
    def test_a_call_that_cannot_be_is_no_call(self, world: World, changed: dict[str, Any], field: str) -> None:
        with clock.fixed_at(EVENING):
            document = urgent(world)
            with pytest.raises(Invalid) as refused:
                require_call(document, EVENING, a_call(**changed), accept_without=True)
        assert set(refused.value.errors) == {field}

    def test_holidays_and_the_noon_break_are_out_of_hours(self, world: World) -> None:
        noon = MORNING.replace(hour=12, minute=30)
        assert call_needed("特急", noon) and not call_needed("特急", MORNING) and not call_needed("平件", noon)
        assert call_needed("加急", MORNING + timedelta(days=4)), "a Saturday"
        CalendarDay.objects.create(day=MORNING.date(), working=False, changed_at=MORNING)
        assert call_needed("特急", MORNING)

    def test_the_page_asks_warns_and_marks(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            document = urgent(world)
            client = world.browser(world.sending_clerk)
            address = f"/documents/{document.pk}/send/"
            shown = words(client.get(address).content.decode())
            assert "非工作时间" in shown or "不是工作时间" in shown
            assert "不良后果由发文单位承担（第十六条）" in shown
            form = {
                "key": str(uuid.uuid4()), "main": str(world.units["市环保局"].pk), "allowance": "2", "declared": "on",
                "call_caller": "文市府办公室", "call_at": f"{EVENING:%Y-%m-%dT}19:50",
            }  # fmt: skip
            refused = client.post(address, form)
            assert refused.status_code == 422 and "请填写通话记录" in words(refused.content.decode())
            form |= {"call_called": "省政府值班室 李值班", "call_phone": "020-83133333"}
            assert client.post(address, form | {"call_at": f"{EVENING:%Y-%m-%dT}20:50"}).status_code == 422
            assert client.post(address, form).status_code == 302
            board = words(client.get(f"/sent/{Dispatch.objects.get().pk}/").content.decode())
        assert "省政府值班室 李值班" in board and "未经电话通知" not in board

    def test_the_tick_lets_it_go_marked(self, world: World) -> None:
        with clock.fixed_at(EVENING):
            document = urgent(world)
            form = {
                "key": str(uuid.uuid4()), "main": str(world.units["市环保局"].pk), "allowance": "2", "declared": "on",
                "without_call": "on",
            }  # fmt: skip
            answer = world.browser(world.sending_clerk).post(f"/documents/{document.pk}/send/", form)
        assert answer.status_code == 302 and Dispatch.objects.get().without_call
