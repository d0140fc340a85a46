"""A challenge: something random that a certificate's key signs once, soon, in one session, for one purpose.

Everything a person confirms with their certificate goes through here: the login, a new certificate, a seal.
"""

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.labels import Labelled
from yichuan.common.models import Centre, title_of
from yichuan.common.transactions import command
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.client import address_of
from yichuan.people.models import Challenge, PersonCertificate
from yichuan.people.services.certificate_standing import bound_certificate

LASTS = timedelta(minutes=2)
KEPT = timedelta(hours=1)
MOST_AT_A_TIME = 200
"""Challenges of one address in two minutes: a whole building behind one address still logs in."""
LONGEST_SIGNATURE = 80


class Action(Labelled):
    """What a signature is given for."""

    LOG_IN = "log_in", "登录"
    COLLECT = "collect", "领取数字证书"
    RENEW = "renew", "更新数字证书"
    CONFIRM = "confirm", "确认办理"
    SIGN_SEAL_APPLICATION = "sign_seal_application", "签署印章申请"
    OPEN_SEAL = "open_seal", "同意开启印章"
    CHANGE_CUSTODIANS = "change_custodians", "确认更换印章保管人"
    ATTEND = "attend", "会签到场"
    PRESENT = "present", "会签在场"
    AGREE = "agree", "会签确认"
    NEW_SEAL_KEY = "new_seal_key", "制作印章密钥"


@dataclass(frozen=True)
class Proof:
    """A signature that holds: the certificate it was made with, the text that was signed, and the signature."""

    certificate: PersonCertificate
    text: str
    signature: bytes


def digest_of(*parts: str) -> str:
    """The digest of what is to be done: SM3 over its parts, a line each. The browser computes the same."""
    return sm3("\n".join(parts).encode()).hex()


def issue(request: HttpRequest, action: Action, digest: str = "") -> Challenge:
    """Keep a new challenge for this browser's session. A command."""
    if len(digest) > 64 or not set(digest) <= set("0123456789abcdef"):
        raise Refused("challenge_digest", "页面发来的内容摘要不对，请刷新页面再试。")
    now, address, origin = clock.now(), address_of(request), _origin(request)
    _require_room(address)
    if not request.session.session_key or not request.session.exists(request.session.session_key):
        request.session.create()
    expires = now + LASTS
    centre = Centre.objects.first()
    said = {
        "系统": title_of(centre.name) if centre else "电子公文交换中心",
        "事项": action.label,
        "action": action.value,
        "digest": digest,
        "origin": origin,
        "expires": timezone.localtime(expires).isoformat(timespec="seconds"),
        "nonce": secrets.token_hex(32),
    }
    with command():
        Challenge.objects.filter(expires_at__lt=now - KEPT).delete()
        return Challenge.objects.create(
            text=json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1),
            session_digest=session_digest(request),
            address=address,
            origin=origin,
            action=action,
            digest=digest,
            expires_at=expires,
        )


def _require_room(address: str) -> None:
    """Asked before anything is kept, a session least of all; answered ones count too, or they could pile up."""
    if Challenge.objects.filter(address=address, expires_at__gt=clock.now()).count() >= MOST_AT_A_TIME:
        raise Refused("challenge_too_many", "这个地址等待签名的请求太多，请两分钟后再试。")


def answer(
    request: HttpRequest,
    *,
    action: Action,
    challenge_id: uuid.UUID,
    certificate: bytes,
    signature: bytes,
    digest: str = "",
) -> Proof:
    """The person who signed the challenge, by the certificate bound to them. A command.

    Refused with `challenge_unknown`, `_session`, `_used`, `_expired`, `_origin`, `_action` or `_digest`,
    `signature_wrong`, or the code of what speaks against the certificate. The challenge is used up in any case.
    """
    text = take(request, action=action, challenge_id=challenge_id, digest=digest)
    bound = bound_certificate(certificate)
    if not signed(bound.certificate.public_key, text, signature):
        raise Refused("signature_wrong", "签名和证书对不上，没有通过。请确认选的是本人的密钥文件或 USB Key，再试一次。")
    return Proof(bound, text, signature)


def take(request: HttpRequest, *, action: Action, challenge_id: uuid.UUID, digest: str = "") -> str:
    """Use the challenge up, whatever comes of it; the text that must have been signed. A command."""
    with command():
        row = Challenge.objects.select_for_update().filter(pk=challenge_id).first()
        if row is None:
            raise Refused("challenge_unknown", "这次签名请求不存在或早已过期，请刷新页面再试。")
        if row.session_digest != session_digest(request):
            raise Refused("challenge_session", "这次签名请求是另一个浏览器窗口发起的，请在这一页重新操作。")
        if row.used_at is not None:
            raise Refused("challenge_used", "这个签名已经用过一次，不能再用。请重新操作。")
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
    if row.used_at > row.expires_at:
        raise Refused("challenge_expired", "签名超过两分钟才送到，已经过期。请重新操作。")
    if row.origin != _origin(request):
        raise Refused("challenge_origin", "签名不是在本系统的网址上做的，没有通过。请从单位公布的网址重新登录。")
    if row.action != action:
        raise Refused("challenge_action", f"这个签名不是用来办「{action.label}」的，没有通过。请重新操作。")
    if row.digest != digest:
        raise Refused("challenge_digest", "签名后内容有变化，没有通过。请核对内容后重新操作。")
    return row.text


def signed(key: PublicKey, text: str, signature: bytes) -> bool:
    """Whether `signature` is this key's over the text (SM2 with SM3, DER or 64 bytes, default user id)."""
    return len(signature) <= LONGEST_SIGNATURE and key.verify(signature, text.encode())


def session_digest(request: HttpRequest) -> str:
    """What tells one login from another, kept where something hangs on it."""
    return sm3((request.session.session_key or "").encode()).hex()


def _origin(request: HttpRequest) -> str:
    """The address the page was loaded from, as the browser says; one that is not ours is refused."""
    here = f"{request.scheme}://{request.get_host()}"
    said = request.headers.get("Origin", here)
    if said not in (here, settings.YICHUAN_ORIGIN):
        raise Refused("challenge_origin", "请求不是从本系统的网址发出的，没有通过。请从单位公布的网址登录。")
    return said
