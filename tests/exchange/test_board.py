"""The sender's tracking board as it is read and written: few questions, and nobody's name is markup."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.over_the_years import merge_into
from support.pages import tags
from support.world import World
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.selectors_board import board
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.states import SUPERSEDED, DeliveryState
from yichuan.org.models import Unit, UnitName


def _page(world: World, dispatch: Dispatch) -> str:
    return world.browser(world.sending_clerk).get(f"/sent/{dispatch.pk}/").content.decode()


def test_the_whole_board_is_two_questions_however_many_it_reached(world: World) -> None:
    one, all_of_them = world.sent("市环保局"), world.sent()
    for dispatch in (one, all_of_them):
        with CaptureQueriesContext(connection) as asked:
            shown = board(dispatch.pk)
        assert (len(asked), len(shown.lines)) == (2, dispatch.deliveries.count())


def test_each_line_says_what_its_delivery_says(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    dispatch = world.sent("市环保局", "市卫生局", "市规划局")
    held = {each.unit.short_name: each for each in dispatch.deliveries.select_related("unit")}
    sign_for(actor=world.clerk["市卫生局"], delivery_id=held["市卫生局"].pk)
    return_delivery(actor=world.clerk["市规划局"], delivery_id=held["市规划局"].pk, reason="缺附件二")
    shown = board(dispatch.pk)
    assert (shown.signed, shown.counts[DeliveryState.RETURNED], shown.receipts) == (1, 1, 2)
    assert [line.id for line in shown.passed_on] == [held["市建设局"].pk]
    for line in shown.lines:
        delivery = Delivery.objects.select_related("unit", "addressee").get(pk=line.id)
        assert (line.state, line.addressee_name) == (delivery.state, delivery.addressee_name)
        assert (line.allowance, line.printed, line.follows_id) == (delivery.allowance, delivery.printed, None)
        assert line.signed_for_at == delivery.signed_for_at and line.returned_at == delivery.returned_at
        assert (line.unit_full, line.batch) == (delivery.unit.name, delivery.unit.batch)
        assert (line.passed_on, line.addressee_full) == (delivery.passed_on, delivery.addressee.name)


def test_one_in_whose_stead_another_counts_stands_apart(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    gone = dispatch.deliveries.get(unit=world.units["市卫生局"])
    Delivery.objects.filter(pk=gone.pk).update(state=SUPERSEDED[0])
    shown = board(dispatch.pk)
    assert [line.unit for line in shown.lines] == ["市环保局"] and [line.id for line in shown.superseded] == [gone.pk]
    assert str(gone.pk) not in _page(world, dispatch)


def test_each_cell_leads_to_the_course_of_its_recipient(world: World) -> None:
    dispatch = world.sent("市环保局", "市卫生局")
    html, browser = _page(world, dispatch), world.browser(world.sending_clerk)
    cells = {attrs["data-id"]: attrs["href"] for attrs in tags(html, "a") if "data-id" in attrs}
    assert set(cells) == {str(each.pk) for each in dispatch.deliveries.all()}
    assert all(browser.get(address).status_code == 200 for address in cells.values())


def test_a_name_on_the_board_is_never_markup(world: World) -> None:
    dispatch = world.sent("市环保局")
    unit = Unit.objects.filter(pk=world.units["市环保局"].pk)
    unit.update(short_name='局<i>"', pinyin='"<u>')
    UnitName.objects.filter(unit__in=unit).update(short_name='局<i>"')
    html = _page(world, dispatch)
    assert "局<i>" not in html and '"<u>' not in html
    [cell] = [attrs for attrs in tags(html, "a") if "data-id" in attrs]
    assert cell["title"] == '局<i>"：未签收' and (cell["data-unit"] or "").startswith('局<i>" "<u>')
