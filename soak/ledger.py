"""What the office systems asked for and what they were told: the only witness beside the centre itself."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Sent:
    """One document that was to be sent, once. `told` is the id of the dispatch, where an answer came."""

    number: str
    unit: str
    recipients: list[str]
    allowance: int
    document: str = ""
    told: str = ""
    deliveries: dict[str, str] = field(default_factory=dict)  # what the answer named: unit → delivery
    refused: str = ""


@dataclass
class Act:
    """One act on a delivery under one key. `told`: done, refused as it should be, or "" where no answer ever came."""

    delivery: str
    verb: str  # sign_for, read, take_in, return, print
    key: str
    copies: int = 0
    tries: int = 0
    told: str = ""
    refused: str = ""


@dataclass
class Ledger:
    """All of them. Several threads write, each its own lines."""

    sent: list[Sent] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    listed: dict[str, list[str]] = field(default_factory=dict)  # unit → deliveries its box listed in the end
    probes: list[str] = field(default_factory=list)  # pieces of plain bodies, in hex
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin_sent(self, line: Sent) -> Sent:
        with self._lock:
            self.sent.append(line)
        return line

    def begin_act(self, line: Act) -> Act:
        with self._lock:
            self.acts.append(line)
        return line

    def write(self, path: Path) -> None:
        """Keep it."""
        told = {
            "sent": [asdict(each) for each in self.sent],
            "acts": [asdict(each) for each in self.acts],
            "listed": self.listed,
            "probes": self.probes,
        }
        path.write_text(json.dumps(told, ensure_ascii=False))

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """What `write` kept."""
        told = json.loads(path.read_text())
        return cls(
            sent=[Sent(**each) for each in told["sent"]],
            acts=[Act(**each) for each in told["acts"]],
            listed=told["listed"],
            probes=told["probes"],
        )
