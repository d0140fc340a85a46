"""制作: the keys are made while all three are present and have agreed (J-22, J-23), in three parts.

The intent is committed, the device makes the keys, certificates and seal are committed. Whatever fails on the way ends
the session, and everything is undone. Where the key rests on a carrier of the unit (J-24), its browser brings the
public half and a proof of the other; minutes are written only when the saved carrier has signed a trial value.
"""

import secrets
import uuid
from dataclasses import dataclass, field

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device, unavailable
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import Account
from yichuan.people.services.certificate_collect import NewKey
from yichuan.people.services.certificate_standing import bound_certificate
from yichuan.people.services.challenge import Action, digest_of, session_digest, take
from yichuan.seals.ceremony import PARTIES
from yichuan.seals.kinds import Carrier, CeremonyState, Matter, Party
from yichuan.seals.models import Attendance, Ceremony
from yichuan.seals.services.ceremony_open import locked_application
from yichuan.seals.services.ceremony_paper import write_minutes
from yichuan.seals.services.ceremony_presence import (
    locked_ceremony,
    own_attendance,
    require_going_on,
    require_in_post,
    require_same,
    require_standing_application,
)
from yichuan.seals.services.ceremony_seal import Parts, certify, keep_minutes, keep_seal
from yichuan.seals.services.ceremony_undo import void
from yichuan.seals.services.imprint_draw import picture_of
from yichuan.seals.services.issue import (
    PASSWORD_BYTES,
    draft_seal,
    signed_by_maker,
    signing_label,
    verification_label,
)
from yichuan.seals.states import CEREMONY, SEAL


@dataclass(frozen=True)
class _Keys:
    """Both public halves, and the passwords of those in the device."""

    signing: PublicKey
    verification: PublicKey
    password: bytes | None = field(repr=False)
    verification_password: bytes = field(repr=False)


def make(
    request: HttpRequest,
    *,
    actor: Account,
    ceremony_id: uuid.UUID,
    digest: str,
    challenge_id: uuid.UUID | None = None,
    key: NewKey | None = None,
) -> Ceremony:
    """Make the parts, or begin the destruction. Commands, by the unit's own person.

    `key` comes from the carrier, with the challenge that its other half signed. Refused: `not_all_agreed`, what
    `ceremony_presence` names, `key_taken`; a device's failure is `Unavailable` and ends the session.
    """
    public_key = None
    if key is not None and challenge_id is not None:
        asked = digest_of(str(ceremony_id), digest, key.public_key)
        public_key = key.proved(take(request, action=Action.NEW_SEAL_KEY, challenge_id=challenge_id, digest=asked))
    ceremony = _begin(actor, ceremony_id, digest, session_digest(request), public_key)
    try:
        return _carry_through(ceremony, actor, public_key)
    except DeviceError as error:
        void(ceremony.pk, "密码设备没有办成")
        raise unavailable(error) from error
    except Refused as refusal:
        void(ceremony.pk, f"没有做成：{refusal.message}")
        raise


def _begin(actor: Account, ceremony_id: uuid.UUID, digest: str, session: str, public_key: PublicKey | None) -> Ceremony:
    """The intent: from here on there may be keys to undo."""
    with command():
        ceremony = locked_ceremony(ceremony_id)
        here = require_going_on(ceremony, CeremonyState.GATHERING)
        own_attendance(actor, here, Party.UNIT, session)
        require_same(ceremony, digest)
        ceremony.application = locked_application(ceremony.application_id)
        require_standing_application(ceremony)
        require_agreed(ceremony, here)
        destroys = ceremony.request["matter"] == Matter.DESTROY
        on_device = destroys or ceremony.request["carrier"] == Carrier.DEVICE
        if on_device != (public_key is None):
            raise Refused("bad_request", "页面发来的内容不完整，没有办成。请刷新页面再试。")
        if destroys and ceremony.application.seal is not None:
            SEAL.find("destroy", ceremony.application.seal.state)
        transition = CEREMONY.find("make", ceremony.state)
        ceremony.state = transition.target
        ceremony.labels = [] if destroys else _labels(ceremony)
        ceremony.save(update_fields=["state", "labels"])
        detail = {"number": ceremony.number, "digest": ceremony.digest}
        unit_id = ceremony.application.unit_id
        record(verb=transition.audit, actor=actor, unit_id=unit_id, subject=ceremony, detail=detail)
    return ceremony


def require_agreed(ceremony: Ceremony, here: dict[Party, Attendance]) -> None:
    """All three are there and in their posts, have signed this very digest, and their certificates still count.

    Refused otherwise.
    """
    missing = [each.label for each in PARTIES if each not in here or here[each].agreed_at is None]
    if missing:
        raise Refused("not_all_agreed", f"还差{'、'.join(missing)}确认，不能办理。")
    for row in here.values():
        require_in_post(ceremony, row)
        bound_certificate(bytes(row.certificate))


def _labels(ceremony: Ceremony) -> list[str]:
    seal_id = uuid.UUID(ceremony.request["seal"]["id"])
    on_device = ceremony.request["carrier"] == Carrier.DEVICE
    return ([signing_label(seal_id)] if on_device else []) + [verification_label(seal_id)]


def _carry_through(ceremony: Ceremony, actor: Actor, public_key: PublicKey | None) -> Ceremony:
    request, imprint = ceremony.request, ceremony.application.imprint
    if request["matter"] == Matter.DESTROY or imprint is None:
        return keep_minutes(actor, ceremony, write_minutes(ceremony, None))
    seal_id = uuid.UUID(request["seal"]["id"])
    keys = _make_keys(ceremony, seal_id, public_key)
    signing, verification = certify(actor, ceremony, keys.signing, keys.verification)
    der = signed_by_maker(draft_seal(seal_id, request["seal"]["name"], picture_of(imprint), signing))
    parts = Parts(signing, verification, der, keys.password, keys.verification_password)
    if request["carrier"] != Carrier.DEVICE:
        return keep_seal(actor, ceremony, parts, minutes=None)
    return keep_seal(actor, ceremony, parts, minutes=write_minutes(ceremony, parts))


def _make_keys(ceremony: Ceremony, seal_id: uuid.UUID, public_key: PublicKey | None) -> _Keys:
    """The device's part. Where several custodians open the seal, its key answers to a password in shares alone."""
    shared = public_key is None and ceremony.request["custody"]["quorum"] > 1
    password = secrets.token_bytes(PASSWORD_BYTES) if shared else None
    verification_password = secrets.token_bytes(PASSWORD_BYTES)
    signing = public_key or device().make_signing_key(signing_label(seal_id), password=password)
    verification = device().make_signing_key(verification_label(seal_id), password=verification_password)
    return _Keys(signing, verification, password, verification_password)


def trial_of(ceremony_id: uuid.UUID, digest: str) -> bytes:
    """What the saved carrier signs to show that it opens: for this session alone. The browser makes the same."""
    return f"yichuan seal carrier trial\n{ceremony_id}\n{digest}".encode()


def keep_carrier(
    request: HttpRequest, *, actor: Account, ceremony_id: uuid.UUID, digest: str, signature: bytes
) -> Ceremony:
    """The saved carrier was opened again and signed a trial value: the minutes may be written. A command.

    Refused `carrier_wrong` where the value is not the new key's.
    """
    with command():
        ceremony = _carried(actor, ceremony_id, digest, session_digest(request))
        seal = ceremony.seal
        if seal is None:
            raise Refused("ceremony_state", "印章还没有制作，不能试用载体。请刷新页面看最新情况。")
    signing = Certificate.from_der(bytes(seal.certificate))
    if not signing.public_key.verify(signature, trial_of(ceremony_id, digest)):
        raise Refused("carrier_wrong", "试用没有通过：这不是刚才保存的密钥。请选择刚下载的密钥文件，或插好 USB Key。")
    verification = Certificate.from_der(bytes(seal.verification.certificate))
    parts = Parts(signing, verification, bytes(seal.der), None, b"")
    return keep_minutes(actor, ceremony, write_minutes(ceremony, parts))


def _carried(actor: Account, ceremony_id: uuid.UUID, digest: str, session: str) -> Ceremony:
    ceremony = locked_ceremony(ceremony_id)
    here = require_going_on(ceremony, CeremonyState.MAKING)
    own_attendance(actor, here, Party.UNIT, session)
    require_same(ceremony, digest)
    return ceremony
