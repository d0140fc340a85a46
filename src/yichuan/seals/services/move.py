"""Moving a seal along its table (J-20, J-25): state, times, the certificates of both parts, the log, word to everybody.

Who may do it is the caller's to ask: the same move belongs to different people in different verbs.
"""

from collections.abc import Callable

from django.db.models import Q

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.hold import hold
from yichuan.keys.services.registry import ISSUING
from yichuan.keys.services.release import release
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Use, Why
from yichuan.lib.gm.x509 import Certificate
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal, VerificationSeal
from yichuan.seals.services.close_opening import close_openings
from yichuan.seals.services.parties import tell
from yichuan.seals.services.publish_status import want_list
from yichuan.seals.states import SEAL

EVENT = "seal_changed"
STANDING = (CertificateState.VALID, CertificateState.HELD)
WHY: dict[str, Why] = {
    Cause.LOSS: Why.KEY_COMPROMISE,
    Cause.DAMAGE: Why.SUPERSEDED,
    Cause.EXPIRY: Why.SUPERSEDED,
}
LONGEST_NOTE = 200
ENDS_OPENINGS = ("suspend", "withdraw", "destroy")


def move(*, actor: Actor | None, seal: Seal, verb: str, cause: str = "", words: str = "") -> Seal:
    """Lead a locked seal along `SEAL`: issue, suspend, resume, withdraw, hand_in or destroy. A step.

    Suspended, both parts' certificates are held; resumed, released; withdrawn or destroyed, revoked: a seal that was
    suspended counts as revoked from that moment on. Refused with `wrong_state` where the table has no such move.
    """
    require_transaction()
    transition = SEAL.find(verb, seal.state)
    seal.state = transition.target
    _keep_times(seal, verb, cause)
    seal.save(update_fields=["state", "suspended_at", "withdrawn_at", "destroyed_at", "cause"])
    if verb in _CERTIFICATES:
        _CERTIFICATES[verb](actor, seal, words[:LONGEST_NOTE])
    if verb in ENDS_OPENINGS:
        close_openings(actor=actor, seal=seal, reason=f"印章已变为「{SealState(seal.state).label}」")
    detail = {"name": seal.name, "cause": cause, "words": words}
    detail = {key: value for key, value in detail.items() if value}
    record(verb=transition.audit, actor=actor, unit_id=seal.unit_id, subject=seal, detail=detail)
    want_list()
    tell(EVENT, seal.unit, seal.pk)
    return seal


def certificates(seal: Seal) -> list[IssuedCertificate]:
    """The register's rows of both parts' certificates, wherever their keys rest, and of the seal's on PDF."""
    parts = [seal, VerificationSeal.objects.filter(pk=seal.pk).first()]
    serials = [f"{Certificate.from_der(bytes(part.certificate)).serial:x}" for part in parts if part is not None]
    both = Q(issuer=ISSUING, serial__in=serials)
    return list(IssuedCertificate.objects.filter(both | Q(use=Use.PDF_SEAL, holder_id=seal.pk)).order_by("pk"))


def _keep_times(seal: Seal, verb: str, cause: str) -> None:
    now = clock.now()
    if verb == "suspend":
        seal.suspended_at, seal.cause = now, cause
    elif verb == "resume":
        seal.suspended_at, seal.cause = None, ""
    elif verb in ("withdraw", "destroy"):
        seal.withdrawn_at = seal.withdrawn_at or now
        seal.cause = cause or seal.cause
        if verb == "destroy":
            seal.destroyed_at = now


def _hold(actor: Actor | None, seal: Seal, words: str) -> None:
    for row in certificates(seal):
        if row.state == CertificateState.VALID:
            hold(actor=actor, certificate=row, reason=words)


def _release(actor: Actor | None, seal: Seal, words: str) -> None:
    for row in certificates(seal):
        if row.state == CertificateState.HELD:
            release(actor=actor, certificate=row, reason=words)


def _revoke(actor: Actor | None, seal: Seal, words: str) -> None:
    why = WHY.get(seal.cause, Why.CESSATION_OF_OPERATION)
    for row in certificates(seal):
        if row.state in STANDING:
            revoke(actor=actor, certificate=row, reason=why, words=words)


_CERTIFICATES: dict[str, Callable[[Actor | None, Seal, str], None]] = {
    "suspend": _hold,
    "resume": _release,
    "withdraw": _revoke,
    "destroy": _revoke,
}
