"""确认: a party's certificate signs what all three are shown (J-23)."""

import uuid

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action, session_digest
from yichuan.seals.ceremony import PARTIES
from yichuan.seals.kinds import CeremonyState, Party
from yichuan.seals.models import Attendance
from yichuan.seals.services.ceremony_presence import (
    locked_ceremony,
    own_attendance,
    proof_of,
    require_going_on,
    require_in_post,
    require_same,
    require_standing_application,
)


def agree(
    request: HttpRequest,
    *,
    actor: Account,
    ceremony_id: uuid.UUID,
    party: Party,
    digest: str,
    challenge_id: uuid.UUID,
    certificate: bytes,
    signature: bytes,
) -> Attendance:
    """Agree to the request with this digest. A command; all three must be there. Refused as `ceremony_join.join`."""
    proof = proof_of(
        request,
        actor,
        action=Action.AGREE,
        parts=(str(ceremony_id), party, digest),
        challenge_id=challenge_id,
        certificate=certificate,
        signature=signature,
    )
    with command():
        ceremony = locked_ceremony(ceremony_id)
        here = require_going_on(ceremony, CeremonyState.GATHERING)
        row = own_attendance(actor, here, party, session_digest(request))
        require_in_post(ceremony, row)
        require_same(ceremony, digest)
        require_standing_application(ceremony)
        if bytes(row.certificate) != certificate:
            raise Refused("other_certificate", "到场以后不能换证书。请用到场时的证书。")
        if len(here) < len(PARTIES):
            raise Refused("not_all_here", "三方还没有到齐，不能确认。请等三方都到场。")
        row.agreed_at, row.agreed_text, row.agreed_signature = clock.now(), proof.text, proof.signature
        row.proven_at = row.agreed_at
        row.save(update_fields=["agreed_at", "agreed_text", "agreed_signature", "proven_at"])
        detail = {"number": ceremony.number, "party": party, "digest": digest}
        record(
            verb="seals.agree_ceremony",
            actor=actor,
            unit_id=ceremony.application.unit_id,
            subject=ceremony,
            detail=detail,
        )
    return row
