"""The soft device's master key under k of n operators: a file that opens with k of their passwords.

A seed of 16 bytes is split by Shamir; each share lies in the file under its operator's password (scrypt, 64 MiB a
guess), and the master key under the seed. Fewer than k passwords open nothing of it, and who sets them anew gets the
same master key: the keys under it need not be made again.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yichuan.common.secret_files import write_secret
from yichuan.keys.shares import SECRET_BYTES, ShareError, check_of, combine, fits, split
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm3 import kdf
from yichuan.lib.gm.sm4 import open_sealed, seal

VERSION = 1
SALT_BYTES = 32


@dataclass(frozen=True)
class _Operator:
    name: str
    salt: bytes
    sealed: bytes


@dataclass(frozen=True)
class Operators:
    """What the file holds. Every error is a `ShareError`."""

    need: int
    check: bytes
    sealed_master: bytes
    operators: tuple[_Operator, ...]

    @classmethod
    def make(cls, master: bytes, need: int, passwords: Mapping[str, str]) -> "Operators":
        """Split: any `need` of these operators, by name with their passwords, open `master`. ValueError: 3 of 2."""
        seed = secrets.token_bytes(SECRET_BYTES)
        shares = split(seed, need, len(passwords))
        operators = tuple(
            _sealed(index, name, share, password)
            for index, (share, (name, password)) in enumerate(zip(shares, passwords.items(), strict=True), 1)
        )
        return cls(need, check_of(seed, shares, need), seal(_over_master(seed), master, _BOUND), operators)

    @classmethod
    def read(cls, path: Path) -> "Operators":
        """From the file. `no_file`, `bad_file`."""
        if not path.exists():
            raise ShareError("no_file", f"there are no operators' shares at {path}; `yichuan keys split` makes them")
        try:
            told: dict[str, Any] = json.loads(path.read_text())
            if told["version"] != VERSION:
                raise ValueError(f"version {told['version']}")
            operators = tuple(
                _Operator(str(each["name"]), bytes.fromhex(each["salt"]), bytes.fromhex(each["share"]))
                for each in told["operators"]
            )
            check = bytes.fromhex(told["check"])
            return cls(check[0], check, bytes.fromhex(told["master"]), operators)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ShareError("bad_file", f"{path} cannot be read; restore it from its backup") from error

    def write(self, path: Path) -> None:
        """Into the file, mode 0600, in the place of what was there."""
        told = {
            "version": VERSION,
            "check": self.check.hex(),
            "master": self.sealed_master.hex(),
            "operators": [
                {"name": each.name, "salt": each.salt.hex(), "share": each.sealed.hex()} for each in self.operators
            ],
        }
        write_secret(path, json.dumps(told, ensure_ascii=False, indent=1).encode())

    @property
    def names(self) -> list[str]:
        """The operators, in the order of their shares."""
        return [each.name for each in self.operators]

    def share_of(self, name: str, password: str) -> tuple[int, bytes]:
        """The number and the share of one operator. `no_operator`, `wrong_password`; `wrong_share`: the file is not
        what it was."""
        if name not in self.names:
            raise ShareError("no_operator", f"{name} has no share here; there are: {', '.join(self.names)}")
        index = self.names.index(name) + 1
        held = self.operators[index - 1]
        try:
            share = open_sealed(_stretched(password, held.salt), held.sealed, _bound(index, name))
        except GmError as error:
            raise ShareError("wrong_password", f"this is not the password of {name}", [index]) from error
        if not fits(index, share, self.check):
            raise ShareError("wrong_share", f"the share of {name} belongs to another split", [index])
        return index, share

    def master(self, shares: Mapping[int, bytes]) -> bytes:
        """The master key from k shares. `too_few`, `wrong_share`, `bad_check`, `bad_file`."""
        try:
            return open_sealed(_over_master(combine(shares, self.check)), self.sealed_master, _BOUND)
        except GmError as error:
            raise ShareError("bad_file", "the shares do not open the master key of this file") from error

    def with_password(self, name: str, old: str, new: str) -> "Operators":
        """The same with another password of one operator. As `share_of`."""
        index, share = self.share_of(name, old)
        changed = list(self.operators)
        changed[index - 1] = _sealed(index, name, share, new)
        return replace(self, operators=tuple(changed))


_BOUND = b"yichuan operators: master"


def _over_master(seed: bytes) -> bytes:
    return kdf(seed, _BOUND, 16)


def _bound(index: int, name: str) -> bytes:
    return f"yichuan operator {index}: {name}".encode()


def _stretched(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**16, r=8, p=1, maxmem=2**27, dklen=16)


def _sealed(index: int, name: str, share: bytes, password: str) -> _Operator:
    salt = secrets.token_bytes(SALT_BYTES)
    return _Operator(name, salt, seal(_stretched(password, salt), share, _bound(index, name)))
