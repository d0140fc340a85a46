"""The carrier of the sending unit: its office system seals each document itself, at another place or second."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ofd.sealing import Stamp, prepare_sealing
from yichuan.lib.ses.model import parse_seal


@dataclass(frozen=True)
class Carrier:
    """One unsealed body, and what is needed to put the unit's seal on it."""

    body: bytes
    seal: bytes
    certificate: bytes
    key: PrivateKey

    def sealed(self, order: int) -> bytes:
        """The sealed OFD; no two of them bear the same signature, as the centre asks."""
        stamp = Stamp(0, 60.0 + order % 80, 140.0 + order // 80 % 80)
        prepared = prepare_sealing(self.body, parse_seal(self.seal), [stamp])
        waiting = prepared.for_signer(Certificate.from_der(self.certificate), datetime.now(UTC))
        return waiting.attach(self.key.sign(waiting.message)).data

    def write(self, path: Path) -> None:
        """For another process."""
        parts = {"body": self.body, "seal": self.seal, "certificate": self.certificate, "key": self.key.to_der()}
        path.write_text(json.dumps({name: part.hex() for name, part in parts.items()}))

    @classmethod
    def read(cls, path: Path) -> Carrier:
        """What `write` kept."""
        parts = {name: bytes.fromhex(part) for name, part in json.loads(path.read_text()).items()}
        return cls(parts["body"], parts["seal"], parts["certificate"], PrivateKey.from_der(parts["key"]))
