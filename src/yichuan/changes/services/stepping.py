"""What every step of an application leaves behind: the state, a row of its course, a log entry, word to everybody."""

from yichuan.audit.services.record import record
from yichuan.changes.models import Application, Step
from yichuan.changes.selectors import party
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.org.models import CentreRole
from yichuan.org.selectors import units_of
from yichuan.people.models import Account

EVENT = "application"
LONGEST_WORDS = 400


def said(words: str, *, needed: str = "") -> str:
    """An opinion as it is kept. Raises `Invalid` for `words`; `needed` is the refusal of an empty one."""
    words = words.strip()
    if needed and not words:
        raise Invalid({"words": needed})
    if len(words) > LONGEST_WORDS:
        raise Invalid({"words": f"意见请不超过 {LONGEST_WORDS} 个字，现在有 {len(words)} 个字。"})
    if hides_something(words, lines=True):
        raise Invalid({"words": "意见里有看不见的字符，请重新填写。"})
    return words


def step(application: Application, transition: Transition, actor: Actor | None, words: str = "") -> None:
    """Move the application on and write it down. A step; `actor` is None where the centre itself went on."""
    require_transaction()
    application.state = transition.target
    application.changed_at = clock.now()
    application.save()
    note(application, transition.verb, actor, words, unit_name=_speaks_for(actor, transition, application))
    detail = {"number": application.number, "kind": application.kind}
    record(verb=transition.audit, actor=actor, unit_id=application.unit_id, subject=application, detail=detail)
    told = set(application.affected.values_list("pk", flat=True))
    told |= {unit.pk for role in CentreRole.Role if (unit := party(role)) is not None}
    publish(EVENT, sorted(told), subject_id=application.pk)


def note(application: Application, verb: str, actor: Actor | None, words: str = "", *, unit_name: str = "") -> None:
    """Add a row to the application's course. A step. What moves it on goes through `step`."""
    require_transaction()
    account = actor if isinstance(actor, Account) else None
    Step.objects.create(
        application=application,
        verb=verb,
        state=application.state,
        at=clock.now(),
        by=account,
        by_name=actor.name if actor else "系统",
        unit_name=unit_name,
        words=words,
    )


def _speaks_for(actor: Actor | None, transition: Transition, application: Application) -> str:
    """The unit in whose name the step is taken: of several that a person serves, the one whose step it is."""
    if not isinstance(actor, Account):
        return application.name if transition.verb in ("submit", "withdraw") else ""
    own = units_of(actor)
    return next((unit.name for unit in own if actor.has_perm(transition.permission, unit)), own[0].name if own else "")
