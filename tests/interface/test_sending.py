"""What an office system is told of its sending (J-31): the board, recipient by recipient."""

from support.over_the_years import merge_into
from support.systems import system_of
from support.world import World
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.selectors_board import board
from yichuan.exchange.services.sign_for import sign_for


def _as_told(dispatch: Dispatch, delivery: Delivery) -> dict[str, object]:
    """A recipient by the objects that the pages show."""
    unit = delivery.unit
    return {
        "delivery": str(delivery.pk),
        "unit": {"id": str(unit.pk), "code": unit.code, "short_name": unit.short_name, "name": unit.name},
        "addressee_name": delivery.addressee_name,
        "role": delivery.role,
        "allowance": delivery.allowance,
        "printed": delivery.printed,
        "state": delivery.state,
        "state_label": delivery.get_state_display(),
        "counted_day": (delivery.counted_day or dispatch.counted_day).isoformat(),
        "signed_for_at": _moment(delivery.signed_for_at),
        "received_at": None,
        "returned_at": None,
        "return_reason": "",
    }


def _moment(at: object) -> str | None:
    return str(at).replace(" ", "T").replace("+00:00", "Z") if at else None


def _board_of(dispatch: Dispatch) -> dict[str, object]:
    shown = board(dispatch.pk)
    by_id = dispatch.deliveries.select_related("unit", "addressee").in_bulk()
    return {
        "id": str(dispatch.pk),
        "document": str(dispatch.document_id),
        "number": dispatch.document.number,
        "title": dispatch.document.title,
        "sent_at": _moment(dispatch.sent_at),
        "counted_day": dispatch.counted_day.isoformat(),
        "without_call": False,
        "withdrawn_at": None,
        "withdrawn_reason": "",
        "counts": shown.counts,
        "recipients": [_as_told(dispatch, by_id[line.id]) for line in shown.lines],
        "unconnected": [
            {"name": each.name, "role": each.role, "address": each.address, "copies": each.copies, "posted_at": None}
            for each in dispatch.paper_recipients.all()
        ],
    }


def test_the_answer_of_a_send_is_the_board_as_the_pages_show_it(world: World) -> None:
    merge_into(world, "市环保局", "市建设局")
    system, document = system_of(world, "市府办公室"), world.sealed()
    by_code, by_id = world.units["市规划局"].code, str(world.units["市卫生局"].pk).upper()
    said = {
        "main": [{"unit": str(world.units["市环保局"].pk)}, {"unit": by_id}],
        "copy": [{"unit": by_code, "allowance": 1}],
        "unconnected": [{"name": "江门军分区", "address": "北街", "copies": 2}],
    }
    answer = system.post(f"/documents/{document.pk}/send", said)
    dispatch = Dispatch.objects.get()
    told = answer.json()
    assert answer.status_code == 201
    assert told == _board_of(dispatch)
    assert [each["addressee_name"] for each in told["recipients"]].count("市环保局（现：市建设局）") == 1
    sign_for(actor=world.clerk["市卫生局"], delivery_id=dispatch.deliveries.get(unit=world.units["市卫生局"]).pk)
    again = system.get(f"/dispatches/{dispatch.pk}").json()
    assert again == _board_of(dispatch) and again["counts"]["signed_for"] == 1 and again != told
