"""会签纪要: who was there, what was done, signed by each of the three and last by the centre (J-23).

The browser of each signs the bytes that GB/T 35275 asks for; who signs second protects the first's signature too. Only
when all have signed is the seal in use, in the same commit as the application's end.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused, Unavailable
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.authority import SEAL_MAKER, certificate_of
from yichuan.keys.services.device import device
from yichuan.keys.services.time_stamp import time_stamp
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.sealing import Protection, ToSign, prepare_signing
from yichuan.lib.ses.errors import SesError
from yichuan.people.models import Account
from yichuan.people.services.challenge import session_digest
from yichuan.seals.ceremony import PARTIES
from yichuan.seals.kinds import CeremonyState, Matter, Party
from yichuan.seals.models import Attendance, Ceremony, Seal, VerificationSeal
from yichuan.seals.services.ceremony_open import EVENT, locked_application
from yichuan.seals.services.ceremony_presence import (
    locked_ceremony,
    own_attendance,
    require_going_on,
    require_in_post,
    require_same,
    require_standing_application,
)
from yichuan.seals.services.ceremony_undo import destroy_keys
from yichuan.seals.services.finish_application import finish as finish_application
from yichuan.seals.services.move import move
from yichuan.seals.services.parties import tell
from yichuan.seals.states import CEREMONY

SIGNED_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class ToBeSigned:
    """What a browser signs: the bytes, when, and over which minutes."""

    message: bytes
    at: datetime
    minutes: str


def prepare(request: HttpRequest, *, actor: Account, ceremony_id: uuid.UUID, party: Party, digest: str) -> ToBeSigned:
    """The bytes that this party signs now. Changes nothing; a command for its checks."""
    at = clock.now().replace(microsecond=0)
    with command():
        ceremony, row = _at_the_minutes(request, actor, ceremony_id, party, digest)
    return ToBeSigned(_to_sign(ceremony, row, at).message, at, ceremony.minutes_digest)


def sign(
    request: HttpRequest,
    *,
    actor: Account,
    ceremony_id: uuid.UUID,
    party: Party,
    digest: str,
    prepared: ToBeSigned,
    signature: bytes,
) -> Ceremony:
    """Put this party's signature on the minutes; the third one ends the session. Commands.

    Of `prepared` the bytes are made anew. Refused `minutes_moved` where another party signed in between (ask again),
    `signature_late`, `signature_wrong`.
    """
    if not timedelta(0) <= clock.now() - prepared.at <= SIGNED_WITHIN:
        raise Refused("signature_late", "签名超过两分钟才送到，已经过期。请再签一次。")
    with command():
        ceremony, row = _at_the_minutes(request, actor, ceremony_id, party, digest)
    _require_unmoved(ceremony, prepared.minutes)
    try:
        signed = _to_sign(ceremony, row, prepared.at).attach(signature).data
    except SesError as error:
        raise Refused("signature_wrong", "签名和到场时的证书对不上，没有签上。请用到场时的证书再签一次。") from error
    with command():
        ceremony, row = _at_the_minutes(request, actor, ceremony_id, party, digest)
        _require_unmoved(ceremony, prepared.minutes)
        row.signed_at = row.proven_at = clock.now()
        row.save(update_fields=["signed_at", "proven_at"])
        ceremony.minutes, ceremony.minutes_digest = signed, sm3(signed).hex()
        ceremony.save(update_fields=["minutes", "minutes_digest"])
        detail = {"number": ceremony.number, "party": party, "minutes": ceremony.minutes_digest}
        unit_id = ceremony.application.unit_id
        record(verb="seals.sign_minutes", actor=actor, unit_id=unit_id, subject=ceremony, detail=detail)
        last = not ceremony.attendances.filter(signed_at=None).exists()
    return _finish_at_once(actor, ceremony) if last else ceremony


def _finish_at_once(actor: Actor, ceremony: Ceremony) -> Ceremony:
    """A device that does not answer now is asked again by `reap_ceremonies`: the three have done their part."""
    try:
        return finish(actor=actor, ceremony_id=ceremony.pk)
    except (DeviceError, Unavailable):
        return ceremony


def _at_the_minutes(
    request: HttpRequest, actor: Account, ceremony_id: uuid.UUID, party: Party, digest: str
) -> tuple[Ceremony, Attendance]:
    ceremony = locked_ceremony(ceremony_id)
    here = require_going_on(ceremony, CeremonyState.MINUTES)
    row = own_attendance(actor, here, party, session_digest(request))
    require_in_post(ceremony, row)
    require_same(ceremony, digest)
    if row.signed_at is not None:
        raise Refused("signed_before", "你已经签过纪要，不用再签。")
    return ceremony, row


def _require_unmoved(ceremony: Ceremony, minutes: str) -> None:
    if ceremony.minutes_digest != minutes:
        raise Refused("minutes_moved", "另一方刚刚签了纪要，请再签一次。")


def _to_sign(ceremony: Ceremony, row: Attendance, at: datetime) -> ToSign:
    certificate = Certificate.from_der(bytes(row.certificate))
    return prepare_signing(bytes(ceremony.minutes or b"")).for_signer(certificate, at)


def finish(*, actor: Actor | None, ceremony_id: uuid.UUID) -> Ceremony:
    """办结: the centre signs last and stamps the time, and what was made is in use. A command; raises `DeviceError`.

    Refused as `require_going_on`, and `application_changed`.
    """
    with command():
        ceremony = locked_ceremony(ceremony_id)
        _require_signed(require_going_on(ceremony, CeremonyState.MINUTES))
    waiting = prepare_signing(bytes(ceremony.minutes or b""), protection=Protection.WHOLE)
    ours = waiting.for_signer(certificate_of(SEAL_MAKER), clock.now())
    closed = ours.attach(device().sign(SEAL_MAKER, ours.message))
    stamped = closed.stamped(time_stamp(closed.signature)).data
    before = ceremony.minutes_digest
    with command():
        ceremony = locked_ceremony(ceremony_id)
        _require_signed(require_going_on(ceremony, CeremonyState.MINUTES))
        _require_unmoved(ceremony, before)
        _end(actor, ceremony, stamped)
    destroy_keys(ceremony)
    return ceremony


def _require_signed(here: dict[Party, Attendance]) -> None:
    missing = [each.label for each in PARTIES if each not in here or here[each].signed_at is None]
    if missing:
        raise Refused("not_all_signed", f"还差{'、'.join(missing)}签纪要，不能办结。")


def _end(actor: Actor | None, ceremony: Ceremony, minutes: bytes) -> None:
    application = ceremony.application = locked_application(ceremony.application_id)
    require_standing_application(ceremony)
    labels: list[str] = []
    if ceremony.request["matter"] == Matter.DESTROY:
        labels = _labels_of(uuid.UUID(ceremony.request["seal"]["id"]))
        finish_application(actor=actor, application=application, seal=None)
    else:
        seal = Seal.objects.select_for_update(of=("self",)).get(pk=ceremony.request["seal"]["id"])
        move(actor=actor, seal=seal, verb="issue", words=f"会签 {ceremony.number}")
        finish_application(actor=actor, application=application, seal=seal)
    transition = CEREMONY.find("finish", ceremony.state)
    ceremony.state, ceremony.ended_at, ceremony.labels = transition.target, clock.now(), labels
    ceremony.minutes, ceremony.minutes_digest = minutes, sm3(minutes).hex()
    ceremony.save(update_fields=["state", "ended_at", "labels", "minutes", "minutes_digest"])
    detail = {"number": ceremony.number, "application": application.number, "minutes": ceremony.minutes_digest}
    record(verb=transition.audit, actor=actor, unit_id=application.unit_id, subject=ceremony, detail=detail)
    tell(EVENT, application.unit, ceremony.pk)


def _labels_of(seal_id: uuid.UUID) -> list[str]:
    """The keys of both parts that lie in the device."""
    signing = Seal.objects.filter(pk=seal_id).values_list("key_label", flat=True)
    verification = VerificationSeal.objects.filter(pk=seal_id).values_list("key_label", flat=True)
    return [label for label in (*signing, *verification) if label]
