"""Changing what a draft or a returned application for a seal asks for."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_access import locked
from yichuan.seals.services.application_facts import check_facts
from yichuan.seals.wish import Wish, cleaned, write


def save_application(*, actor: Actor, application_id: uuid.UUID, wish: Wish) -> SealApplication:
    """Keep the content. A command; what is to be done to the seal never changes in an application."""
    wish = cleaned(wish)
    with command():
        application, _ = locked(actor, application_id, "propose")
        if wish.matter != application.matter:
            raise Refused("other_matter", "申请事项不能改。请撤回这份申请，另外提出。")
        check_facts(application.unit, wish)
        write(wish, application)
        application.changed_at = clock.now()
        application.save()
        record(verb="seals.save_application", actor=actor, unit_id=application.unit_id, subject=application)
    return application
