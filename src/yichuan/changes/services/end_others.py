"""What a closed unit had applied for ends with it (J-10): nobody is left who could correct or withdraw it."""

from yichuan.changes.models import Application
from yichuan.changes.services.stepping import step
from yichuan.changes.states import APPLICATION, ENDED, ApplicationState
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Unit


def end_others(*, actor: Actor | None, unit: Unit, besides: Application, words: str) -> None:
    """End the unit's other applications. A step.

    One that is being worked on at this moment is left alone: whoever carries it out finds the unit closed.
    """
    require_transaction()
    rows = Application.objects.select_for_update(of=("self",), skip_locked=True).filter(unit=unit)
    going_on = (*ENDED, ApplicationState.CARRYING_OUT)
    for application in rows.exclude(pk=besides.pk).exclude(state__in=going_on).order_by("pk"):
        end(application, actor, words)


def end(application: Application, actor: Actor | None, words: str) -> None:
    """Withdraw a locked application; one that was approved goes back first. A step."""
    if not APPLICATION.allows("withdraw", application.state):
        step(application, APPLICATION.find("send_back", application.state), actor, words)
    step(application, APPLICATION.find("withdraw", application.state), actor, words)
