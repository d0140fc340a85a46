"""Changing what a draft or a returned application says."""

import uuid

from yichuan.audit.services.record import record
from yichuan.changes.content import Content, Named, cleaned, dump
from yichuan.changes.models import Application
from yichuan.changes.services.facts import affected_units, check_facts
from yichuan.changes.services.parties import locked
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command


def save(*, actor: Actor, application_id: uuid.UUID, content: Content) -> Application:
    """Keep the content. A command; the kind of an application never changes."""
    content = cleaned(content)
    with command():
        application, _ = locked(actor, application_id, "submit")
        if content.kind != application.kind:
            raise Refused("other_kind", "申请事项不能改。请撤回这份申请，另外提出。")
        check_facts(application.unit, content)
        application.content = dump(content)
        application.changed_at = clock.now()
        if application.unit is None and isinstance(content, Named):
            application.name = content.name
        application.save(update_fields=["content", "changed_at", "name"])
        application.affected.set(affected_units(application.unit, content))
        record(verb="changes.save", actor=actor, unit_id=application.unit_id, subject=application)
    return application
