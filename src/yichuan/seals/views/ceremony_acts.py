"""What a session's page sends by script, answered as JSON: proofs, agreement, keys, the minutes' signatures (J-23)."""

import base64
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest

from yichuan.common.errors import Refused
from yichuan.common.permissions import SIGNED_IN, requires
from yichuan.people.services.certificate_collect import NewKey
from yichuan.people.views.signing import Said, answers_json
from yichuan.seals.kinds import Party
from yichuan.seals.models import Ceremony
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.ceremony_agree import agree as agree_to
from yichuan.seals.services.ceremony_join import join as join_ceremony
from yichuan.seals.services.ceremony_make import keep_carrier
from yichuan.seals.services.ceremony_make import make as make_seal
from yichuan.seals.services.ceremony_minutes import ToBeSigned, prepare, sign
from yichuan.seals.services.ceremony_presence import prove_presence
from yichuan.seals.views.ceremonies import visible_to_them
from yichuan.web.requests import actor_of, posted

View = Callable[[HttpRequest, Said, uuid.UUID], dict[str, Any]]


def of_a_session(view: View) -> View:
    """Nothing that was sent is read before it is known that the person may see the session at all."""

    @wraps(view)
    def seen(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
        visible_to_them(request, ceremony_id)
        return view(request, said, ceremony_id)

    return seen


def _party(said: Said) -> Party:
    try:
        return Party(said.text("party"))
    except ValueError as error:
        raise _fault() from error


def _fault() -> Refused:
    return Refused("bad_request", "页面发来的内容不完整，没有办成。请刷新页面再试。")


def _proof(said: Said) -> dict[str, Any]:
    return {
        "challenge_id": said.id("challenge"),
        "certificate": said.certificate("certificate"),
        "signature": said.signature("signature"),
    }


def _state(ceremony: Ceremony) -> dict[str, Any]:
    return {"state": ceremony.state}


@requires(SIGNED_IN)
@posted("seals:ceremony")
@answers_json
@of_a_session
def join(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """到场."""
    join_ceremony(
        request,
        actor=actor_of(request),
        ceremony_id=ceremony_id,
        party=_party(said),
        digest=said.text("digest"),
        **_proof(said),
    )
    return {}


@requires(SIGNED_IN)
@posted("seals:ceremony")
@answers_json
@of_a_session
def present(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """One more proof of presence."""
    actor, party = actor_of(request), _party(said)
    until = prove_presence(request, actor=actor, ceremony_id=ceremony_id, party=party, **_proof(said))
    return {"until": until.isoformat()}


@requires(SIGNED_IN)
@posted("seals:ceremony")
@answers_json
@of_a_session
def agree(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """确认."""
    agree_to(
        request,
        actor=actor_of(request),
        ceremony_id=ceremony_id,
        party=_party(said),
        digest=said.text("digest"),
        **_proof(said),
    )
    return {}


@requires(SealsPermission.ATTEND)
@posted("seals:ceremony")
@answers_json
@of_a_session
def make(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """制作、销毁; for a carrier the certificate of its new key, and the seal."""
    key = NewKey(said.text("public_key"), said.signature("signature")) if said.text("public_key") else None
    ceremony = make_seal(
        request,
        actor=actor_of(request),
        ceremony_id=ceremony_id,
        digest=said.text("digest"),
        challenge_id=said.id("challenge") if key else None,
        key=key,
    )
    if ceremony.seal is None or key is None:
        return _state(ceremony)
    return _state(ceremony) | {"certificate": base64.b64encode(bytes(ceremony.seal.certificate)).decode()}


@requires(SealsPermission.ATTEND)
@posted("seals:ceremony")
@answers_json
@of_a_session
def carrier(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """The saved carrier has signed the trial value."""
    kept = keep_carrier(
        request,
        actor=actor_of(request),
        ceremony_id=ceremony_id,
        digest=said.text("digest"),
        signature=said.signature("signature"),
    )
    return _state(kept)


@requires(SIGNED_IN)
@posted("seals:ceremony")
@answers_json
@of_a_session
def prepare_minutes(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """The bytes of the minutes' next signature."""
    ready = prepare(
        request, actor=actor_of(request), ceremony_id=ceremony_id, party=_party(said), digest=said.text("digest")
    )
    return {"message": ready.message.hex(), "at": ready.at.isoformat(), "minutes": ready.minutes}


@requires(SIGNED_IN)
@posted("seals:ceremony")
@answers_json
@of_a_session
def sign_minutes(request: HttpRequest, said: Said, ceremony_id: uuid.UUID) -> dict[str, Any]:
    """签纪要."""
    signed = sign(
        request,
        actor=actor_of(request),
        ceremony_id=ceremony_id,
        party=_party(said),
        digest=said.text("digest"),
        prepared=ToBeSigned(b"", _moment(said), said.text("minutes")),
        signature=said.signature("signature"),
    )
    return _state(signed)


def _moment(said: Said) -> datetime:
    try:
        at = datetime.fromisoformat(said.text("at"))
    except ValueError as error:
        raise _fault() from error
    if at.tzinfo is None:
        raise _fault()
    return at
