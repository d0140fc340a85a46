"""Beginning an application: a unit's administrator for the own unit, the operator from a paper letter (代录)."""

from yichuan.audit.services.record import record
from yichuan.changes.content import Content, Named, cleaned, dump
from yichuan.changes.models import Application
from yichuan.changes.permissions import ChangesPermission
from yichuan.changes.services.facts import affected_units, check_facts
from yichuan.changes.services.keys import wrapped
from yichuan.changes.services.parties import centre_unit
from yichuan.changes.states import ApplicationState
from yichuan.common import clock, sealed
from yichuan.common.errors import Invalid
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.org.models import CentreRole, Unit
from yichuan.people.models import Account

K = Application.Kind


def begin(*, actor: Account, unit: Unit | None, content: Content, paper: bool = False) -> Application:
    """A draft with its first content. A command. `unit` is None for one that is about to join, on paper only."""
    if paper:
        check(actor, ChangesPermission.ACCEPT, centre_unit(CentreRole.Role.OPERATING))
    if (unit is None) != (content.kind == K.JOIN) or (unit is None and not paper):
        raise Invalid({"unit": "请选择提出申请的单位。"})
    if unit is not None and not paper:
        check(actor, ChangesPermission.APPLY, unit)
    content = cleaned(content)
    check_facts(unit, content)
    source = Application.Source.PAPER if paper else Application.Source.UNIT
    application = blank(content, unit=unit, source=source)
    application.written_by = actor
    with command():
        application.save(force_insert=True)
        application.affected.set(affected_units(unit, content))
        detail = {"kind": application.kind, "paper": paper}
        unit_id = unit.pk if unit else None
        record(verb="changes.begin", actor=actor, unit_id=unit_id, subject=application, detail=detail)
    return application


def blank(content: Content, *, unit: Unit | None, source: Application.Source) -> Application:
    """An application that is not kept yet, with a key of its own. Device work: not while locks are held."""
    at = clock.now()
    application = Application(
        kind=content.kind,
        source=source,
        unit=unit,
        name=unit.name if unit else content.name if isinstance(content, Named) else "",
        state=ApplicationState.DRAFT,
        content=dump(content),
        created_at=at,
        changed_at=at,
    )
    application.wrapped_key = wrapped(application, sealed.new_key())
    return application
