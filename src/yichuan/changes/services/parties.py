"""Whose step it is: the applicant's, the operator's, the supervising office's (J-6(1), J-8)."""

import uuid
from dataclasses import dataclass

from yichuan.changes.models import Application
from yichuan.changes.permissions import ChangesPermission as May
from yichuan.changes.selectors import hats, party, visible_to
from yichuan.changes.states import APPLICATION
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor, Permission, check
from yichuan.common.states import Transition
from yichuan.common.transactions import require_transaction
from yichuan.org.models import CentreRole, Unit

GONE = "没有这份申请，或者与你单位无关。请回到申请列表查看。"


@dataclass
class CodeHolder:
    """Somebody without an account who has proved to know the query code of one application."""

    application_id: uuid.UUID
    name: str = "申请单位经办人"
    pk: None = None

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """What an applicant may do, with this one application."""
        if not isinstance(obj, Application) or obj.pk != self.application_id:
            return False
        return perm == May.APPLY and obj.source == Application.Source.PUBLIC


def centre_unit(role: CentreRole.Role) -> Unit:
    """The unit that plays this part. Refuses where nobody has been named for it yet."""
    found = party(role)
    if found is None:
        raise Refused("no_party", f"还没有设定{role.label}，申请不能往下办。请系统管理员先设定。")
    return found


def require(actor: Actor, permission: Permission, application: Application) -> None:
    """Raise `NotAllowed` unless this step of this application is the actor's."""
    if permission == May.APPLY and application.source != Application.Source.PAPER:
        check(actor, permission, application)
    elif permission == May.APPROVE:
        check(actor, permission, centre_unit(CentreRole.Role.SUPERVISING))
    else:  # the operator's own steps, and an applicant's where the operator writes down a paper letter
        wanted = May.ACCEPT if permission == May.APPLY else permission
        check(actor, wanted, centre_unit(CentreRole.Role.OPERATING))


def visible(actor: Actor, application_id: uuid.UUID) -> Application:
    """The application, for one who may read it; another one looks as if it did not exist."""
    seen = (
        Application.objects.filter(pk=application_id, source=Application.Source.PUBLIC)
        if isinstance(actor, CodeHolder) and actor.application_id == application_id
        else visible_to(hats(actor)).filter(pk=application_id)
    )
    found = seen.select_related("unit", "result", "administrator").first()
    if found is None:
        raise NotFound("no_application", GONE)
    return found


def locked(actor: Actor, application_id: uuid.UUID, verb: str) -> tuple[Application, Transition]:
    """Lock the application and find the row of its table for `verb`, if that is the actor's. A step."""
    require_transaction()
    visible(actor, application_id)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    transition = APPLICATION.find(verb, application.state)
    require(actor, transition.permission, application)
    return application, transition


def may(actor: Actor, verb: str, application: Application) -> bool:
    """Whether the page offers this verb: the state allows it and the step is the actor's."""
    if not APPLICATION.allows(verb, application.state):
        return False
    try:
        require(actor, APPLICATION.find(verb, application.state).permission, application)
    except Refused:
        return False
    return True
