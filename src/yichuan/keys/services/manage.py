"""What the security officer does on the register's pages (G-9): each verb with its permission checked here."""

import uuid
from typing import Literal

from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.services.hold import hold
from yichuan.keys.services.registry import locked
from yichuan.keys.services.release import release
from yichuan.keys.services.renew import renew
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import Why

Verb = Literal["hold", "release", "revoke", "renew"]
LONGEST_WORDS = 100


def manage(
    *, actor: Actor, verb: Verb, certificate_id: uuid.UUID, words: str = "", reason: str = ""
) -> IssuedCertificate:
    """Hold, release, revoke or renew one certificate; `words` are whoever's report it was, and what happened.

    A command. Nobody releases their own. A renewal on these pages is for keys in the device; a person applies with a
    new key.
    """
    words = words.strip()
    if errors := _faults(verb, words, reason):
        raise Invalid(errors)
    with command():
        row = locked(certificate_id)
        check(actor, KeysPermission.MANAGE_CERTIFICATES, row)
        if verb == "hold":
            return hold(actor=actor, certificate=row, reason=words)
        if verb == "release":
            if row.holder_id == actor.pk:
                raise NotAllowed("own_certificate", "自己的证书要由另一位系统保密员解除挂失。")
            return release(actor=actor, certificate=row, reason=words)
        if verb == "revoke":
            return revoke(actor=actor, certificate=row, reason=Why(reason), words=words)
        if not row.label:
            raise Refused("key_elsewhere", "这张证书的密钥在持有人手里，请持有人提出更新申请。")
        return renew(actor=actor, certificate=row)


def _faults(verb: Verb, words: str, reason: str) -> dict[str, str]:
    errors = {}
    if verb == "revoke" and reason not in {each.value for each in Why}:
        errors["reason"] = "请选择吊销原因。"
    if verb != "renew" and not words:
        errors["words"] = "请写明情况：谁报告的、什么原因。"
    elif len(words) > LONGEST_WORDS or hides_something(words):
        errors["words"] = f"情况说明最多 {LONGEST_WORDS} 个字，不能有看不见的字符。"
    return errors
