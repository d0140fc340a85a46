"""Asking an authority for a time stamp (RFC 3161, GM/T 0033) and taking its answer, which may come from anybody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import tsp

from yichuan.lib.gm.crl import Crl
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.gm.x509 import Certificate

from . import liberal, oids, tlv
from .errors import SesError
from .stamping import check_imprint
from .time_stamp import check_time_stamp, read_time_stamp
from .times import CLOCK_SKEW
from .tlv import Tlv

_GRANTED = (0, 1)  # granted, granted with modifications
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class TimeStampRequest:
    """A request that waits for its answer: send `der` as application/timestamp-query."""

    der: bytes = field(repr=False)
    stamped: bytes = field(repr=False)
    nonce: int
    policy: str | None

    def accept(
        self, response: bytes, *, trust: list[Certificate], at: datetime, crls: Sequence[Crl] | None = None
    ) -> bytes:
        """The token (DER) in the authority's answer, once it is certain that it answers this request.

        `at` is the time of receiving (aware); `trust` and `crls` as in `ses.time_stamp.check_time_stamp`. Raises
        SesError: `time_stamp` (no such answer), `time_stamp_refused`, `time_stamp_imprint`, `time_stamp_nonce`,
        `time_stamp_policy`, `time_stamp_untrusted` (nobody relied on vouches for the authority), `time_stamp_false`.
        """
        if at.tzinfo is None:
            raise SesError("time", "at names no zone; pass an aware datetime")
        token = _token(response)
        policy, nonce = _answered(token)
        check_imprint(token, self.stamped)
        if nonce != self.nonce:
            raise SesError("time_stamp_nonce", "the time stamp answers another request; ask again")
        if self.policy not in (None, policy):
            raise SesError("time_stamp_policy", f"the time stamp is of policy {policy}, not {self.policy} as asked")
        step, _ = check_time_stamp("time_stamp", token, self.stamped, trust=trust, at=at + CLOCK_SKEW, crls=crls)
        if step.ok is not True:
            code = "time_stamp_untrusted" if step.ok is None else "time_stamp_false"
            raise SesError(code, f"the time stamp does not hold: {step.note}")
        return token


def ask_time_stamp(stamped: bytes, *, policy: str | None = None, nonce: int | None = None) -> TimeStampRequest:
    """A request for a time stamp over `stamped` (a signature's SM2 value in DER) with SM3.

    `policy` is the dotted OID under which the authority shall stamp, None for its own choice. `nonce` is random (63
    bits) unless given.
    """
    nonce = secrets.randbits(63) if nonce is None else nonce
    fields = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": oids.SM3}, "hashed_message": sm3(stamped)},
        "nonce": nonce,
        "cert_req": True,
    }
    if policy is not None:
        fields["req_policy"] = policy
    return TimeStampRequest(tsp.TimeStampReq(fields).dump(), stamped, nonce, policy)


def _token(response: bytes) -> bytes:
    """The token in a TimeStampResp that was granted."""
    what = "time stamp response"
    members = liberal.fields(_read(response, what), what, 1, 2)
    status, *details = liberal.fields(members[0], what, 1, 3)
    granted = liberal.integer(status, what)
    if granted not in _GRANTED:
        texts = [
            liberal.text(each, what, []) for part in details if part.tag == tlv.SEQUENCE for each in part.children()
        ]
        reason = "; ".join(texts)[:_LONGEST_REASON] or "without a reason"
        raise SesError("time_stamp_refused", f"the authority refused the time stamp (status {granted}): {reason}")
    if len(members) == 1:
        raise SesError("time_stamp", "time stamp response: it grants a time stamp and holds none")
    return members[1].raw


def _answered(token: bytes) -> tuple[str, int | None]:
    """Policy and nonce in a token's TSTInfo."""
    what = "time stamp"
    members = liberal.fields(_read(read_time_stamp(token).content, what), what, 5, 10)
    # Behind the five that must be: accuracy, ordering, nonce; the nonce is the only INTEGER.
    nonces = [liberal.integer(each, "time stamp nonce") for each in members[5:] if each.tag == tlv.INTEGER]
    return liberal.oid(members[1], "time stamp policy", []), nonces[0] if nonces else None


def _read(data: bytes, what: str) -> Tlv:
    return liberal.parse(data, what, [])
