"""What a closed unit had applied for ends with it (J-10): nobody is left who could go on with it."""

from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Unit
from yichuan.seals.kinds import ApplicationState
from yichuan.seals.models import SealApplication
from yichuan.seals.selectors_applications import ENDED
from yichuan.seals.services.stepping import step
from yichuan.seals.states import APPLICATION


def end_seal_applications(*, actor: Actor | None, unit: Unit, words: str) -> None:
    """Withdraw the unit's open applications for seals; an approved one goes back first. A step."""
    require_transaction()
    rows = SealApplication.objects.select_for_update(of=("self",)).filter(unit=unit).exclude(state__in=ENDED)
    for application in rows.select_related("unit").order_by("pk"):
        if application.state == ApplicationState.APPROVED:
            step(application, APPLICATION.find("send_back", application.state), actor, words)
        step(application, APPLICATION.find("withdraw", application.state), actor, words)
