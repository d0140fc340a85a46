"""What the office systems asked for and what they were told: the only witness beside the centre itself."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass
class File:
    """An attachment that was to be sent; `digest` is SM3 in hex. `uploads`: each upload of it that was answered."""

    name: str
    size: int
    digest: str
    uploads: list[str] = field(default_factory=list)
    told: str = ""  # the id of the attachment
    gone_on: bool = False


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
    files: list[File] = field(default_factory=list)
    taken_back: bool = False  # whether its sender tries to


@dataclass
class Withdrawal:
    """One try to take a document back. `told`: done, too late, or "" where no answer ever came."""

    dispatch: str
    key: str
    told: str = ""
    refused: str = ""


@dataclass
class Fetched:
    """One attachment as its receiver got it: `digest` is of what came, `wanted` of what was sent."""

    delivery: str
    name: str
    wanted: str
    digest: str = ""
    refused: str = ""


@dataclass
class Act:
    """One act on a delivery under one key. `told`: done, beyond (the allowance), withdrawn (by its sender before), or
    "" where no answer ever came; `refused`: why, where it should not have been."""

    delivery: str
    verb: str  # checks, sign_for, read, take_in, return, print
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
    withdrawals: list[Withdrawal] = field(default_factory=list)
    fetched: list[Fetched] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)  # what still came of withdrawn deliveries, and by which way
    listed: dict[str, list[str]] = field(default_factory=dict)  # unit → deliveries its box listed in the end
    probes: list[str] = field(default_factory=list)  # pieces of plain bodies, in hex
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin_sent(self, line: Sent) -> Sent:
        with self._lock:
            self.sent.append(line)
        return line

    def begin_withdrawal(self, line: Withdrawal) -> Withdrawal:
        with self._lock:
            self.withdrawals.append(line)
        return line

    def begin_fetched(self, line: Fetched) -> Fetched:
        with self._lock:
            self.fetched.append(line)
        return line

    def begin_act(self, line: Act) -> Act:
        with self._lock:
            self.acts.append(line)
        return line

    def write(self, path: Path) -> None:
        """Keep it."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if not each.name.startswith("_")}
        path.write_text(json.dumps(told, ensure_ascii=False, default=asdict))

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """What `write` kept."""
        told: dict[str, Any] = json.loads(path.read_text())
        sent = [Sent(**each | {"files": [File(**file) for file in each["files"]]}) for each in told.pop("sent")]
        rows = {"acts": Act, "withdrawals": Withdrawal, "fetched": Fetched}
        return cls(sent=sent, **{name: [rows[name](**each) for each in told.pop(name)] for name in rows}, **told)
