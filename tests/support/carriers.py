"""Seals whose key the unit keeps itself: the test holds the key, as a key file or a USB key would."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gongwen.imprint import Imprint
from yichuan.lib.gongwen.imprint_picture import seal_picture
from yichuan.org.models import Unit
from yichuan.seals.kinds import Carrier, Part
from yichuan.seals.models import Seal
from yichuan.seals.services.issue import certify_part, draft_seal, signed_by_maker

ROUNDS = 600_000
LASTS = timedelta(days=5 * 365)
SEC1 = bytes.fromhex("0201010420")  # version 1, then the 32 bytes of the private key (RFC 5915)


@dataclass
class CarrierSeal:
    """A seal and the key that only its carrier has."""

    seal: Seal
    key: PrivateKey

    @property
    def certificate(self) -> bytes:
        return bytes(self.seal.certificate)

    @property
    def secret(self) -> bytes:
        return secret_of(self.key)


def on_carrier(unit: Unit, imprint: Imprint, carrier: Carrier = Carrier.FILE) -> CarrierSeal:
    """A seal of the unit on a carrier."""
    key = PrivateKey.generate()
    seal = Seal(unit=unit, name=unit.name, diameter_mm=round(imprint.diameter_mm), carrier=carrier)
    seal.issued_at = clock.now()
    with command():
        signer = certify_part(
            actor=None,
            part=Part.SIGNING,
            seal_id=seal.pk,
            name=unit.name,
            organisation=unit.name,
            public_key=key.public,
            until=seal.issued_at + LASTS,
        )
        seal.der = signed_by_maker(draft_seal(seal.pk, unit.name, seal_picture(imprint.ofd()), signer))
        seal.certificate = signer.der
        seal.save(force_insert=True)
    return CarrierSeal(seal, key)


def key_file(held: CarrierSeal, password: str) -> bytes:
    """The carrier as a `.yckey` file (docs/certificates.md)."""
    return yckey(held.seal.name, held.certificate, held.secret, password)


def secret_of(key: PrivateKey) -> bytes:
    """The 32 bytes of a private key."""
    der = key.to_der()
    start = der.index(SEC1) + len(SEC1)
    return der[start : start + 32]


def yckey(name: str, certificate_der: bytes, secret: bytes, password: str) -> bytes:
    """A key file of anybody's key."""
    certificate, salt, iv = (
        base64.b64encode(certificate_der).decode(),
        secrets.token_bytes(16),
        secrets.token_bytes(12),
    )
    kdf = {"name": "PBKDF2", "hash": "SHA-256", "iterations": ROUNDS, "salt": base64.b64encode(salt).decode()}
    bound = f"yichuan-key\n1\n{certificate}\n{ROUNDS}\n{kdf['salt']}"
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(password.encode())
    sealed = AESGCM(key).encrypt(iv, secret, bound.encode())
    file = {
        "format": "yichuan-key",
        "version": 1,
        "name": name,
        "certificate": certificate,
        "kdf": kdf,
        "cipher": {"name": "AES-GCM", "iv": base64.b64encode(iv).decode()},
        "key": base64.b64encode(sealed).decode(),
    }
    return json.dumps(file, ensure_ascii=False).encode()
