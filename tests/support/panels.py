"""What a receiver is shown of the checks, for tests: nothing is remembered from an earlier look."""

from yichuan.common import memory
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import Panel, check_delivery


def panel_of(delivery: Delivery) -> Panel:
    memory.forget_all()
    return check_delivery(
        Delivery.objects.select_related("dispatch__document", "dispatch__unit", "unit").get(pk=delivery.pk)
    )


def states_of(panel: Panel) -> dict[str, str]:
    return {line.name: line.state for line in panel.lines}


def note_of(panel: Panel, name: str) -> str:
    return next(line.note for line in panel.lines if line.name == name)
