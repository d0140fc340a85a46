"""One application for a seal, for whom it concerns: found, locked for a verb, offered or not."""

import uuid

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.seals.models import SealApplication
from yichuan.seals.selectors_applications import hats, visible_to
from yichuan.seals.services.parties import require
from yichuan.seals.states import APPLICATION

GONE = "没有这份印章申请，或者与你单位无关。请回到申请列表查看。"


def visible(actor: Actor, application_id: uuid.UUID) -> SealApplication:
    """The application, for one who may read it; another one looks as if it did not exist."""
    found = visible_to(hats(actor)).filter(pk=application_id)
    near = ("unit", "seal", "imprint", "verification_holder", "attendant", "result", "signed_by", "written_by")
    application = found.select_related(*near).first()
    if application is None:
        raise NotFound("no_application", GONE)
    return application


def locked(actor: Actor, application_id: uuid.UUID, verb: str) -> tuple[SealApplication, Transition]:
    """Lock the application and find the row of its table for `verb`, if that is the actor's. A step."""
    require_transaction()
    visible(actor, application_id)
    application = SealApplication.objects.select_for_update(of=("self",)).select_related("unit").get(pk=application_id)
    transition = APPLICATION.find(verb, application.state)
    require(actor, transition.permission, application.unit)
    return application, transition


def may(actor: Actor, verb: str, application: SealApplication) -> bool:
    """Whether the page offers this verb: the state allows it and the step is the actor's."""
    if not APPLICATION.allows(verb, application.state):
        return False
    try:
        require(actor, APPLICATION.find(verb, application.state).permission, application.unit)
    except Refused:
        return False
    return True
