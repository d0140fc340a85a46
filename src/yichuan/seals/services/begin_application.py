"""Beginning an application for a seal (J-21): a draft of the unit's custodian."""

from yichuan.audit.services.record import record
from yichuan.common import clock, sealed
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.org.models import Unit
from yichuan.people.models import Account
from yichuan.seals.kinds import ApplicationState
from yichuan.seals.models import SealApplication
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.application_facts import check_facts
from yichuan.seals.services.application_keys import wrapped
from yichuan.seals.wish import Wish, cleaned, write


def begin_application(*, actor: Account, unit: Unit, wish: Wish) -> SealApplication:
    """A draft with its first content. A command. Raises `Invalid`, one message a field."""
    check(actor, SealsPermission.APPLY, unit)
    wish = cleaned(wish)
    at = clock.now()
    application = SealApplication(
        unit=unit, state=ApplicationState.DRAFT, written_by=actor, created_at=at, changed_at=at
    )
    write(wish, application)
    application.wrapped_key = wrapped(application, sealed.new_key())
    with command():
        check_facts(unit, wish)
        application.save(force_insert=True)
        detail = {"matter": application.matter, "cause": application.cause}
        record(verb="seals.begin_application", actor=actor, unit_id=unit.pk, subject=application, detail=detail)
    return application
