"""What every step of an application for a seal leaves behind: the state, a row of its course, the log, word to all."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.org.selectors import units_of
from yichuan.people.models import Account
from yichuan.seals.models import ApplicationStep, SealApplication
from yichuan.seals.services.parties import tell

EVENT = "seal_application"


def step(application: SealApplication, transition: Transition, actor: Actor | None, words: str = "") -> None:
    """Move a locked application on and write it down. A step; `actor` is None where the centre itself went on."""
    require_transaction()
    application.state = transition.target
    application.changed_at = clock.now()
    application.save()
    account = actor if isinstance(actor, Account) else None
    ApplicationStep.objects.create(
        application=application,
        verb=transition.verb,
        state=application.state,
        at=application.changed_at,
        by=account,
        by_name=account.name if account else "系统",
        unit_name=_speaks_for(account, transition, application),
        words=words,
    )
    detail = {"number": application.number, "matter": application.matter}
    record(verb=transition.audit, actor=actor, unit_id=application.unit_id, subject=application, detail=detail)
    tell(EVENT, application.unit, application.pk)


def _speaks_for(actor: Account | None, transition: Transition, application: SealApplication) -> str:
    """The unit in whose name the step is taken: of several that a person serves, the one whose step it is."""
    own = sorted(units_of(actor), key=lambda unit: unit.pk != application.unit_id) if actor else []
    holding = (unit.name for unit in own if actor is not None and actor.has_perm(transition.permission, unit))
    return next(holding, own[0].name if own else "")
