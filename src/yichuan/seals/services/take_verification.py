"""接管验证印章: its holder puts the key of the verification part under a password of their own (J-18, J-34).

Until then the password of the key lies under the centre's key. Afterwards only what the holder types opens it.
"""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.keys.services.texts import open_text
from yichuan.people.models import Account
from yichuan.seals.kinds import SealState
from yichuan.seals.models import VerificationSeal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.issue import password_context
from yichuan.seals.services.set_share import password_faults
from yichuan.seals.services.shares import under_password_asked_often

GONE = "没有要你接管的验证印章。请回到「验证印章」查看。"


def take_verification(*, actor: Account, seal_id: uuid.UUID, new: str, again: str) -> VerificationSeal:
    """Take it over, once. A command; raises Invalid on `new`, `again`.

    A forgotten password is nobody's to restore: the unit applies for a change of the seal.
    """
    kept = own_verification(actor, seal_id)
    check(actor, SealsPermission.HOLD_VERIFICATION, kept.seal)
    if errors := password_faults(actor, "", new, again):
        raise Invalid(errors)
    context = password_context(kept.pk)
    password = bytes.fromhex(open_text(bytes(kept.sealed_password), context))
    sealed = under_password_asked_often(password, new, context)
    with command():
        present = VerificationSeal.objects.select_for_update(of=("self",)).get(pk=kept.pk)
        if present.taken_at is not None:
            raise Refused("taken", "这枚验证印章已经接管。请刷新页面看最新情况。")
        present.sealed_password, present.taken_at = sealed, clock.now()
        present.save(update_fields=["sealed_password", "taken_at"])
        record(verb="seals.take_verification", actor=actor, unit_id=kept.seal.unit_id, subject=kept.seal)
    return present


def own_verification(actor: Account, seal_id: uuid.UUID) -> VerificationSeal:
    """What waits for the person. NotFound where it is another's, taken over already, or of a seal not in use."""
    found = (
        VerificationSeal.objects.select_related("seal")
        .filter(pk=seal_id, holder=actor, taken_at=None, seal__state=SealState.IN_USE)
        .first()
    )
    if found is None:
        raise NotFound("no_verification", GONE)
    return found
