"""What a session commits of a seal: its certificates, its rows, its custodians, and the minutes to be signed (J-23)."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import Account
from yichuan.seals.kinds import Carrier, CeremonyState, CustodyRole, Part, SealState
from yichuan.seals.models import Ceremony, Seal
from yichuan.seals.services.ceremony_open import EVENT
from yichuan.seals.services.ceremony_presence import locked_ceremony, require_going_on
from yichuan.seals.services.entrust import entrust
from yichuan.seals.services.issue import certify_part, keep_verification, signing_label, verification_label
from yichuan.seals.services.parties import tell
from yichuan.seals.states import CEREMONY


@dataclass(frozen=True)
class Parts:
    """A seal made but not yet in use; the passwords are those of keys in the device, for the rows alone."""

    signing: Certificate
    verification: Certificate
    der: bytes = field(repr=False)
    password: bytes | None = field(repr=False)
    verification_password: bytes = field(repr=False)


def certify(
    actor: Actor, ceremony: Ceremony, signing: PublicKey, verification: PublicKey
) -> tuple[Certificate, Certificate]:
    """The certificates of both parts, while all three are still there. A command."""
    request = ceremony.request
    seal_id = uuid.UUID(request["seal"]["id"])
    on_device = request["carrier"] == Carrier.DEVICE
    with command():
        require_going_on(locked_ceremony(ceremony.pk), CeremonyState.MAKING)
        made = [
            certify_part(
                actor=actor,
                part=part,
                seal_id=seal_id,
                name=request["seal"]["name"],
                organisation=request["certificate"]["organisation"],
                public_key=key,
                until=datetime.fromisoformat(request["certificate"]["until"]),
                label=label,
            )
            for part, key, label in (
                (Part.SIGNING, signing, signing_label(seal_id) if on_device else ""),
                (Part.VERIFICATION, verification, verification_label(seal_id)),
            )
        ]
    return made[0], made[1]


def keep_seal(actor: Actor, ceremony: Ceremony, parts: Parts, *, minutes: bytes | None) -> Ceremony:
    """The seal with its custodians, not in use yet; with `minutes` they wait to be signed. A command."""
    with command():
        locked = locked_ceremony(ceremony.pk)
        require_going_on(locked, CeremonyState.MAKING)
        if locked.seal_id is not None:
            raise Refused("ceremony_state", "印章已经制作。请刷新页面看最新情况。")
        locked.seal = _seal(locked, ceremony, parts)
        locked.save(update_fields=["seal"])
        _entrust(actor, locked, parts)
        if minutes is not None:
            _to_minutes(actor, locked, minutes)
    return locked


def _seal(locked: Ceremony, ceremony: Ceremony, parts: Parts) -> Seal:
    request, application = locked.request, ceremony.application
    custody, imprint = request["custody"], application.imprint
    seal_id = uuid.UUID(request["seal"]["id"])
    if imprint is None:
        raise Refused("no_imprint", "申请没有单位确认过的印模。请退回单位补正。")
    seal = Seal(
        id=seal_id,
        unit=application.unit,
        unit_name=imprint.unit_name,
        name=request["seal"]["name"],
        bottom_line=str(imprint.inputs.get("bottom_line", ""))[:40],
        diameter_mm=round(imprint.diameter_mm),
        state=SealState.MAKING,
        carrier=request["carrier"],
        der=parts.der,
        certificate=parts.signing.der,
        key_label=signing_label(seal_id) if request["carrier"] == Carrier.DEVICE else "",
        issued_at=clock.now(),
        replaces=application.seal,
        quorum=custody["quorum"],
        opening_kind=custody["opening_kind"],
        opening_limit=custody["opening_limit"],
        under_password=parts.password is not None,
    )
    seal.save(force_insert=True)
    return seal


def _entrust(actor: Actor, ceremony: Ceremony, parts: Parts) -> None:
    request, seal = ceremony.request, ceremony.seal
    if seal is None:
        return
    wanted = request["custody"]["custodians"]
    people = Account.objects.in_bulk([uuid.UUID(each["account"]) for each in wanted])
    keepers = [(people[uuid.UUID(each["account"])], CustodyRole(each["role"])) for each in wanted]
    entrust(actor=actor, seal=seal, custodians=keepers, password=parts.password)
    holder = Account.objects.get(pk=request["verification_holder"]["account"])
    password = parts.verification_password
    keep_verification(seal=seal, certificate=parts.verification, password=password, holder=holder)


def keep_minutes(actor: Actor, ceremony: Ceremony, minutes: bytes) -> Ceremony:
    """The minutes wait for three signatures. A command."""
    with command():
        locked = locked_ceremony(ceremony.pk)
        require_going_on(locked, CeremonyState.MAKING)
        _to_minutes(actor, locked, minutes)
    return locked


def _to_minutes(actor: Actor, ceremony: Ceremony, minutes: bytes) -> None:
    require_transaction()
    transition = CEREMONY.find("made", ceremony.state)
    ceremony.state, ceremony.minutes, ceremony.minutes_digest = transition.target, minutes, sm3(minutes).hex()
    ceremony.save(update_fields=["state", "minutes", "minutes_digest"])
    detail = {"number": ceremony.number, "minutes": ceremony.minutes_digest}
    unit = ceremony.application.unit
    record(verb=transition.audit, actor=actor, unit_id=unit.pk, subject=ceremony, detail=detail)
    tell(EVENT, unit, ceremony.pk)
