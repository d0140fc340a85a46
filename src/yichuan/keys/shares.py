"""Secrets in k of n shares (Shamir over GF(2^128)): k of them give the secret, fewer tell nothing of it.

Shamir gives garbage for a wrong share and says nothing. Check values, made at the split, tell which share does not
belong: SM3 over 16 random bytes, so that they may lie anywhere in the clear.

    check    k (1 byte) ‖ n (1 byte) ‖ check value of the secret ‖ check values of shares 1 to n    16 bytes each
"""

import hmac
from collections.abc import Mapping, Sequence

from Crypto.Protocol.SecretSharing import Shamir

from yichuan.lib.gm.sm3 import sm3

SECRET_BYTES = 16
MOST = 16
"""Shares at most: people who can be brought together."""


class ShareError(ValueError):
    """Shares that do not give the secret.

    `code`: `too_few`, `wrong_share` (`wrong` names which, by index) or `bad_check` (the check values are cut short, or
    belong to other shares).
    """

    def __init__(self, code: str, message: str, wrong: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.wrong = list(wrong)


def split(secret: bytes, k: int, n: int) -> list[bytes]:
    """`n` shares of 16 bytes, numbered from 1 in their order, of which any `k` give the 16-byte secret.

    ValueError: another length, or not 1 ≤ k ≤ n ≤ 16.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret has {len(secret)} bytes instead of {SECRET_BYTES}")
    if not 1 <= k <= n <= MOST:
        raise ValueError(f"{k} of {n}: at least 1 of 1, at most {MOST} of {MOST}")
    return [share for _, share in Shamir.split(k, n, secret)]


def check_of(secret: bytes, shares: Sequence[bytes], k: int) -> bytes:
    """The check values of a split, to be kept with the shares."""
    values = [_value(0, secret), *(_value(index, share) for index, share in enumerate(shares, 1))]
    return bytes((k, len(shares))) + b"".join(values)


def fits(index: int, share: bytes, check: bytes) -> bool:
    """Whether this is share number `index` of the split. ShareError `bad_check`."""
    return 1 <= index <= _count(check) and hmac.compare_digest(_value(index, share), _kept(index, check))


def needed(check: bytes) -> int:
    """How many shares give the secret (k). ShareError `bad_check`."""
    _count(check)
    return check[0]


def combine(shares: Mapping[int, bytes], check: bytes) -> bytes:
    """The secret from k or more shares by their index. ShareError names the shares that do not belong."""
    wrong = sorted(index for index, share in shares.items() if not fits(index, share, check))
    if wrong:
        raise ShareError("wrong_share", f"wrong shares: {', '.join(map(str, wrong))}", wrong)
    k = needed(check)
    if len(shares) < k:
        raise ShareError("too_few", f"{len(shares)} shares; {k} are needed")
    secret = Shamir.combine([(index, shares[index]) for index in sorted(shares)[:k]])
    if not hmac.compare_digest(_value(0, secret), _kept(0, check)):
        raise ShareError("bad_check", "the shares give another secret than the check values were made for")
    return secret


def _value(index: int, secret: bytes) -> bytes:
    return sm3(b"yichuan share %d:" % index + secret)[:SECRET_BYTES]


def _kept(index: int, check: bytes) -> bytes:
    start = 2 + index * SECRET_BYTES
    return check[start : start + SECRET_BYTES]


def _count(check: bytes) -> int:
    if len(check) < 2 or not 1 <= check[0] <= check[1] <= MOST or len(check) != 2 + (1 + check[1]) * SECRET_BYTES:
        raise ShareError("bad_check", "these are no whole check values of a split; restore them from their backup")
    return check[1]
