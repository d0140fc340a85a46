"""The cryptographic floor: the operations that an act cannot be without, how many of each, how long on this core."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from yichuan.lib.gm import sm4
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.lib.gm.sm3 import hmac_sm3, sm3


@dataclass(frozen=True)
class Part:
    """One operation: how often an act does it, and how many microseconds of the processor it takes here."""

    name: str
    times: int
    microseconds: float

    @property
    def total(self) -> float:
        """Milliseconds of one act."""
        return self.times * self.microseconds / 1000


def of_a_send(receivers: int) -> list[Part]:
    """The document's key out of the sender's box and into each receiver's; the mark of the log's entry."""
    key, other, context = secrets.token_bytes(16), secrets.token_bytes(16), b"document:" + b"0" * 36
    wrapped = sm4.seal(key, other, context)
    return [
        Part("SM4-GCM: a key into a box", receivers, _micros(lambda: sm4.seal(key, other, context))),
        Part("SM4-GCM: a key out of a box", 1, _micros(lambda: sm4.open_sealed(key, wrapped, context))),
        Part("HMAC-SM3: the mark of an entry", 1, _micros(lambda: hmac_sm3(key * 2, b"x" * 400))),
    ]


def of_a_receive(body: bytes) -> list[Part]:
    """The body opened and its digest taken twice (signing for, reading); the seal, its maker and two certificates
    above them verified; two receipts signed, two entries marked."""
    key, private = secrets.token_bytes(16), PrivateKey.generate()
    closed, signature = sm4.seal(key, body, b"body"), private.sign(b"x" * 300)
    return [
        Part("SM4-GCM: the body opened", 1, _micros(lambda: sm4.open_sealed(key, closed, b"body"))),
        Part("SM3: the body's digest", 2, _micros(lambda: sm3(body))),
        Part("SM2: a signature verified", 4, _micros(lambda: private.public.verify(signature, b"x" * 300))),
        Part("SM2: a receipt signed", 2, _micros(lambda: private.sign(b"x" * 300))),
        Part("HMAC-SM3: the mark of an entry", 2, _micros(lambda: hmac_sm3(key * 2, b"x" * 400))),
    ]


def of_one_taken_in(body: bytes) -> list[Part]:
    """A receive of a letter that this process has opened and verified for another unit, which nearly all are: the
    document's key out of the box, the body's digest, two receipts signed, four entries marked."""
    key, private, context = secrets.token_bytes(16), PrivateKey.generate(), b"document:" + b"0" * 36
    wrapped = sm4.seal(key, key, context)
    return [
        Part("SM4-GCM: a key out of a box", 1, _micros(lambda: sm4.open_sealed(key, wrapped, context))),
        Part("SM3: the body's digest", 1, _micros(lambda: sm3(body))),
        Part("SM2: a receipt signed", 2, _micros(lambda: private.sign(b"x" * 300))),
        Part("HMAC-SM3: the mark of an entry", 4, _micros(lambda: hmac_sm3(key * 2, b"x" * 400))),
    ]


def of_a_message(body: bytes) -> list[Part]:
    """A receive, and what comes before it: the body verified and closed when it is brought in, and the send to one."""
    key, private = secrets.token_bytes(16), PrivateKey.generate()
    signature = private.sign(b"x" * 300)
    return [
        *of_a_receive(body),
        *of_a_send(1),
        Part("SM4-GCM: the body closed", 1, _micros(lambda: sm4.seal(key, body, b"body"))),
        Part("SM3: the body brought in", 2, _micros(lambda: sm3(body))),
        Part("SM2: its signatures verified", 4, _micros(lambda: private.public.verify(signature, b"x" * 300))),
    ]


def _micros(work: Callable[[], object]) -> float:
    """Processor microseconds of one call: the best of some rounds."""
    work()
    best = float("inf")
    for _ in range(5):
        calls, begun = 0, time.process_time()
        while (taken := time.process_time() - begun) < 0.03:
            work()
            calls += 1
        best = min(best, taken / calls)
    return best * 1e6
