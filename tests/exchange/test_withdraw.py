"""Taking back what was sent (撤回): until the first recipient has signed for it, and on record with all of them."""

import uuid

import pytest

from support.at_once import at_once
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.common.models import Event
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.withdraw import why_not, withdraw

WHY = "附件用错了版本"


def _states(dispatch: Dispatch) -> dict[str, str]:
    return dict(dispatch.deliveries.values_list("unit__short_name", "state"))


@pytest.mark.usefixtures("in_both_centres")
def test_what_nobody_has_signed_for_goes_back_from_everyone(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    assert why_not(dispatch, dispatch.deliveries.all()) == ""
    withdrawn = withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=f" {WHY}\n")
    assert set(_states(dispatch).values()) == {"withdrawn"}
    withdrawn.refresh_from_db()
    assert withdrawn.document.state == "withdrawn"
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_reason) == (world.sending_clerk, WHY)
    assert withdrawn.withdrawn_at is not None
    told = set(Event.objects.filter(kind="inbox", subject_id=dispatch.pk).values_list("unit_id", flat=True))
    assert told == {world.units["市环保局"].pk, world.units["市卫生局"].pk}
    for delivery in dispatch.deliveries.all():
        assert Entry.objects.get(verb="exchange.withdraw", subject_id=delivery.pk).unit_id == delivery.unit_id
    assert Entry.objects.filter(verb="compose.withdraw", subject_id=dispatch.document_id).count() == 1
    assert why_not(withdrawn, dispatch.deliveries.all()) == "这件公文已经撤回。"


@pytest.mark.usefixtures("in_both_centres")
def test_one_signature_keeps_it_out_there_and_the_refusal_names_who(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    sign_for(actor=world.clerk["市卫生局"], delivery_id=dispatch.deliveries.get(unit__short_name="市卫生局").pk)
    with pytest.raises(Refused, match="市卫生局已签收，不能再撤回"):
        withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY)
    assert _states(dispatch) == {"市环保局": "delivered", "市卫生局": "signed_for"}
    dispatch.refresh_from_db()
    assert dispatch.withdrawn_at is None
    assert "市卫生局" in why_not(dispatch, dispatch.deliveries.all())


def test_who_signed_and_then_returned_it_has_had_it_all_the_same(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    delivery, clerk = dispatch.deliveries.get(unit__short_name="市环保局"), world.clerk["市环保局"]
    sign_for(actor=clerk, delivery_id=delivery.pk)
    return_delivery(actor=clerk, delivery_id=delivery.pk, reason="缺附件")
    with pytest.raises(Refused, match="市环保局已签收"):
        withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY)


def test_where_everybody_returned_it_the_page_says_what_to_do_instead(world: World) -> None:
    delivery = world.delivery("市环保局")
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason=WHY)
    assert "更正重发" in why_not(delivery.dispatch, delivery.dispatch.deliveries.all())


def test_what_was_returned_unsigned_stays_returned(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    delivery = dispatch.deliveries.get(unit__short_name="市环保局")
    return_delivery(actor=world.clerk["市环保局"], delivery_id=delivery.pk, reason="不是发给我局的")
    withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY)
    assert _states(dispatch) == {"市环保局": "returned", "市卫生局": "withdrawn"}


@pytest.mark.parametrize(("reason", "said"), [(" ", "请写撤回原因"), ("长" * 401, "400"), ("错\u202e了", "看不见")])
def test_a_reason_is_asked_for(world: World, reason: str, said: str) -> None:
    dispatch = world.sent("市环保局")
    with pytest.raises(Invalid, match=said):
        withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=reason)


def test_only_the_senders_own_clerk_takes_it_back(world: World) -> None:
    dispatch = world.sent("市环保局")
    with pytest.raises(NotFound):
        withdraw(actor=world.clerk["市环保局"], dispatch_id=dispatch.pk, reason=WHY)
    with pytest.raises(NotAllowed):
        withdraw(actor=world.leader, dispatch_id=dispatch.pk, reason=WHY)
    with pytest.raises(NotFound):
        withdraw(actor=world.sending_clerk, dispatch_id=uuid.uuid4(), reason=WHY)
    assert _states(dispatch) == {"市环保局": "delivered"}


def test_withdrawn_and_signed_for_in_the_same_moment_is_one_of_the_two(committed_world: World) -> None:
    world = committed_world
    dispatch = world.sent("市环保局", "市卫生局")
    delivery = dispatch.deliveries.get(unit__short_name="市卫生局")
    hands = [
        lambda: withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY),
        lambda: sign_for(actor=world.clerk["市卫生局"], delivery_id=delivery.pk),
    ]
    raised = at_once(lambda number: hands[number](), 2)
    assert [getattr(error, "code", error) for error in raised] == ["wrong_state"]
    dispatch.refresh_from_db()
    if dispatch.withdrawn_at is None:
        assert _states(dispatch) == {"市环保局": "delivered", "市卫生局": "signed_for"}
    else:
        assert set(_states(dispatch).values()) == {"withdrawn"}
        assert Delivery.objects.get(pk=delivery.pk).signed_for_at is None


def test_the_signature_that_is_a_moment_too_late_finds_it_withdrawn(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The very order of the race: every check before the lock has passed when the withdrawal comes in between."""
    from yichuan.exchange.services import sign_for as service

    world = committed_world
    dispatch = world.sent("市环保局")
    delivery, checked = dispatch.deliveries.get(), service.require_sound

    def withdrawn_in_between(found: Delivery) -> object:
        panel = checked(found)
        withdraw(actor=world.sending_clerk, dispatch_id=dispatch.pk, reason=WHY)
        return panel

    monkeypatch.setattr(service, "require_sound", withdrawn_in_between)
    with pytest.raises(Refused, match="发文单位已撤回"):
        sign_for(actor=world.clerk["市环保局"], delivery_id=delivery.pk)
    assert _states(dispatch) == {"市环保局": "withdrawn"}
