"""People with certificates of their own: a key, what it is certified by, and a browser that signs with it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from support.certificates import officer
from support.world import World
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.people.models import Account, CertificateApplication, PersonCertificate
from yichuan.people.services.certificate_apply import apply_for_certificate
from yichuan.people.services.certificate_review import approve
from yichuan.people.services.challenge import digest_of
from yichuan.people.states import Carrier


@dataclass
class Signer:
    """Somebody's key and certificate, as a key file holds them."""

    key: PrivateKey
    der: bytes

    @property
    def bound(self) -> PersonCertificate:
        return PersonCertificate.objects.select_related("issued", "account").get(der=self.der)


def applied(account: Account, carrier: Carrier = Carrier.KEY_FILE, **how: Any) -> CertificateApplication:
    """An application of the person, waiting for review."""
    said = {"carrier": carrier, "purpose": "登录系统办理收文", "undertaken": True} | how
    return apply_for_certificate(actor=account, account=account, **said)


def approved(world: World, account: Account, **how: Any) -> CertificateApplication:
    """An application that the security officer passed."""
    return approve(actor=officer(world), application_id=applied(account, **how).pk)


def post(browser: Client, address: str, said: dict[str, Any], **more: Any) -> Any:
    """JSON as the pages send it."""
    return browser.post(address, json.dumps(said), content_type="application/json", **more)


def ask(browser: Client, action: str = "log_in", digest: str = "", **more: Any) -> dict[str, str]:
    """A challenge: its id and its text."""
    answer = post(browser, "/challenge/", {"action": action, "digest": digest}, **more)
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, str] = answer.json()
    return found


def collected(browser: Client, application: CertificateApplication, key: PrivateKey | None = None) -> Signer:
    """Collect the approved certificate in the person's browser."""
    key = key or PrivateKey.generate()
    answer = collect(browser, application, key)
    assert answer.status_code == 200, answer.content.decode()
    return Signer(key, base64.b64decode(answer.json()["certificate"]))


def collect(browser: Client, application: CertificateApplication, key: PrivateKey, **instead: Any) -> Any:
    """The same, whatever comes of it; `instead` takes the place of what the page would send."""
    point = key.public.point.hex()
    challenge = ask(browser, "collect", digest_of(str(application.pk), point))
    said = {"challenge": challenge["id"], "public_key": point, "signature": key.sign(challenge["text"].encode()).hex()}
    return post(browser, f"/person-certificates/applications/{application.pk}/collect/answer/", said | instead)


def with_certificate(world: World, account: Account, **how: Any) -> Signer:
    """The person has applied, was approved, and has collected."""
    return collected(world.browser(account), approved(world, account, **how))


def answered(signer: Signer, challenge: dict[str, str]) -> dict[str, str]:
    """What the page sends of a challenge that this key signed."""
    return {
        "challenge": challenge["id"],
        "certificate": base64.b64encode(signer.der).decode(),
        "signature": signer.key.sign(challenge["text"].encode()).hex(),
    }


def log_in(browser: Client, signer: Signer, **more: Any) -> Any:
    """Log in by certificate in this browser."""
    said = answered(signer, ask(browser, **more))
    return post(browser, "/login/certificate/answer/", said, **more)


def code_of(answer: Any) -> str:
    """The code of a refusal."""
    assert answer.status_code >= 400, answer.content.decode()
    return str(answer.json()["code"])


def signed_in(browser: Client) -> bool:
    """Whether a session stands."""
    return bool(browser.get("/session/").json()["signed_in"])
