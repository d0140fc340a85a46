"""到场: a party comes to a session, from their own login, with their own certificate (J-23)."""

import uuid

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action, session_digest
from yichuan.seals.kinds import CeremonyState, Party
from yichuan.seals.models import Attendance, Ceremony
from yichuan.seals.services.ceremony_open import EVENT
from yichuan.seals.services.ceremony_presence import (
    LIVING,
    locked_ceremony,
    proof_of,
    require_going_on,
    require_party,
    require_same,
    require_standing_application,
)
from yichuan.seals.services.parties import tell


def join(
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
    """Take one's place, or take it up again after the page was loaded anew. A command.

    `digest` is what the page shows. Refused: `party_taken`, `person_twice`, `other_certificate`, `ceremony_stale`,
    `ceremony_state`, `ceremony_ended`, `application_changed`, and what speaks against the signature.
    """
    proof_of(
        request,
        actor,
        action=Action.ATTEND,
        parts=(str(ceremony_id), party, digest),
        challenge_id=challenge_id,
        certificate=certificate,
        signature=signature,
    )
    with command():
        ceremony = locked_ceremony(ceremony_id)
        here = require_going_on(ceremony, *LIVING)
        require_party(actor, ceremony, party)
        require_same(ceremony, digest)
        require_standing_application(ceremony)
        if party in here:
            return _again(here[party], actor, certificate, session_digest(request))
        if any(row.account_id == actor.pk for row in here.values()):
            raise Refused("person_twice", "你已经以另一方到场。三方必须是三个不同的人。")
        if ceremony.state != CeremonyState.GATHERING:
            raise Refused("ceremony_state", "这次会签已经开始办理，不能再到场。")
        now = clock.now()
        row = Attendance.objects.create(
            ceremony=ceremony,
            party=party,
            account=actor,
            certificate=certificate,
            session_digest=session_digest(request),
            joined_at=now,
            proven_at=now,
        )
        _note(ceremony, row)
    return row


def _again(row: Attendance, actor: Account, certificate: bytes, session: str) -> Attendance:
    if row.account_id != actor.pk:
        raise Refused("party_taken", f"这一方已由{row.account.name}到场。")
    if bytes(row.certificate) != certificate:
        raise Refused("other_certificate", "到场以后不能换证书。请用到场时的证书。")
    row.session_digest, row.proven_at = session, clock.now()
    row.save(update_fields=["session_digest", "proven_at"])
    return row


def _note(ceremony: Ceremony, row: Attendance) -> None:
    unit = ceremony.application.unit
    detail = {"number": ceremony.number, "party": row.party}
    record(verb="seals.join_ceremony", actor=row.account, unit_id=unit.pk, subject=ceremony, detail=detail)
    tell(EVENT, unit, ceremony.pk)
