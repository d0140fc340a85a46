"""What a verification seal signs when originals are printed (R4, J-18): it checked the signing seal at that moment, and
these copies came of it.

The word is the statement (JSON in UTF-8), a line feed, and the signature in hexadecimal; all copies of one print file
share it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services.check import Panel
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import read_certificate
from yichuan.keys.services.device import device, unavailable
from yichuan.people.models import Account
from yichuan.seals.models import VerificationSeal
from yichuan.seals.selectors_status import published


def say(
    delivery: Delivery,
    copies: Sequence[PrintedCopy],
    panel: Panel,
    kept: VerificationSeal,
    actor: Account,
    at: datetime,
) -> bytes:
    """The statement, before it is signed."""
    document, listed = delivery.dispatch.document, published()
    said = {
        "print": [copy.number for copy in copies],
        "allowance": delivery.allowance,
        "number": document.number,
        "digest_sm3": document.body_digest,
        "delivery": str(delivery.pk),
        "unit": delivery.unit.name,
        "by": actor.name,
        "at": localtime(at).isoformat(timespec="seconds"),
        "checked_at": localtime(panel.checked_at).isoformat(timespec="seconds"),
        "checks": {line.name: line.state for line in panel.lines},
        "seals": [{"name": each.seal.name, "seal": str(each.seal.pk), "stands": each.note} for each in panel.standings],
        "status_list": listed.number if listed else None,
        "verification": f"{read_certificate(bytes(kept.certificate)).serial:x}",
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sign_word(said: bytes, kept: VerificationSeal, password: bytes) -> bytes:
    """The word. A device call: outside of any transaction. Refused where the device does not take the password."""
    try:
        signature = device().sign(kept.key_label, said, password=password)
    except DeviceError as error:
        if error.code == "wrong_password":
            raise Refused(
                "verification_altered", "验证印章的密码已被改动，不能用。请报告系统保密员，并申请变更印章。"
            ) from error
        raise unavailable(error) from error
    return said + b"\n" + signature.hex().encode()


def read_word(word: bytes, certificate: bytes) -> dict[str, Any] | None:
    """What it says, if the verification seal of this certificate signed it."""
    said, _, written = word.rpartition(b"\n")
    try:
        signature = bytes.fromhex(written.decode())
    except ValueError:
        return None
    if not read_certificate(certificate).public_key.verify(signature, said):
        return None
    found: dict[str, Any] = json.loads(said)
    return found
